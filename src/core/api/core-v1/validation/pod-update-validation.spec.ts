import { describe, expect, it } from "vitest";
import { podUpdateErrors, row, updateErrors } from "./testing.js";

type Fields = Record<string, unknown>;
const FIELDS =
  "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
const IMMUTABLE = `spec: Forbidden: pod updates may not change fields other than ${FIELDS}\n`;
const one = { name: "c", image: "i" };
const toleration = { key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: 1 };

describe("VAL-19: updates of a pod", () => {
  it.each<[string, Fields, Fields]>([
    ["nothing", {}, {}],
    ["images", { containers: [{ name: "c", image: "j", imagePullPolicy: "Always" }] }, {}],
    [
      "init images",
      { initContainers: [{ name: "x", image: "j" }] },
      { initContainers: [{ name: "x", image: "i" }] },
    ],
    ["a deadline", { activeDeadlineSeconds: 5 }, {}],
    ["a shorter deadline", { activeDeadlineSeconds: 5 }, { activeDeadlineSeconds: 6 }],
    [
      "more tolerations",
      { tolerations: [toleration, { operator: "Exists" }] },
      { tolerations: [toleration] },
    ],
    [
      "the time of a toleration",
      { tolerations: [{ ...toleration, tolerationSeconds: 9 }] },
      { tolerations: [toleration] },
    ],
    [
      "a negative grace period",
      { terminationGracePeriodSeconds: 1 },
      { terminationGracePeriodSeconds: -1 },
    ],
    [
      "fewer gates",
      { schedulingGates: [{ name: "b" }] },
      { schedulingGates: [{ name: "a" }, { name: "b" }] },
    ],
    [
      "quantities written otherwise",
      { overhead: { memory: "1Gi" } },
      { overhead: { memory: "1073741824" } },
    ],
  ])("may change %s", (_name, next, previous) => {
    expect(podUpdateErrors(next, previous)).toEqual([]);
  });

  it("names what may change and shows what did", () => {
    expect(podUpdateErrors({ hostname: "b" }, { hostname: "a" })).toEqual([
      `${IMMUTABLE}  core.PodSpec{\n  \t... // 3 identical fields\n- \tHostname: "a",\n+ \tHostname: "b",\n  \t... // 4 identical fields\n  }\n`,
    ]);
  });

  it.each<[string, Fields]>([
    ["a command", { containers: [{ ...one, command: ["x"] }] }],
    ["VAL-25: resources", { containers: [{ ...one, resources: { requests: { cpu: "1" } } }] }],
    ["a volume", { volumes: [{ name: "v" }] }],
    ["a longer grace period", { terminationGracePeriodSeconds: 60 }],
    ["the node's network", { hostNetwork: true }],
    ["a node selector", { nodeSelector: { a: "b" } }],
  ])("may not change %s", (_name, next) => {
    const errors = podUpdateErrors(next, {});
    expect(errors).toHaveLength(1);
    expect(errors[0]?.startsWith(IMMUTABLE)).toBe(true);
  });

  it("an image stays an image", () => {
    expect(
      podUpdateErrors({ containers: [{ name: "c", image: "j ", imagePullPolicy: "Always" }] }, {}),
    ).toEqual([
      'spec.containers[0].image: Invalid value: "j ": must not have leading or trailing whitespace',
      'spec.containers[0].image: Invalid value: "j ": must not have leading or trailing whitespace',
    ]);
  });

  it.each<[string, Fields, Fields, string[]]>([
    [
      "VAL-20: one container more",
      { containers: [one, { name: "d", image: "i" }] },
      {},
      ["spec.containers: Forbidden: pod updates may not add or remove containers"],
    ],
    [
      "VAL-20: one init container less",
      {},
      { initContainers: [{ name: "x", image: "i" }] },
      ["spec.initContainers: Forbidden: pod updates may not add or remove containers"],
    ],
    [
      "VAL-21: a longer deadline",
      { activeDeadlineSeconds: 6 },
      { activeDeadlineSeconds: 5 },
      [
        "spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value",
      ],
    ],
    [
      "VAL-21: a deadline taken away",
      {},
      { activeDeadlineSeconds: 5 },
      [
        "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value",
      ],
    ],
    [
      "VAL-22: a new gate",
      { schedulingGates: [{ name: "a" }, { name: "b" }] },
      { schedulingGates: [{ name: "a" }] },
      [
        "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'",
      ],
    ],
    [
      "a toleration taken away",
      {},
      { tolerations: [toleration] },
      [
        "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
      ],
    ],
  ])("%s", (_name, next, previous, expected) => {
    expect(podUpdateErrors(next, previous)).toEqual(expected);
  });

  const gates = { schedulingGates: [{ name: "g" }] };
  const affinity = (...values: string[][]): Fields => ({
    ...gates,
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: values.map((list) => ({ key: "k", operator: "In", values: list })),
            },
          ],
        },
      },
    },
  });
  it.each<[string, Fields, Fields, string | null]>([
    ["add to the node selector", { ...gates, nodeSelector: { a: "b" } }, gates, null],
    ["be given an affinity", affinity(["a"]), gates, null],
    ["add to its affinity", affinity(["a"], ["b"]), affinity(["a"]), null],
    [
      "not change the node selector",
      { ...gates, nodeSelector: { a: "c" } },
      { ...gates, nodeSelector: { a: "b" } },
      'spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ],
    [
      "not change its affinity",
      affinity(["b"]),
      affinity(["a"]),
      "only additions are allowed (no mutations or deletions)",
    ],
    [
      "not lose its affinity",
      gates,
      affinity(["a"]),
      "no additions/deletions to non-empty NodeSelectorTerms list are allowed",
    ],
  ])("VAL-22: a gated pod may %s", (_name, next, previous, expected) => {
    const errors = podUpdateErrors(next, previous);
    if (expected === null) expect(errors).toEqual([]);
    else expect(errors).toEqual([expect.stringContaining(expected)]);
  });
});

describe("metadata of an update", () => {
  const pods = row("pods");
  const spec = { containers: [one] };
  const update = (next: Fields, previous: Fields): string[] => [
    ...new Set(updateErrors(pods, { metadata: next, spec }, { metadata: previous, spec })),
  ];
  it.each<[string, Fields, Fields, string[]]>([
    ["labels", { labels: { a: "b" } }, {}, []],
    ["the uid", { uid: "v" }, {}, ['metadata.uid: Invalid value: "v": field is immutable']],
    [
      "no version",
      { resourceVersion: "" },
      {},
      ['metadata.resourceVersion: Invalid value: "": must be specified for an update'],
    ],
    [
      "an earlier generation",
      { generation: 1 },
      { generation: 2 },
      ["metadata.generation: Invalid value: 1: must not be decremented"],
    ],
    [
      "API-16: a finalizer on a deleted object",
      { finalizers: ["a/b"], deletionTimestamp: "2020-01-01T00:00:00Z" },
      { deletionTimestamp: "2020-01-01T00:00:00Z" },
      [
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}',
      ],
    ],
  ])("%s", (_name, next, previous, expected) => {
    expect(update(next, previous)).toEqual(expected);
  });
});

describe("status updates of a pod", () => {
  const pods = row("pods");
  const update = (next: Fields, previous: Fields, spec: Fields = {}): string[] => {
    const body = { spec: { containers: [one], ...spec } };
    const changed = { ...body, status: next };
    return updateErrors(pods, changed, { ...body, status: previous }, "status");
  };
  const status = (state: unknown): Fields => ({ containerStatuses: [{ name: "c", state }] });
  const ended = (exitCode: number): Fields => status({ terminated: { exitCode } });
  const revived = [
    "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state",
  ];
  it.each<[string, string, number, string[]]>([
    ["Always", "a container may be started again", 0, []],
    ["OnFailure", "one that failed may", 1, []],
    ["OnFailure", "one that succeeded may not", 0, revived],
    ["Never", "none may", 1, revived],
  ])("RESTART-14: under %s %s", (restartPolicy, _name, exitCode, expected) => {
    expect(update(status({ running: {} }), ended(exitCode), { restartPolicy })).toEqual(expected);
  });

  it("DEF-12: the quality of service stays, addresses are addresses", () => {
    expect(update({ qosClass: "Guaranteed" }, { qosClass: "BestEffort" })).toEqual([
      'status.qosClass: Invalid value: "Guaranteed": field is immutable',
    ]);
    expect(update({ podIP: "x", hostIP: "1.1.1.1", hostIPs: [{ ip: "1.1.1.2" }] }, {})).toEqual([
      'status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'status.hostIPs[0].ip: Invalid value: "1.1.1.2": must be equal to `hostIP`',
    ]);
    expect(update({ podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }] }, {})).toEqual([]);
  });

  it("the node does not change here", () => {
    const body = (nodeName: string): Fields => ({ spec: { containers: [one], nodeName } });
    expect(updateErrors(pods, body("b"), body("a"), "status")).toEqual([
      "status.nodeName: Forbidden: may not be changed directly",
    ]);
  });
});

describe("ephemeral containers", () => {
  const E = "spec.ephemeralContainers";
  const debug = { name: "debug", image: "i" };
  const update = (next: Fields[], previous: Fields[] = []): string[] =>
    podUpdateErrors(
      { ephemeralContainers: next },
      { ephemeralContainers: previous },
      "ephemeralcontainers",
    );

  it("may be added", () => {
    expect(update([debug])).toEqual([]);
    expect(
      update(
        [
          { ...debug, targetContainerName: "c" },
          { name: "e", image: "i" },
        ],
        [],
      ),
    ).toEqual([]);
  });

  it("EPH-2: stay as they are", () => {
    expect(update([], [debug])).toEqual([
      `${E}: Forbidden: existing ephemeral containers "debug" may not be removed\n`,
    ]);
    const changed = update([{ ...debug, image: "j" }], [debug]);
    expect(changed).toHaveLength(1);
    expect(changed[0]).toContain(
      `${E}: Forbidden: existing ephemeral containers "debug" may not be changed\n  core.EphemeralContainer{`,
    );
  });

  it("EPH-3: have nothing of a workload", () => {
    const fields = {
      ports: [{ containerPort: 1 }],
      livenessProbe: { tcpSocket: { port: 1 } },
      lifecycle: { preStop: { exec: { command: ["x"] } } },
      resources: { limits: { cpu: "1" } },
      resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }],
      restartPolicy: "Always",
    };
    const detail = "Forbidden: cannot be set for an Ephemeral Container";
    expect(update([{ ...debug, ...fields }]).sort()).toEqual(
      Object.keys(fields)
        .map((field) => `${E}[0].${field}: ${detail}`)
        .sort(),
    );
  });

  it("EPH-4: have a name of their own and a target that exists", () => {
    expect(update([{ name: "c", image: "i", targetContainerName: "no" }])).toEqual([
      `${E}[0].name: Duplicate value: "c"`,
      `${E}[0].targetContainerName: Not found: "no"`,
    ]);
  });
});

describe("VAL-25, API-23: resize", () => {
  const sized = (requests: Fields, limits: Fields = {}, more: Fields = {}): Fields => ({
    containers: [{ ...one, resources: { requests, limits }, ...more }],
  });
  const update = (next: Fields, previous: Fields): string[] =>
    podUpdateErrors(next, previous, "resize");
  it.each<[string, Fields, Fields, string[]]>([
    ["more cpu", sized({ cpu: "2" }), sized({ cpu: "1" }), []],
    ["less memory", sized({}, { memory: "1Gi" }), sized({}, { memory: "2Gi" }), []],
    [
      "another class",
      sized({ cpu: "1" }),
      {},
      ['spec: Invalid value: "": Pod QOS Class may not change as a result of resizing'],
    ],
    [
      "a request taken away",
      sized({ memory: "1" }),
      sized({ cpu: "1", memory: "1" }),
      ["spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed"],
    ],
    [
      "something else",
      sized({ cpu: "1" }, {}, { workingDir: "/" }),
      sized({ cpu: "1" }),
      ["spec: Forbidden: only cpu and memory resources are mutable"],
    ],
    [
      "of an init container",
      {
        ...sized({ cpu: "1" }),
        initContainers: [{ name: "x", image: "i", resources: { requests: { cpu: "2" } } }],
      },
      {
        ...sized({ cpu: "1" }),
        initContainers: [{ name: "x", image: "i", resources: { requests: { cpu: "1" } } }],
      },
      ["spec: Forbidden: resources for non-sidecar init containers are immutable"],
    ],
    [
      "of a pod with pod-level resources",
      { ...sized({ cpu: "1" }), resources: { requests: { cpu: "1" } } },
      sized({ cpu: "1" }),
      [": Forbidden: pods with pod-level resources cannot be resized"],
    ],
  ])("%s", (_name, next, previous, expected) => {
    expect(update(next, previous)).toEqual(expected);
  });
});
