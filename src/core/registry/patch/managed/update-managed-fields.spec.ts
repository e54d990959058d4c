import { describe, expect, it } from "vitest";
import type { ManagedFieldsEntry } from "../../../api/index.js";
import { MAX_UPDATE_MANAGERS } from "../limits.js";
import { frozen, managedFieldsOf, owners, resource } from "../testing/fixtures.js";
import { updateManagedFields } from "./update-managed-fields.js";

const PODS = resource("pods");
const SERVICES = resource("services");

interface Write {
  readonly previous: object | null;
  readonly next: object;
  readonly manager?: string;
  readonly subresource?: string;
  readonly nowMs?: number;
}

/** The object after a write of a pod, with its managedFields. */
function write({
  previous,
  next,
  manager = "kubectl",
  subresource = "",
  nowMs = 0,
}: Write): object {
  const managedFields = updateManagedFields({
    resource: PODS,
    previous,
    next,
    manager,
    subresource,
    nowMs,
  });
  return withEntries(next, managedFields);
}

function withEntries(object: object, managedFields: readonly ManagedFieldsEntry[]): object {
  const { metadata } = object as { metadata?: object };
  return { ...object, metadata: { ...metadata, managedFields } };
}

/** The object with other fields in its spec, status or metadata. */
function changed(object: object, parts: Record<string, object>): object {
  const before = object as Record<string, object>;
  const entries = Object.entries(parts).map(([part, fields]) => [
    part,
    { ...before[part], ...fields },
  ]);
  return { ...before, ...(Object.fromEntries(entries) as object) };
}

const NEW_POD = frozen({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "a", namespace: "default", labels: { app: "a" }, creationTimestamp: null },
  spec: {
    containers: [
      {
        name: "app",
        image: "nginx",
        ports: [{ containerPort: 80, protocol: "TCP" }],
        resources: {},
        command: ["a", "b"],
      },
    ],
    nodeSelector: { disk: "ssd" },
    securityContext: {},
    tolerations: [{ key: "x" }],
  },
  status: {},
});

const LIVE_POD = changed(write({ previous: null, next: NEW_POD }), {
  metadata: {
    managedFields: managedFieldsOf(write({ previous: null, next: NEW_POD })),
    uid: "1",
    resourceVersion: "7",
  },
  status: { phase: "Pending" },
});

const CREATED_FIELDS = [
  ".metadata.labels",
  ".metadata.labels.app",
  '.spec.containers[name="app"]',
  '.spec.containers[name="app"].command',
  '.spec.containers[name="app"].image',
  '.spec.containers[name="app"].name',
  '.spec.containers[name="app"].ports',
  '.spec.containers[name="app"].ports[containerPort=80,protocol="TCP"]',
  '.spec.containers[name="app"].ports[containerPort=80,protocol="TCP"].containerPort',
  '.spec.containers[name="app"].ports[containerPort=80,protocol="TCP"].protocol',
  '.spec.containers[name="app"].resources',
  ".spec.nodeSelector",
  ".spec.securityContext",
  ".spec.tolerations",
];

describe("managedFields of a create", () => {
  it("has one entry of its creator, with all it set, as Kubernetes writes it", () => {
    const [entry, ...others] = managedFieldsOf(
      write({ previous: null, next: NEW_POD, nowMs: 61_999 }),
    );
    expect(others).toEqual([]);
    expect(JSON.stringify(entry)).toBe(
      '{"manager":"kubectl","operation":"Update","apiVersion":"v1","time":"1970-01-01T00:01:01Z","fieldsType":"FieldsV1","fieldsV1":' +
        '{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\\"name\\":\\"app\\"}":{".":{},"f:command":{},"f:image":{},' +
        '"f:name":{},"f:ports":{".":{},"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:containerPort":{},"f:protocol":{}}},' +
        '"f:resources":{}}},"f:nodeSelector":{},"f:securityContext":{},"f:tolerations":{}}}}',
    );
  });

  it("takes the default of a key that a port leaves out", () => {
    const next = frozen({
      ...NEW_POD,
      spec: { containers: [{ name: "a", ports: [{ containerPort: 1 }] }] },
    });
    expect(owners(managedFieldsOf(write({ previous: null, next })))["kubectl Update"]).toContain(
      '.spec.containers[name="a"].ports[containerPort=1,protocol="TCP"].containerPort',
    );
  });

  it("calls a manager without a name unknown", () => {
    const entries = managedFieldsOf(write({ previous: null, next: NEW_POD, manager: "" }));
    expect(entries[0]?.manager).toBe("unknown");
  });

  it("does not own a status that is reset", () => {
    const next = changed(NEW_POD, { status: { phase: "Running" } });
    expect(owners(managedFieldsOf(write({ previous: null, next })))["kubectl Update"]).toEqual(
      CREATED_FIELDS,
    );
  });

  it("owns nothing of an object that says nothing", () => {
    const next = frozen({
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "a" },
      spec: {},
      status: {},
    });
    expect(managedFieldsOf(write({ previous: null, next }))).toEqual([]);
  });
});

describe("managedFields of an update", () => {
  it("hand what changed to whoever changed it", () => {
    const next = changed(LIVE_POD, { spec: { tolerations: [{ key: "y" }], hostname: "h" } });
    const entries = managedFieldsOf(
      write({ previous: LIVE_POD, next, manager: "other", nowMs: 5000 }),
    );
    expect(owners(entries)).toEqual({
      "kubectl Update": CREATED_FIELDS.filter((path) => path !== ".spec.tolerations"),
      "other Update": [".spec.hostname", ".spec.tolerations"],
    });
    expect(entries.map(({ time }) => time)).toEqual([
      "1970-01-01T00:00:00Z",
      "1970-01-01T00:00:05Z",
    ]);
  });

  it("drop what was removed, and an entry that has nothing left", () => {
    const first = write({
      previous: LIVE_POD,
      next: changed(LIVE_POD, { spec: { hostname: "h" } }),
      manager: "other",
    });
    const { hostname, ...spec } = (first as { spec: { hostname?: string } }).spec;
    expect(hostname).toBe("h");
    const entries = managedFieldsOf(
      write({ previous: first, next: { ...first, spec }, manager: "third" }),
    );
    expect(owners(entries)).toEqual({ "kubectl Update": CREATED_FIELDS });
  });

  it("are the very same when nothing changed hands", () => {
    const next = changed(LIVE_POD, { metadata: { resourceVersion: "8", generation: 2 } });
    const entries = managedFieldsOf(
      write({ previous: LIVE_POD, next, manager: "other", nowMs: 9000 }),
    );
    expect(entries).toBe(managedFieldsOf(LIVE_POD));
  });

  it("keep the time of a manager whose write changed nothing", () => {
    const entries = managedFieldsOf(
      write({ previous: LIVE_POD, next: { ...LIVE_POD }, nowMs: 9000 }),
    );
    expect(entries[0]?.time).toBe("1970-01-01T00:00:00Z");
  });

  it("add to the manager's own entry of the same subresource", () => {
    const status = { phase: "Running", podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }] };
    const first = write({
      previous: LIVE_POD,
      next: changed(LIVE_POD, { status }),
      manager: "kubelet",
      subresource: "status",
      nowMs: 1000,
    });
    const condition = { type: "Ready", status: "True", lastProbeTime: null };
    const next = changed(first, { status: { conditions: [condition] } });
    const entries = managedFieldsOf(
      write({ previous: first, next, manager: "kubelet", subresource: "status", nowMs: 2000 }),
    );
    expect(owners(entries)["kubelet Update status"]).toEqual([
      ".status.conditions",
      '.status.conditions[type="Ready"]',
      '.status.conditions[type="Ready"].lastProbeTime',
      '.status.conditions[type="Ready"].status',
      '.status.conditions[type="Ready"].type',
      ".status.phase",
      ".status.podIP",
      ".status.podIPs",
      '.status.podIPs[ip="10.0.0.1"]',
      '.status.podIPs[ip="10.0.0.1"].ip',
    ]);
    expect(entries.at(-1)?.time).toBe("1970-01-01T00:00:02Z");
    expect(JSON.stringify(entries.at(-1)?.fieldsV1)).toMatch(
      /^\{"f:status":\{"f:conditions":.*"f:phase".*"f:podIP":.*"f:podIPs"/,
    );
  });

  it("a status write owns nothing of spec", () => {
    const next = changed(LIVE_POD, { status: { phase: "Running" }, spec: { hostname: "h" } });
    const entries = managedFieldsOf(
      write({ previous: LIVE_POD, next, manager: "kubelet", subresource: "status" }),
    );
    expect(owners(entries)["kubelet Update status"]).toEqual([".status.phase"]);
  });

  it("a resize owns resources alone", () => {
    const containers = [{ name: "app", image: "other", resources: { limits: { cpu: "1" } } }];
    const next = changed(LIVE_POD, { spec: { containers } });
    const entries = managedFieldsOf(
      write({ previous: LIVE_POD, next, manager: "me", subresource: "resize" }),
    );
    expect(owners(entries)["me Update resize"]).toEqual([
      '.spec.containers[name="app"].resources.limits',
      '.spec.containers[name="app"].resources.limits.cpu',
    ]);
  });

  it("ephemeral containers own themselves alone", () => {
    const ephemeralContainers = [{ name: "debug", image: "busybox", resources: {} }];
    const next = changed(LIVE_POD, { spec: { ephemeralContainers, hostname: "h" } });
    const entries = managedFieldsOf(
      write({ previous: LIVE_POD, next, manager: "me", subresource: "ephemeralcontainers" }),
    );
    expect(owners(entries)["me Update ephemeralcontainers"]).toEqual([
      ".spec.ephemeralContainers",
      '.spec.ephemeralContainers[name="debug"]',
      '.spec.ephemeralContainers[name="debug"].image',
      '.spec.ephemeralContainers[name="debug"].name',
      '.spec.ephemeralContainers[name="debug"].resources',
    ]);
  });

  it("count elements that occur twice as one leaf", () => {
    const ports = (...names: string[]): object => ({
      spec: { ports: names.map((name) => ({ name, port: 80, protocol: "TCP" })) },
    });
    const service = (names: string[]): object =>
      changed(
        frozen({ metadata: { name: "s" }, spec: {}, status: {} }),
        ports(...names) as Record<string, object>,
      );
    const next = service(["a", "b"]);
    const entries = updateManagedFields({
      resource: SERVICES,
      previous: null,
      next,
      manager: "m",
      subresource: "",
      nowMs: 0,
    });
    expect(owners(entries)["m Update"]).toEqual([
      ".spec.ports",
      '.spec.ports[port=80,protocol="TCP"]',
    ]);
    const single = withEntries(service(["a"]), entries);
    const after = updateManagedFields({
      resource: SERVICES,
      previous: withEntries(next, entries),
      next: single,
      manager: "n",
      subresource: "",
      nowMs: 0,
    });
    expect(owners(after)).toEqual({
      "m Update": [".spec.ports"],
      "n Update": [
        '.spec.ports[port=80,protocol="TCP"].name',
        '.spec.ports[port=80,protocol="TCP"].port',
        '.spec.ports[port=80,protocol="TCP"].protocol',
        '.spec.ports[port=80,protocol="TCP"]',
      ].sort(),
    });
  });
});

describe("managedFields that a client sends", () => {
  const foreign: ManagedFieldsEntry = {
    manager: "kubectl",
    operation: "Apply",
    apiVersion: "v1",
    fieldsType: "FieldsV1",
    fieldsV1: { "f:spec": { "f:hostname": {} }, "f:metadata": { "f:labels": { "f:app": {} } } },
  };

  it("replace those of the object, as kubectl does to move to server-side apply", () => {
    const next = changed(LIVE_POD, { metadata: { managedFields: [foreign] } });
    const entries = managedFieldsOf(write({ previous: LIVE_POD, next }));
    expect(owners(entries)).toEqual({
      "kubectl Apply": [".metadata.labels.app", ".spec.hostname"],
    });
    expect(Object.keys(entries[0]?.fieldsV1 ?? {})).toEqual(["f:metadata", "f:spec"]);
  });

  it.each([[[]], [[{}]]])("%j forgets all managers", (managedFields) => {
    const next = changed(LIVE_POD, { metadata: { managedFields } });
    expect(managedFieldsOf(write({ previous: LIVE_POD, next }))).toEqual([]);
  });

  it("and an object without managers gets none by an update", () => {
    const previous = changed(LIVE_POD, { metadata: { managedFields: [] } });
    const next = changed(previous, { spec: { hostname: "h" } });
    expect(managedFieldsOf(write({ previous, next }))).toEqual([]);
  });

  it.each<[string, object]>([
    ["no operation", { ...foreign, operation: undefined }],
    ["no version", { ...foreign, apiVersion: "" }],
    ["another type of fields", { ...foreign, fieldsType: "FieldsV2" }],
    ["no type of fields", { ...foreign, fieldsType: undefined }],
    ["fields that cannot be read", { ...foreign, fieldsV1: { "k:nonsense": {} } }],
  ])("are passed over when they have %s", (_name, entry) => {
    const next = changed(LIVE_POD, { metadata: { managedFields: [entry] } });
    expect(managedFieldsOf(write({ previous: LIVE_POD, next }))).toEqual(managedFieldsOf(LIVE_POD));
  });

  it("do not count on a subresource, nor when they are left out", () => {
    const next = changed(LIVE_POD, { metadata: { managedFields: [foreign] } });
    expect(managedFieldsOf(write({ previous: LIVE_POD, next, subresource: "status" }))).toBe(
      managedFieldsOf(LIVE_POD),
    );
    const { managedFields, ...metadata } = (LIVE_POD as { metadata: { managedFields: object } })
      .metadata;
    expect(managedFieldsOf(write({ previous: LIVE_POD, next: { ...LIVE_POD, metadata } }))).toBe(
      managedFields,
    );
  });

  it("are known again when they come back as they were sent", () => {
    const next = frozen(LIVE_POD);
    expect(managedFieldsOf(write({ previous: LIVE_POD, next }))[0]).toBe(
      managedFieldsOf(LIVE_POD)[0],
    );
  });
});

describe("managers beyond the limit", () => {
  /** As many managers write a field of their own each, a second apart. */
  function writeBy(count: number): object {
    let live = LIVE_POD;
    for (let index = 0; index < count; index += 1) {
      const next = changed(live, { metadata: { annotations: annotations(index + 1) } });
      live = write({ previous: live, next, manager: `m${index}`, nowMs: (index + 1) * 1000 });
    }
    return live;
  }

  const annotations = (count: number): Record<string, string> =>
    Object.fromEntries(new Array(count).fill(0).map((_zero, index) => [`a${index}`, "x"]));

  it("are left alone up to ten", () => {
    const entries = managedFieldsOf(writeBy(MAX_UPDATE_MANAGERS - 1));
    expect(entries).toHaveLength(MAX_UPDATE_MANAGERS);
    expect(entries.map(({ manager }) => manager)).not.toContain("ancient-changes");
  });

  it("merge into ancient-changes, the oldest first, with the younger one's time", () => {
    const entries = managedFieldsOf(writeBy(MAX_UPDATE_MANAGERS));
    expect(entries).toHaveLength(MAX_UPDATE_MANAGERS);
    expect(entries[0]).toMatchObject({
      manager: "ancient-changes",
      operation: "Update",
      apiVersion: "v1",
      time: "1970-01-01T00:00:01Z",
    });
    expect(owners(entries)["ancient-changes Update"]).toEqual(
      [...CREATED_FIELDS, ".metadata.annotations", ".metadata.annotations.a0"].sort(),
    );
  });

  it("go on merging into the same entry", () => {
    const entries = managedFieldsOf(writeBy(MAX_UPDATE_MANAGERS + 3));
    expect(entries).toHaveLength(MAX_UPDATE_MANAGERS);
    expect(owners(entries)["ancient-changes Update"]).toContain(".metadata.annotations.a3");
    expect(entries[0]?.time).toBe("1970-01-01T00:00:04Z");
  });

  it("do not count appliers", () => {
    const applier: ManagedFieldsEntry = {
      manager: "x",
      operation: "Apply",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:spec": { "f:hostname": {} } },
    };
    const live = writeBy(MAX_UPDATE_MANAGERS - 1);
    const withApplier = withEntries(live, [applier, ...managedFieldsOf(live)]);
    const next = changed(withApplier, { spec: { priority: 1 } });
    const entries = managedFieldsOf(
      write({ previous: withApplier, next, manager: "m1", nowMs: 99_000 }),
    );
    expect(entries).toHaveLength(MAX_UPDATE_MANAGERS + 1);
    expect(entries.map(({ operation }) => operation)[0]).toBe("Apply");
  });
});

describe("the cost of a status write", () => {
  it("stays under 50 µs for a pod of three containers, all of whose conditions change", () => {
    const status = (round: number): object => ({
      phase: "Running",
      podIPs: [{ ip: "10.0.0.1" }],
      conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
        type,
        status: round % 2 === 0 ? "True" : "False",
        lastTransitionTime: `2026-01-01T00:00:0${round % 10}Z`,
      })),
      containerStatuses: ["a", "b", "c"].map((name) => ({
        name,
        ready: round % 2 === 0,
        restartCount: round,
        state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
      })),
    });
    let live = LIVE_POD;
    let best = Infinity;
    // The best of many batches is the cost without what else the machine does meanwhile.
    for (let batch = 0; batch < 60; batch += 1) {
      const start = performance.now();
      for (let round = 0; round < 50; round += 1) {
        const next = { ...live, status: status(round) };
        live = write({
          previous: live,
          next,
          manager: "kubelet",
          subresource: "status",
          nowMs: (batch * 50 + round) * 1000,
        });
      }
      best = Math.min(best, (performance.now() - start) / 50);
    }
    expect(best * 1000).toBeLessThan(50);
  });
});
