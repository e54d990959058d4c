import { describe, expect, it } from "vitest";
import type { KubeObject } from "../meta/kube-object.js";
import { findResource } from "../resource-table.js";
import { base64OfText, base64Problem } from "./base64.js";
import { canonical, decode, strictDecodingError, unknownFieldTexts } from "./decode.js";

const row = (plural: string, group = "") => {
  const found = findResource(group, "v1", plural);
  if (found === undefined) throw new Error(`no row for ${plural}`);
  return found;
};
const pods = row("pods");
const pod = (spec: unknown, more: Record<string, unknown> = {}): unknown => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a" },
  spec,
  ...more,
});

const refusal = (body: unknown, target = pods): string => {
  try {
    decode(target, body);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was accepted");
};
const prefix = 'Pod in version "v1" cannot be handled as a Pod: ';

describe("decoding", () => {
  it("takes parts that the body shares with an object decoded before as they are, and no others", () => {
    type Read = KubeObject & { spec: { containers: Record<string, unknown>[] } };
    const body = pod({ containers: [{ name: "a" }, { name: "b" }] });
    const first = decode<Read>(pods, body).object;
    const [a, b] = first.spec.containers;
    const next = { ...first, spec: { extra: 1, containers: [a, { ...b, image: "i", more: 2 }] } };
    const { object, unknownFields } = decode<Read>(pods, next, first);
    const { containers } = object.spec;
    expect(containers[0]).toBe(a);
    expect(containers[1]).toEqual({ ...b, image: "i" });
    expect(unknownFields).toEqual(["spec.extra", "spec.containers[1].more"]);
    expect(Object.keys(object)).toEqual(Object.keys(first));
  });

  it("gives back what is as Go writes it already, and what it has changed anew", () => {
    const { object } = decode(pods, pod({ containers: [{ name: "a", image: "i" }] }));
    const again = JSON.parse(JSON.stringify(object)) as KubeObject & { spec: unknown };
    expect(decode<typeof again>(pods, again).object.spec).toBe(again.spec);
    const { metadata, ...rest } = again;
    const turned = decode(pods, { ...rest, metadata }).object;
    expect(JSON.stringify(turned)).toBe(JSON.stringify(object));
  });

  it("leaves out what our own components set to undefined", () => {
    const body = {
      kind: "Pod",
      apiVersion: "v1",
      metadata: undefined,
      spec: { nodeName: undefined, containers: [] },
    };
    const { object } = decode<KubeObject & { spec: object }>(pods, body);
    expect(Object.keys(object)).toEqual(["kind", "apiVersion", "metadata", "spec", "status"]);
    expect(Object.keys(object.spec)).toEqual(["containers"]);
  });

  it.each<[string, object, object]>([
    ["an empty kind", { kind: "" }, {}],
    ["an empty value in place of one", { spec: { nodeName: "" } }, { spec: {} }],
    ["null in place of one", { spec: { nodeName: null } }, { spec: {} }],
    ["a field less", { spec: {} }, { spec: {} }],
    [
      "a quantity in other words",
      { spec: { overhead: { cpu: "1000m" } } },
      { spec: { overhead: { cpu: "1" } } },
    ],
  ])(
    "of an object decoded before, with %s, it makes what it makes of it alone",
    (_what, change, wanted) => {
      const before = decode(pods, pod({ nodeName: "n", overhead: { cpu: "2" } })).object;
      const changed = decode(pods, { ...before, ...change }, before).object;
      expect(JSON.stringify(changed)).toBe(
        JSON.stringify(decode(pods, { ...before, ...change }).object),
      );
      expect(changed).toMatchObject({ kind: "Pod", ...wanted });
    },
  );

  it("writes what Go writes: structs, fields without omitempty, kept pointers; leaves out the rest", () => {
    const { object } = decode(
      pods,
      pod({
        hostNetwork: false,
        nodeName: "",
        enableServiceLinks: false,
        securityContext: {},
        volumes: [],
        nodeSelector: {},
        priority: 0,
        containers: [{ name: "c", args: [], env: [{ name: "A", value: "" }] }],
      }),
    );
    expect(object).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: {
        containers: [{ env: [{ name: "A" }], name: "c", resources: {} }],
        enableServiceLinks: false,
        priority: 0,
        securityContext: {},
      },
      status: {},
    });
  });

  it("fills in kind and apiVersion, reads null as not set, keeps the order of the schema", () => {
    const { object } = decode(row("configmaps"), {
      metadata: null,
      kind: "",
      data: { b: null, a: "1" },
    });
    expect(JSON.stringify(object)).toBe(
      '{"kind":"ConfigMap","apiVersion":"v1","metadata":{},"data":{"b":"","a":"1"}}',
    );
  });

  it("makes quantities, times and base64 canonical", () => {
    const spec = {
      containers: [{ name: "c", resources: { limits: { cpu: 0.5, memory: "1024Mi", x: 2 } } }],
    };
    const metadata = { name: "a", creationTimestamp: "2020-01-01T01:00:00.9+01:00" };
    expect(decode(pods, pod(spec, { metadata })).object).toMatchObject({
      metadata: { creationTimestamp: "2020-01-01T00:00:00Z" },
      spec: { containers: [{ resources: { limits: { cpu: "500m", memory: "1Gi", x: "2" } } }] },
    });
    const secret = { kind: "Secret", apiVersion: "v1", data: { a: "aGVs\nbG8=" } };
    expect(decode(row("secrets"), secret).object).toMatchObject({ data: { a: "aGVsbG8=" } });
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      spec: { renewTime: "2020-01-01T00:00:00.123456Z" },
    };
    expect(decode(row("leases", "coordination.k8s.io"), lease).object).toMatchObject(lease);
  });

  it("writes unset times of structs as null", () => {
    const event = { apiVersion: "v1", kind: "Event", involvedObject: { name: "p" } };
    expect(decode(row("events"), event).object).toEqual({
      ...event,
      eventTime: null,
      firstTimestamp: null,
      lastTimestamp: null,
      metadata: {},
      reportingComponent: "",
      reportingInstance: "",
      source: {},
    });
  });

  it("keeps fields of newer releases and what is raw", () => {
    const fieldsV1 = { "f:spec": { "f:x": {} } };
    const metadata = { name: "a", managedFields: [{ manager: "m", fieldsV1 }] };
    const { object, unknownFields } = decode(
      pods,
      pod({ containers: [], hostnameOverride: "h" }, { metadata }),
    );
    expect(unknownFields).toEqual([]);
    expect(object).toMatchObject({ metadata, spec: { hostnameOverride: "h" } });
  });

  it("drops unknown fields and names them in document order", () => {
    const body = pod(
      { foo: 1, containers: [{ name: "c", Image: "x" }], constructor: 1 },
      { bar: { a: 1 } },
    );
    const { object, unknownFields } = decode(pods, body);
    expect(unknownFields).toEqual([
      "spec.foo",
      "spec.containers[0].Image",
      "spec.constructor",
      "bar",
    ]);
    expect(JSON.stringify(object)).not.toContain("foo");
    const texts = unknownFieldTexts(unknownFields);
    expect(texts[0]).toBe('unknown field "spec.foo"');
    expect(strictDecodingError(pods, texts.slice(0, 2)).message).toBe(
      `${prefix}strict decoding error: unknown field "spec.foo", unknown field "spec.containers[0].Image"`,
    );
    expect(unknownFieldTexts(new Array<string>(101).fill("x"))).toHaveLength(100);
  });

  it("is not led astray by names of Object's own", () => {
    const labels = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const { object } = decode(pods, pod({}, { metadata: { name: "a", labels } }));
    expect(Object.entries(object.metadata.labels ?? {})).toEqual(Object.entries(labels));
  });

  it.each<[string, unknown, string]>([
    [
      "a string for a list",
      { containers: "c" },
      "string into Go struct field PodSpec.spec.containers of type []v1.Container",
    ],
    [
      "a number for a string",
      { containers: [{ image: 1 }] },
      "number into Go struct field Container.spec.containers.image of type string",
    ],
    [
      "a string for a number",
      { priority: "1" },
      "string into Go struct field PodSpec.spec.priority of type int32",
    ],
    [
      "a fraction",
      { priority: 1.5 },
      "number 1.5 into Go struct field PodSpec.spec.priority of type int32",
    ],
    [
      "too large a number",
      { priority: 2147483648 },
      "number 2147483648 into Go struct field PodSpec.spec.priority of type int32",
    ],
    [
      "a named type",
      { restartPolicy: true },
      "bool into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy",
    ],
    [
      "a map's value",
      { nodeSelector: { a: 1 } },
      "number into Go struct field PodSpec.spec.nodeSelector of type string",
    ],
    [
      "an array for an object",
      { securityContext: [] },
      "array into Go struct field PodSpec.spec.securityContext of type v1.PodSecurityContext",
    ],
    [
      "an object for a list of names",
      { containers: [{ command: {} }] },
      "object into Go struct field Container.spec.containers.command of type []string",
    ],
  ])("refuses %s", (_name, spec, message) => {
    expect(refusal(pod(spec))).toBe(`${prefix}json: cannot unmarshal ${message}`);
  });

  it("names the first wrong value of the document", () => {
    expect(refusal(pod({ priority: "1" }, { status: 1 }))).toContain("PodSpec.spec.priority");
    expect(refusal({ status: 1, spec: { priority: "1" } })).toContain(
      "Pod.status of type v1.PodStatus",
    );
  });

  const quantity =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  it.each<[string, unknown, string]>([
    ["a quantity", { overhead: { cpu: "a lot" } }, quantity],
    ["an object as quantity", { overhead: { cpu: {} } }, quantity],
    [
      "a boolean as port",
      { containers: [{ livenessProbe: { tcpSocket: { port: true } } }] },
      "json: cannot unmarshal bool into Go value of type int32",
    ],
  ])("refuses %s by its own rule", (_name, spec, message) => {
    expect(refusal(pod(spec))).toBe(prefix + message);
  });

  const layout = '"2006-01-02T15:04:05Z07:00"';
  it.each<[unknown, string]>([
    ["yesterday", `parsing time "yesterday" as ${layout}: cannot parse "yesterday" as "2006"`],
    ["2020-01-01", `parsing time "2020-01-01" as ${layout}: cannot parse "" as "T"`],
    ["2020-13-01T00:00:00Z", 'parsing time "2020-13-01T00:00:00Z": month out of range'],
    ["2020-02-30T00:00:00Z", 'parsing time "2020-02-30T00:00:00Z": day out of range'],
    ["2020-01-01T00:00:00Zx", 'parsing time "2020-01-01T00:00:00Zx": extra text: "x"'],
    [1, "json: cannot unmarshal number into Go value of type string"],
  ])("refuses the time %j", (creationTimestamp, message) => {
    expect(refusal(pod({}, { metadata: { creationTimestamp } }))).toBe(prefix + message);
  });

  it("refuses other kinds and versions", () => {
    expect(refusal({ kind: "Service", apiVersion: "v1" })).toBe(
      'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
    );
    expect(refusal({ kind: "Pod", apiVersion: "v2" })).toBe(
      'Pod in version "v2" cannot be handled as a Pod: no kind "Pod" is registered for version "v2" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    );
    expect(refusal({ kind: "Event", apiVersion: "events.k8s.io/v1" }, row("events"))).toBe(
      "the API version in the data (events.k8s.io/v1) does not match the expected API version (v1)",
    );
    expect(refusal({ kind: 1 })).toBe(
      'the object provided is unrecognized (must be of type Pod): couldn\'t get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({"kind":1})',
    );
    expect(refusal([])).toContain("cannot unmarshal array into Go value of type struct");
    expect(refusal([])).toMatch(/\(5b5d\)$/);
  });

  it("canonical refuses what is not of the type", () => {
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } } as KubeObject;
    expect(canonical(object, pods.schema)).toMatchObject({ spec: { containers: [] }, status: {} });
    expect(() => canonical({ ...object, x: 1 } as KubeObject, pods.schema)).toThrow(
      "Pod has no field x",
    );
  });
});

describe("base64", () => {
  it.each<[string, string | null]>([
    ["", null],
    ["aGVsbG8=", null],
    ["aGVs\r\nbG8=", null],
    ["aGVsbG8", "illegal base64 data at input byte 4"],
    ["a*==", "illegal base64 data at input byte 1"],
    ["aGVs=", "illegal base64 data at input byte 4"],
    ["aGVsbA=", "illegal base64 data at input byte 7"],
    ["aGVsbA==x", "illegal base64 data at input byte 8"],
  ])("%j: %s", (text, problem) => {
    expect(base64Problem(text)).toBe(problem);
  });

  it("encodes", () => {
    expect(["", "a", "ab", "abc", "é😀"].map(base64OfText)).toEqual([
      "",
      "YQ==",
      "YWI=",
      "YWJj",
      "w6nwn5iA",
    ]);
  });
});
