import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../json-value.js";
import { structuralTypeOf } from "../structural-type.js";
import { frozen, refusalText } from "../testing/fixtures.js";
import { applyStrategicMergePatch } from "./strategic-merge-patch.js";

const POD = structuralTypeOf("io.k8s.api.core.v1.Pod");
const DEPLOYMENT = structuralTypeOf("io.k8s.api.apps.v1.Deployment");
const SERVICE = structuralTypeOf("io.k8s.api.core.v1.Service");

/** Patches the spec of a pod. */
function patchSpec(spec: JsonObject, patch: JsonObject): JsonValue | undefined {
  const patched = applyStrategicMergePatch(frozen({ spec }), frozen({ spec: patch }), POD);
  return patched["spec"];
}

function patchMetadata(metadata: JsonObject, patch: JsonObject): JsonValue | undefined {
  const patched = applyStrategicMergePatch(frozen({ metadata }), frozen({ metadata: patch }), POD);
  return patched["metadata"];
}

type Case = readonly [name: string, given: JsonObject, patch: JsonObject, expected: JsonObject];

const LISTS_OF_OBJECTS: readonly Case[] = [
  [
    "merges containers by name",
    {
      containers: [
        { name: "a", image: "1", tty: true },
        { name: "b", image: "1" },
      ],
    },
    { containers: [{ name: "a", image: "2" }] },
    {
      containers: [
        { name: "a", image: "2", tty: true },
        { name: "b", image: "1" },
      ],
    },
  ],
  [
    "puts a container that is not there first, without its nulls",
    { containers: [{ name: "a" }] },
    { containers: [{ name: "b", image: "1", tty: null }] },
    { containers: [{ name: "b", image: "1" }, { name: "a" }] },
  ],
  [
    "puts the elements of the patch in the patch's order",
    { containers: [{ name: "a" }, { name: "b" }, { name: "c" }] },
    {
      containers: [
        { name: "c", image: "1" },
        { name: "a", image: "1" },
      ],
    },
    { containers: [{ name: "b" }, { name: "c", image: "1" }, { name: "a", image: "1" }] },
  ],
  [
    "null removes a field of an element",
    { containers: [{ name: "a", image: "1", tty: true }] },
    { containers: [{ name: "a", tty: null }] },
    { containers: [{ name: "a", image: "1" }] },
  ],
  [
    "$patch: delete removes an element",
    { containers: [{ name: "a" }, { name: "b" }] },
    { containers: [{ $patch: "delete", name: "a" }] },
    { containers: [{ name: "b" }] },
  ],
  [
    "$patch: delete of what is not there removes nothing",
    { containers: [{ name: "a" }] },
    { containers: [{ $patch: "delete", name: "z" }] },
    { containers: [{ name: "a" }] },
  ],
  [
    "$patch: delete in a list that is not there leaves it empty",
    {},
    { containers: [{ $patch: "delete", name: "a" }] },
    { containers: [] },
  ],
  [
    "$patch: replace makes the rest of the patch the list",
    { containers: [{ name: "a", image: "1" }, { name: "b" }] },
    { containers: [{ $patch: "replace" }, { name: "a", image: "2" }] },
    { containers: [{ name: "a", image: "2" }] },
  ],
  [
    "merges lists in elements of lists",
    {
      containers: [
        {
          name: "a",
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "1" },
          ],
        },
      ],
    },
    { containers: [{ name: "a", env: [{ name: "B", value: "2" }] }] },
    {
      containers: [
        {
          name: "a",
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
        },
      ],
    },
  ],
  [
    "ports are one by their containerPort alone",
    { containers: [{ name: "a", ports: [{ containerPort: 53, protocol: "TCP" }] }] },
    { containers: [{ name: "a", ports: [{ containerPort: 53, protocol: "UDP" }] }] },
    { containers: [{ name: "a", ports: [{ containerPort: 53, protocol: "UDP" }] }] },
  ],
  [
    "replaces a list without a merge strategy",
    { tolerations: [{ key: "a" }, { key: "b" }] },
    { tolerations: [{ key: "c" }] },
    { tolerations: [{ key: "c" }] },
  ],
];

const ORDER: readonly Case[] = [
  [
    "$setElementOrder alone reorders",
    { containers: [{ name: "a" }, { name: "b" }, { name: "c" }] },
    { "$setElementOrder/containers": [{ name: "c" }, { name: "b" }, { name: "a" }] },
    { containers: [{ name: "c" }, { name: "b" }, { name: "a" }] },
  ],
  [
    "$setElementOrder places an element that is added",
    { containers: [{ name: "a" }, { name: "c" }] },
    {
      "$setElementOrder/containers": [{ name: "a" }, { name: "b" }, { name: "c" }],
      containers: [{ name: "b", image: "1" }],
    },
    { containers: [{ name: "a" }, { name: "b", image: "1" }, { name: "c" }] },
  ],
  [
    "what only the server has stays before what it stood before",
    { containers: [{ name: "a" }, { name: "server" }, { name: "b" }] },
    { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] },
    { containers: [{ name: "server" }, { name: "b" }, { name: "a" }] },
  ],
  [
    "a deletion needs no place in the order",
    { containers: [{ name: "a" }, { name: "b" }] },
    {
      "$setElementOrder/containers": [{ name: "b" }],
      containers: [{ $patch: "delete", name: "a" }],
    },
    { containers: [{ name: "b" }] },
  ],
  [
    "order and a list that is new",
    {},
    {
      "$setElementOrder/containers": [{ name: "b" }, { name: "a" }],
      containers: [{ name: "b" }, { name: "a" }],
    },
    { containers: [{ name: "b" }, { name: "a" }] },
  ],
  [
    "order of nothing on both sides does nothing",
    { nodeName: "n" },
    { "$setElementOrder/containers": [{ name: "a" }] },
    { nodeName: "n" },
  ],
];

const OBJECTS: readonly Case[] = [
  [
    "$patch: replace of an object takes the patch as it is",
    { securityContext: { runAsUser: 1, fsGroup: 2 } },
    { securityContext: { $patch: "replace", fsGroup: 3 } },
    { securityContext: { fsGroup: 3 } },
  ],
  [
    "$patch: delete of an object empties it",
    { securityContext: { runAsUser: 1 } },
    { securityContext: { $patch: "delete" } },
    { securityContext: {} },
  ],
  [
    "a directive where there is no object makes none",
    {},
    { securityContext: { $patch: "delete" } },
    {},
  ],
  [
    "$retainKeys clears the others",
    { volumes: [{ name: "v", emptyDir: { medium: "Memory" } }] },
    { volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/x" } }] },
    { volumes: [{ name: "v", hostPath: { path: "/x" } }] },
  ],
  [
    "an object replaces a scalar, without its nulls",
    { affinity: "x" },
    { affinity: { nodeAffinity: null } },
    { affinity: {} },
  ],
  [
    "null removes an object",
    { affinity: {}, nodeName: "n" },
    { affinity: null },
    { nodeName: "n" },
  ],
  [
    "a map with free keys is merged",
    { nodeSelector: { a: "1", b: "1" } },
    { nodeSelector: { b: "2", a: null } },
    { nodeSelector: { b: "2" } },
  ],
];

const SCALAR_LISTS: readonly Case[] = [
  [
    "merges finalizers as a set",
    { finalizers: ["a", "b"] },
    { finalizers: ["c", "a"] },
    { finalizers: ["c", "a", "b"] },
  ],
  [
    "$deleteFromPrimitiveList takes elements away",
    { finalizers: ["a", "b", "c"] },
    { "$deleteFromPrimitiveList/finalizers": ["b", "x"] },
    { finalizers: ["a", "c"] },
  ],
  [
    "$deleteFromPrimitiveList where there is no list does nothing",
    {},
    { "$deleteFromPrimitiveList/finalizers": ["b"] },
    {},
  ],
  [
    "deletion, order and addition together",
    { finalizers: ["a", "b", "c"] },
    {
      "$deleteFromPrimitiveList/finalizers": ["b"],
      "$setElementOrder/finalizers": ["d", "a", "c"],
      finalizers: ["d"],
    },
    { finalizers: ["d", "a", "c"] },
  ],
];

describe("strategic merge patch", () => {
  it.each([...LISTS_OF_OBJECTS, ...ORDER, ...OBJECTS])("%s", (_name, given, patch, expected) => {
    expect(patchSpec(given, patch)).toEqual(expected);
  });

  it.each(SCALAR_LISTS)("%s", (_name, given, patch, expected) => {
    expect(patchMetadata(given, patch)).toEqual(expected);
  });

  it("$retainKeys of a deployment's strategy drops what belongs to the other type", () => {
    const given = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    expect(applyStrategicMergePatch(frozen(given), frozen(patch), DEPLOYMENT)).toEqual({
      spec: { strategy: { type: "Recreate" } },
    });
  });

  it("ports of a service are one by their number", () => {
    const given = {
      spec: {
        ports: [
          { port: 80, name: "a" },
          { port: 443, name: "b" },
        ],
      },
    };
    const patch = { spec: { ports: [{ port: 443, targetPort: 8443 }] } };
    expect(applyStrategicMergePatch(frozen(given), frozen(patch), SERVICE)).toEqual({
      spec: {
        ports: [
          { port: 80, name: "a" },
          { port: 443, name: "b", targetPort: 8443 },
        ],
      },
    });
  });

  it.each<[JsonValue, string]>([
    [
      [],
      "400 BadRequest: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
    [
      { spec: { containers: [{ image: "x" }] } },
      "500 -: map: map[image:x] does not contain declared merge key: name",
    ],
    [
      { spec: { containers: [{ name: "a", $patch: "merge" }] } },
      "500 -: merging lists cannot yet be specified in the patch",
    ],
    [
      { spec: { containers: [{ name: "a", $patch: "frobnicate" }] } },
      "500 -: unknown patch type: frobnicate in map: map[$patch:frobnicate name:a]",
    ],
    [
      { spec: { containers: [{ $patch: "delete" }] } },
      "500 -: map: map[$patch:delete] does not contain declared merge key: name",
    ],
    [
      { spec: { $patch: "merge", nodeName: "n" } },
      "500 -: unknown patch type: merge in map: map[$patch:merge nodeName:n]",
    ],
    [
      { spec: { containers: [["a"]] } },
      "500 -: list element types are not identical: [[map[image:1 name:a]] [[a]]]",
    ],
    [
      { spec: { containers: ["a"] } },
      "500 -: list element types are not identical: [[map[image:1 name:a]] [a]]",
    ],
    [
      { spec: { $retainKeys: ["nodeName"], hostname: "h" } },
      "400 BadRequest: invalid patch format of retainKeys",
    ],
    [{ spec: { $retainKeys: "nodeName" } }, "400 BadRequest: invalid patch format of retainKeys"],
    [
      { spec: { $deleteFromPrimitiveList: ["x"] } },
      "400 BadRequest: invalid patch format of primitive list",
    ],
    [
      { spec: { $setElementOrder: [] } },
      "400 BadRequest: invalid patch format of setElementOrder list",
    ],
    [
      { spec: { "$setElementOrder/containers": {} } },
      "500 -: expected a []interface {}, but received a map[string]interface {}",
    ],
    [
      {
        spec: {
          "$setElementOrder/containers": [{ name: "z" }],
          containers: [{ name: "a", image: "2" }],
        },
      },
      "500 -: The order in patch list:\n[map[image:2 name:a]]\n doesn't match $setElementOrder list:\n[map[name:z]]\n",
    ],
    [
      { spec: { "$setElementOrder/nonsense": ["a"] } },
      '500 -: unable to find api field in struct PodSpec for the json field "nonsense"',
    ],
  ])("%j is refused", (patch, text) => {
    const given = { spec: { containers: [{ name: "a", image: "1" }] } };
    expect(refusalText(() => applyStrategicMergePatch(frozen(given), frozen(patch), POD))).toBe(
      text,
    );
  });

  it("knows no lists of lists", () => {
    const given = { metadata: { finalizers: [["a"]] } };
    const patch = { metadata: { finalizers: [["b"]] } };
    expect(refusalText(() => applyStrategicMergePatch(given, patch, POD))).toBe(
      "422 Invalid: the server rejected our request due to an error in our request",
    );
  });

  it("null is a patch without fields", () => {
    const given = { spec: {} };
    expect(applyStrategicMergePatch(given, null, POD)).toBe(given);
  });

  it("shares what it does not touch", () => {
    const given = frozen({ spec: { containers: [{ name: "a" }, { name: "b" }] }, status: {} });
    const patched = applyStrategicMergePatch(
      given,
      { spec: { containers: [{ name: "a", image: "1" }] } },
      POD,
    ) as typeof given;
    expect(patched.status).toBe(given.status);
    expect(patched.spec.containers[1]).toBe(given.spec.containers[1]);
  });

  it("merges long lists in time that grows with their length alone", () => {
    const count = 20_000;
    const env = new Array(count).fill(0).map((_zero, index) => ({ name: `n${index}`, value: "1" }));
    const given = { spec: { containers: [{ name: "a", env }] } };
    const changed = env.map(({ name }) => ({ name, value: "2" }));
    const deleted = env.slice(0, count / 2).map(({ name }) => ({ name, $patch: "delete" }));
    const patch = {
      spec: { containers: [{ name: "a", env: [...changed.slice(count / 2), ...deleted] }] },
    };
    const patched = applyStrategicMergePatch(given, patch, POD) as typeof given;
    expect(patched.spec.containers[0]?.env).toEqual(changed.slice(count / 2));
  });

  const name = fc.constantFrom("a", "b", "c", "d");
  const container = fc.record(
    {
      image: fc.constantFrom("1", "2"),
      env: fc.uniqueArray(fc.record({ name, value: fc.constantFrom("x", "y") }), {
        selector: (variable) => variable.name,
      }),
      command: fc.array(name, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  const pod = fc.record({
    metadata: fc.record({
      labels: fc.dictionary(name, name),
      finalizers: fc.uniqueArray(name),
    }),
    spec: fc.record({
      containers: fc
        .uniqueArray(fc.tuple(name, container), { selector: ([key]) => key })
        .map((entries) => entries.map(([key, rest]) => ({ name: key, ...rest }))),
    }),
  });

  it("law: an object as its own patch is the identity", () => {
    fc.assert(
      fc.property(pod, (value) => {
        const object = frozen(value) as unknown as JsonObject;
        expect(applyStrategicMergePatch(object, frozen(object), POD)).toEqual(object);
        expect(applyStrategicMergePatch(object, {}, POD)).toBe(object);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("law: once is as good as twice", () => {
    fc.assert(
      fc.property(pod, pod, (one, other) => {
        const [object, patch] = [frozen(one), frozen(other)] as unknown as JsonObject[];
        const once = applyStrategicMergePatch(object ?? {}, patch ?? {}, POD);
        expect(applyStrategicMergePatch(once, patch ?? {}, POD)).toEqual(once);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
