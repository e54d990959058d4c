import { describe, expect, it } from "vitest";
import type {
  ContainerStateSummary,
  Node,
  Pod,
  TransitionRecord,
} from "../../src/core/api/index.js";
import { Invariants } from "../../src/core/cluster/index.js";
import type { JournalEntry } from "../../src/core/store/index.js";
import { checkPhase, Lifetimes } from "./lifetimes.js";
import { unsettledPods } from "./settled.js";

/** That the checks of the simulation can fail: each is shown something that must not be. */

type Part = Record<string, unknown>;

const RUNNING = { running: {} };
const ended = (exitCode: number, finishedAt = "1970-01-01T00:00:00Z"): Part => ({
  terminated: { exitCode, finishedAt },
});
const status = (name: string, state: Part, more: Part = {}): Part => ({
  name,
  state,
  ready: false,
  restartCount: 0,
  ...more,
});

const aPod = (podStatus: Part, spec: Part = {}, metadata: Part = {}): Pod =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", uid: "u", ...metadata },
    spec: { restartPolicy: "Always", nodeName: "n", containers: [{ name: "a" }], ...spec },
    status: podStatus,
  }) as unknown as Pod;

const revision = (sequence: number, object: Pod, previous: Pod | null = null): JournalEntry => ({
  kind: "revision",
  sequence,
  timeMs: sequence * 1000,
  change: previous === null ? "ADDED" : "MODIFIED",
  resource: "pods",
  namespace: "default",
  name: "p",
  uid: "u",
  object,
  previous,
});

const transition = (
  sequence: number,
  container: string,
  from: ContainerStateSummary | null,
  to: ContainerStateSummary | null,
  more: Partial<TransitionRecord> = {},
): JournalEntry => ({
  kind: "record",
  sequence,
  timeMs: sequence * 1000,
  record: {
    type: "transition",
    namespace: "default",
    pod: "p",
    uid: "u",
    node: "n",
    container,
    kind: "app",
    from,
    to,
    restartCount: 0,
    ready: false,
    started: false,
    cause: { reason: "Started", message: "" },
    ...more,
  },
});

const runs: ContainerStateSummary = { state: "running" };
const waits = (reason: string): ContainerStateSummary => ({ state: "waiting", reason });
const exits = (exitCode: number): ContainerStateSummary => ({ state: "terminated", exitCode });

const INIT = { initContainers: [{ name: "i" }] };
const SIDECARS = {
  initContainers: [
    { name: "s1", restartPolicy: "Always" },
    { name: "s2", restartPolicy: "Always", startupProbe: {} },
  ],
};

describe("what must hold at every commit", () => {
  const pods: readonly (readonly [string, Pod, Pod | null])[] = [
    [
      "app a runs before init i is done",
      aPod(
        {
          phase: "Pending",
          containerStatuses: [status("a", RUNNING)],
          initContainerStatuses: [status("i", ended(1))],
        },
        INIT,
      ),
      null,
    ],
    [
      "a is ready but does not run",
      aPod({ phase: "Running", containerStatuses: [status("a", ended(0), { ready: true })] }),
      null,
    ],
    [
      "a runs in phase Failed",
      aPod({ phase: "Failed", containerStatuses: [status("a", RUNNING)] }),
      null,
    ],
    [
      "Ready without ContainersReady",
      aPod({ phase: "Running", conditions: [{ type: "Ready", status: "True" }] }),
      null,
    ],
    ["leaves Succeeded for Running", aPod({ phase: "Running" }), aPod({ phase: "Succeeded" })],
    ["changes its node", aPod({}, { nodeName: "m" }), aPod({})],
    [
      "its deletion is put off",
      aPod({}, {}, { deletionTimestamp: "2026-01-01T00:01:00Z" }),
      aPod({}, {}, { deletionTimestamp: "2026-01-01T00:00:30Z" }),
    ],
    [
      "a restarts under Never",
      aPod(
        { containerStatuses: [status("a", RUNNING, { restartCount: 1 })] },
        { restartPolicy: "Never" },
      ),
      aPod({ containerStatuses: [status("a", ended(1))] }, { restartPolicy: "Never" }),
    ],
    [
      "a restarts under OnFailure after exit 0",
      aPod(
        { containerStatuses: [status("a", RUNNING, { restartCount: 1 })] },
        { restartPolicy: "OnFailure" },
      ),
      aPod({ containerStatuses: [status("a", ended(0))] }, { restartPolicy: "OnFailure" }),
    ],
    [
      "a was restarted 2 times, now 1",
      aPod({ containerStatuses: [status("a", RUNNING, { restartCount: 1 })] }),
      aPod({ containerStatuses: [status("a", RUNNING, { restartCount: 2 })] }),
    ],
  ];

  it.each(pods)("%s", (problem, object, previous) => {
    const found = new Invariants().check(revision(1, object, previous));
    expect(found).toContain(`default/p: ${problem}`);
  });

  it.each<readonly [string, readonly JournalEntry[]]>([
    [
      'p/a comes from {"state":"running"} but was last {"state":"waiting","reason":"x"}',
      [transition(1, "a", null, waits("x")), transition(2, "a", runs, exits(0))],
    ],
    ["p/a goes from running to waiting", [transition(1, "a", runs, waits("x"))]],
    ['p/a goes from {"state":"running"} to itself', [transition(1, "a", runs, runs)]],
    ["sequence 1 after 2", [transition(2, "a", null, runs), transition(1, "a", runs, exits(0))]],
  ])("%s", (problem, entries) => {
    const invariants = new Invariants();
    expect(entries.flatMap((entry) => invariants.check(entry))).toContain(problem);
  });
});

describe("what must hold over a container's life", () => {
  const check = (entries: readonly JournalEntry[]): readonly string[] => {
    const lifetimes = new Lifetimes();
    const problems = entries.flatMap((entry) => lifetimes.check(entry));
    return [...problems, ...lifetimes.running];
  };
  const restarts = (atSeconds: readonly number[]): readonly JournalEntry[] =>
    atSeconds.flatMap((second) => [
      transition(second, "a", null, runs),
      transition(second + 1, "a", runs, exits(1)),
    ]);

  it("back-off is never short", () => {
    expect(check(restarts([1, 2, 13, 34, 75]))).toEqual([]);
    expect(check(restarts([1, 2, 13, 30]))).toEqual([
      "p/a was restarted after 16000 ms, not 20000",
    ]);
  });

  it("a redefined container begins anew, once", () => {
    const redefined = { containers: [{ name: "a", image: "b" }] };
    const change = revision(4, aPod({}, redefined), aPod({}));
    const entries = [revision(0, aPod({})), ...restarts([1, 2]), change];
    expect(check([...entries, ...restarts([5])])).toEqual([]);
    expect(check([...entries, ...restarts([5, 7])])).toHaveLength(1);
  });

  it("sidecars outlive app containers and the sidecars after them", () => {
    const pod = aPod({}, SIDECARS, { deletionTimestamp: "2026-01-01T00:00:00Z" });
    const kind = "sidecar";
    const started = [
      revision(0, pod),
      transition(1, "s1", null, runs, { kind }),
      transition(2, "s2", null, runs, { kind }),
    ];
    const stopped = transition(4, "s1", runs, exits(143), { kind });
    const rest = transition(5, "s2", runs, exits(143), { kind });
    expect(check([...started, stopped, rest])).toEqual(["sidecar p/s1 is killed before s2"]);
  });

  it("nothing starts before a sidecar that it follows", () => {
    const entries = [revision(0, aPod({}, SIDECARS)), ...restarts([1])];
    expect(check(entries)).toEqual(["p/a starts before sidecar s2 has started"]);
  });

  it("who was started is in the end stopped", () => {
    expect(check([transition(1, "a", null, runs)])).toEqual(["p/a on n"]);
  });
});

describe("what a phase says of its containers", () => {
  const ready = (reason: string): Part => ({
    conditions: [{ type: "Ready", status: "False", reason }],
  });
  const allRun = { phase: "Pending", containerStatuses: [status("a", RUNNING)] };

  it.each<readonly [Part, readonly string[]]>([
    [allRun, ["p: Pending with all containers running"]],
    // Past its deadline before it was shown as running: seed 67.
    [{ ...allRun, ...ready("PodFailed") }, []],
    [
      { phase: "Succeeded", containerStatuses: [status("a", ended(1))] },
      ["p: Succeeded with a container that has not"],
    ],
    [
      { phase: "Failed", containerStatuses: [status("a", ended(0))] },
      ["p: Failed without a reason"],
    ],
    [
      { phase: "Running", containerStatuses: [status("a", { waiting: {} })] },
      ["p: Running with no container that has run"],
    ],
    [{ phase: "Unknown" }, ["p: in phase Unknown"]],
  ])("%j", (podStatus, expected) => {
    expect(checkPhase(aPod(podStatus))).toEqual(expected);
  });
});

describe("what must have come to rest", () => {
  const node = {
    metadata: { name: "n" },
    status: { allocatable: { cpu: "4", memory: "1Gi" } },
  } as unknown as Node;
  const asks = (cpu: string): Part => ({
    nodeName: "",
    containers: [{ name: "a", resources: { requests: { cpu } } }],
  });
  const HOUR = "1970-01-01T01:00:00Z";

  it.each<readonly [string, Pod, readonly string[]]>([
    ["a pod that fits", aPod({}, asks("4")), ["p has no node"]],
    ["one that was made larger than any node: seed 130", aPod({}, asks("9")), []],
    ["one being deleted", aPod({}, {}, { deletionTimestamp: HOUR }), ["p is still terminating"]],
    [
      "a container that was forgotten",
      aPod({ phase: "Running", containerStatuses: [status("a", ended(1))] }),
      ["p/a has ended and is not started again"],
    ],
    [
      "one that has just ended",
      aPod({ phase: "Running", containerStatuses: [status("a", ended(1, HOUR))] }),
      [],
    ],
  ])("%s", (_name, pod, expected) => {
    expect(unsettledPods([pod], [node], 3_600_000)).toEqual(expected);
  });
});
