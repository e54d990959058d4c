import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ManagedFieldsEntry } from "../../../api/index.js";
import { difference, forEachPath, isEmptySet } from "../fields/field-set.js";
import { listElement, printPath } from "../fields/path-element.js";
import type { PathElement } from "../fields/path-element.js";
import type { JsonObject, JsonValue } from "../json-value.js";
import { structuralTypeOf } from "../structural-type.js";
import type { StructuralType } from "../structural-type.js";
import { apply, config, decoded, stored, updated } from "../testing/applications.js";
import { managedFieldsOf } from "../testing/fixtures.js";
import { fieldSetOf } from "../typed/field-set-of.js";
import { mergeConfiguration } from "../typed/merge.js";
import { asList, asObject, fieldTypeOf } from "../typed/walk.js";
import { fieldsOf } from "./entries.js";

const POD = structuralTypeOf("io.k8s.api.core.v1.Pod");

/** Lists and maps have something in them: decoding drops empty ones, and with them what was owned. */
const name = fc.constantFrom("a", "b", "c");
const value = fc.constantFrom("1", "2");
const named = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<object[]> =>
  fc
    .uniqueArray(fc.tuple(name, arbitrary), {
      selector: ([key]) => key,
      minLength: 1,
      maxLength: 3,
    })
    .map((entries) => entries.map(([key, rest]) => ({ name: key, ...rest })));
const container = fc.record(
  {
    image: value,
    env: named(fc.record({ value }, { requiredKeys: [] })),
    command: fc.array(value, { minLength: 1, maxLength: 2 }),
    ports: fc.uniqueArray(
      fc.record(
        { containerPort: fc.constantFrom(80, 81), name: value },
        { requiredKeys: ["containerPort"] },
      ),
      { selector: ({ containerPort }) => containerPort, minLength: 1 },
    ),
    resources: fc.record(
      { limits: fc.dictionary(name, value, { minKeys: 1 }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const fields = fc.record({
  metadata: fc.record(
    {
      labels: fc.dictionary(name, value, { minKeys: 1 }),
      finalizers: fc.uniqueArray(name, { minLength: 1 }),
    },
    { requiredKeys: [] },
  ),
  spec: fc.record(
    {
      containers: named(container),
      hostname: value,
      nodeSelector: fc.dictionary(name, value, { minKeys: 1 }),
      tolerations: fc.array(fc.record({ key: name }), { minLength: 1 }),
      securityContext: fc.record({ runAsUser: fc.constantFrom(1, 2) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  ),
});
const configuration = fields.map(config);

/** Never touched by the writes below: a pod without containers would be none. */
const FIRST = updated(null, decoded(config({ spec: { containers: [{ name: "z" }] } })), "zero");

/** What several hands made of a pod, which is then applied to. */
const history = fc
  .array(
    fc.tuple(
      fc.constantFrom("apply", "update"),
      fc.constantFrom("one", "two", "three"),
      configuration,
    ),
    { maxLength: 4 },
  )
  .map((writes) => writes.reduce(written, FIRST));

function written(
  live: object,
  [kind, manager, object]: readonly [kind: string, manager: string, object: object],
): object {
  if (kind === "apply") {
    return stored(decoded(apply({ live, applied: object, manager, force: true }).object));
  }
  const { metadata } = live as { metadata: object };
  const { metadata: wanted, spec } = object as {
    metadata: object;
    spec: { containers?: object[] };
  };
  const containers = [{ name: "z" }, ...(spec.containers ?? [])];
  const next = { ...live, metadata: { ...metadata, ...wanted }, spec: { ...spec, containers } };
  return updated(live, decoded(next), manager);
}

const RUNS = { seed: 9, numRuns: 150 };

describe("laws of apply", () => {
  it("the same configuration twice is the same as once", () => {
    fc.assert(
      fc.property(history, configuration, (live, wanted) => {
        const once = stored(decoded(apply({ live, applied: wanted, force: true }).object));
        const twice = apply({ live: once, applied: wanted, nowMs: 99_000 });
        expect(twice.conflicts).toEqual([]);
        expect(twice.object).toBe(once);
      }),
      RUNS,
    );
  });

  it("the result says all that the configuration says, and its applier owns it", () => {
    fc.assert(
      fc.property(history, configuration, (live, wanted) => {
        const { object } = apply({ live, applied: wanted, force: true });
        expect(mergeConfiguration(object, wanted as JsonObject, POD)).toBe(object);
        const own = entryOf(object, "me");
        const said = fieldSetOf(wanted as JsonObject, POD);
        const owned = own === undefined ? {} : fieldsOf(own);
        const unowned: string[] = [];
        forEachPath(difference(said, owned), (path) => unowned.push(printPath(path)));
        expect(unowned.filter((path) => !NEVER_OWNED.has(path))).toEqual([]);
      }),
      RUNS,
    );
  });

  it("what another manager owns and the configuration leaves alone stays as it is", () => {
    fc.assert(
      fc.property(history, configuration, (live, wanted) => {
        const { object } = apply({ live, applied: wanted, force: true });
        for (const entry of managedFieldsOf(object).filter(({ manager }) => manager !== "me")) {
          forEachPath(fieldsOf(entry), (path) => {
            expect(isThere(object, path), printPath(path)).toBe(true);
          });
        }
      }),
      RUNS,
    );
  });

  it("who no longer applies anything owns nothing, and takes nothing of the others with it", () => {
    fc.assert(
      fc.property(history, configuration, (live, wanted) => {
        const before = stored(
          apply({ live, applied: wanted, manager: "guest", force: true }).object,
        );
        const after = apply({ live: before, applied: config({}), manager: "guest" }).object;
        expect(entryOf(after, "guest")).toBeUndefined();
        const others = (object: object): readonly ManagedFieldsEntry[] =>
          managedFieldsOf(object).filter(({ manager }) => manager !== "guest");
        expect(others(after)).toEqual(others(before));
      }),
      RUNS,
    );
  });

  it("a refused apply is one that would have taken something from somebody", () => {
    fc.assert(
      fc.property(history, configuration, (live, wanted) => {
        const { conflicts } = apply({ live, applied: wanted, force: true });
        let refused = false;
        try {
          apply({ live, applied: wanted });
        } catch {
          refused = true;
        }
        expect(refused).toBe(conflicts.length > 0);
      }),
      RUNS,
    );
  });

  it("no entry is empty, and no two are of one manager", () => {
    fc.assert(
      fc.property(history, (live) => {
        const entries = managedFieldsOf(live);
        expect(entries.some((entry) => isEmptySet(fieldsOf(entry)))).toBe(false);
        const identities = entries.map(
          ({ manager, operation }) => `${manager ?? ""} ${operation ?? ""}`,
        );
        expect(new Set(identities).size).toBe(identities.length);
      }),
      RUNS,
    );
  });
});

const NEVER_OWNED = new Set([".apiVersion", ".kind", ".metadata.name", ".metadata.namespace"]);

function entryOf(object: object, name: string): ManagedFieldsEntry | undefined {
  return managedFieldsOf(object).find(({ manager }) => manager === name);
}

/** Whether a path leads to something in the object. */
function isThere(object: JsonObject, path: readonly PathElement[]): boolean {
  let place: JsonValue | undefined = object;
  let type: StructuralType = POD;
  for (const element of path) {
    [place, type] = step(place, type, element);
  }
  return place !== undefined;
}

function step(
  place: JsonValue | undefined,
  type: StructuralType,
  element: PathElement,
): [JsonValue | undefined, StructuralType] {
  if (type.kind === "map") {
    const key = element.slice(2);
    return [asObject(place)?.[key], fieldTypeOf(type, key)];
  }
  if (type.kind === "list") {
    return [asList(place)?.find((item) => listElement(type, item) === element), type.element];
  }
  return [undefined, type];
}
