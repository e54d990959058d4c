import { describe, expect, it } from "vitest";
import type { ContainerState, ContainerStatus } from "../api/index.js";
import { printTable } from "./index.js";
import { NOW_MS, object, printed, resource } from "./testing/fixtures.js";

const PODS = resource("pods");
const FINISHED = "2026-01-01T00:55:00Z";

interface Given {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}

/** A pod of app containers with these statuses. */
function pod({ metadata = {}, spec = {}, status = {} }: Given): Record<string, unknown> {
  return printed(PODS, {
    kind: "Pod",
    apiVersion: "v1",
    metadata,
    spec: { containers: [{ name: "a" }, { name: "b" }], ...spec },
    status: { phase: "Running", ...status },
  });
}

const running = (name: string, more: Partial<ContainerStatus> = {}): object => ({
  name,
  ready: true,
  restartCount: 0,
  state: { running: { startedAt: "2026-01-01T00:00:05Z" } },
  ...more,
});
const waiting = (name: string, reason: string, more: Partial<ContainerStatus> = {}): object =>
  running(name, { ready: false, state: { waiting: { reason } }, ...more });
const terminated = (
  name: string,
  state: Partial<NonNullable<ContainerState["terminated"]>>,
  more: Partial<ContainerStatus> = {},
): object =>
  running(name, {
    ready: false,
    state: { terminated: { exitCode: 0, ...state } },
    ...more,
  });
const done = (name: string): object => terminated(name, { reason: "Completed" });
const restarted = (restartCount: number, finishedAt: string): Partial<ContainerStatus> => ({
  restartCount,
  lastState: { terminated: { exitCode: 1, finishedAt } },
});

const SIDECAR = { name: "s", restartPolicy: "Always" };

describe("STATUS of a pod", () => {
  const cases: readonly [string, Given, string][] = [
    ["KCTL-1: is the phase", { status: { phase: "Pending" } }, "Pending"],
    [
      "KCTL-1: is the pod's reason before its phase",
      { status: { phase: "Failed", reason: "Evicted" } },
      "Evicted",
    ],
    [
      "KCTL-1: SchedulingGated goes before both",
      {
        status: {
          phase: "Pending",
          reason: "Whatever",
          conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
        },
      },
      "SchedulingGated",
    ],
    [
      "INIT-6, KCTL-2: counts init containers that are through",
      {
        spec: { initContainers: [{ name: "i" }, { name: "j" }] },
        status: { initContainerStatuses: [done("i"), waiting("j", "PodInitializing")] },
      },
      "Init:1/2",
    ],
    [
      "INIT-6, KCTL-2: an init container that runs is not through",
      {
        spec: { initContainers: [{ name: "i" }] },
        status: { initContainerStatuses: [running("i", { ready: false })] },
      },
      "Init:0/1",
    ],
    [
      "INIT-6, KCTL-2: shows why an init container waits",
      {
        spec: { initContainers: [{ name: "i" }] },
        status: { initContainerStatuses: [waiting("i", "CrashLoopBackOff")] },
      },
      "Init:CrashLoopBackOff",
    ],
    [
      "INIT-6, KCTL-2: shows why an init container failed",
      {
        spec: { initContainers: [{ name: "i" }] },
        status: { initContainerStatuses: [terminated("i", { exitCode: 1, reason: "Error" })] },
      },
      "Init:Error",
    ],
    [
      "INIT-6, KCTL-2: shows the exit code without a reason",
      {
        spec: { initContainers: [{ name: "i" }] },
        status: { initContainerStatuses: [terminated("i", { exitCode: 7 })] },
      },
      "Init:ExitCode:7",
    ],
    [
      "KCTL-2: shows the signal without a reason",
      {
        spec: { initContainers: [{ name: "i" }] },
        status: { initContainerStatuses: [terminated("i", { exitCode: 137, signal: 9 })] },
      },
      "Init:Signal:9",
    ],
    [
      "INIT-6, KCTL-2: passes over a started sidecar",
      {
        spec: { initContainers: [SIDECAR, { name: "i" }] },
        status: {
          initContainerStatuses: [running("s", { started: true }), waiting("i", "PodInitializing")],
        },
      },
      "Init:1/2",
    ],
    [
      "KCTL-2: stops at a sidecar that has not started",
      {
        spec: { initContainers: [SIDECAR] },
        status: { initContainerStatuses: [running("s", { started: false })] },
      },
      "Init:0/1",
    ],
    [
      "KCTL-3: the first container that has something to say says it",
      {
        status: {
          containerStatuses: [waiting("a", "ErrImagePull"), waiting("b", "CrashLoopBackOff")],
        },
      },
      "ErrImagePull",
    ],
    [
      "KCTL-3: a terminated container's reason",
      { status: { containerStatuses: [running("a"), terminated("b", { reason: "OOMKilled" })] } },
      "OOMKilled",
    ],
    [
      "KCTL-3: a terminated container's exit code",
      { status: { containerStatuses: [terminated("a", { exitCode: 3 })] } },
      "ExitCode:3",
    ],
    [
      "KCTL-3: a terminated container's signal",
      { status: { containerStatuses: [terminated("a", { exitCode: 143, signal: 15 })] } },
      "Signal:15",
    ],
    [
      "KCTL-3: Initialized opens the walk over app containers",
      {
        spec: { initContainers: [SIDECAR] },
        status: {
          initContainerStatuses: [terminated("s", { exitCode: 1, reason: "Error" })],
          containerStatuses: [terminated("a", { exitCode: 2, reason: "ContainerCannotRun" })],
          conditions: [{ type: "Initialized", status: "True" }],
        },
      },
      "ContainerCannotRun",
    ],
    [
      "KCTL-4: Completed beside one that runs is Running when the pod is ready",
      {
        status: {
          containerStatuses: [done("a"), running("b")],
          conditions: [{ type: "Ready", status: "True" }],
        },
      },
      "Running",
    ],
    [
      "KCTL-4: and NotReady when it is not",
      { status: { containerStatuses: [done("a"), running("b")] } },
      "NotReady",
    ],
    [
      "KCTL-4: Completed when none runs",
      { status: { phase: "Succeeded", containerStatuses: [done("a"), done("b")] } },
      "Completed",
    ],
    [
      "KCTL-5: a pod that is being deleted is Terminating",
      {
        metadata: { deletionTimestamp: FINISHED },
        status: { containerStatuses: [running("a"), running("b")] },
      },
      "Terminating",
    ],
    [
      "KCTL-5: a pod on a lost node is Unknown",
      { metadata: { deletionTimestamp: FINISHED }, status: { reason: "NodeLost" } },
      "Unknown",
    ],
    [
      "KCTL-5: a finished pod stays what it is",
      {
        metadata: { deletionTimestamp: FINISHED },
        status: { phase: "Succeeded", containerStatuses: [done("a"), done("b")] },
      },
      "Completed",
    ],
  ];

  it.each(cases)("%s", (_name, given, expected) => {
    expect(pod(given)["STATUS"]).toBe(expected);
  });
});

describe("READY of a pod", () => {
  const cases: readonly [string, Given, string][] = [
    ["KCTL-6: no status is no container ready", {}, "0/2"],
    [
      "KCTL-6: counts ready containers that run",
      { status: { containerStatuses: [running("a"), running("b", { ready: false })] } },
      "1/2",
    ],
    [
      "KCTL-6: sidecars count on both sides",
      {
        spec: { initContainers: [SIDECAR, { name: "i" }] },
        status: {
          initContainerStatuses: [running("s", { started: true }), done("i")],
          containerStatuses: [running("a"), running("b")],
        },
      },
      "3/3",
    ],
    [
      "KCTL-6: a sidecar that is not ready does not count as ready",
      {
        spec: { initContainers: [SIDECAR] },
        status: {
          initContainerStatuses: [running("s", { started: true, ready: false })],
          containerStatuses: [running("a"), running("b")],
        },
      },
      "2/3",
    ],
  ];

  it.each(cases)("%s", (_name, given, expected) => {
    expect(pod(given)["READY"]).toBe(expected);
  });
});

describe("RESTARTS of a pod", () => {
  const cases: readonly [string, Given, string][] = [
    ["KCTL-6: none", { status: { containerStatuses: [running("a")] } }, "0"],
    [
      "KCTL-6: the sum, and the age of the last",
      {
        status: {
          containerStatuses: [
            running("a", restarted(2, "2026-01-01T00:50:00Z")),
            running("b", restarted(1, FINISHED)),
          ],
        },
      },
      "3 (5m ago)",
    ],
    [
      "KCTL-6: without a last state only the sum",
      { status: { containerStatuses: [running("a", { restartCount: 4 })] } },
      "4",
    ],
    [
      "KCTL-6: of init containers while they run",
      {
        spec: { initContainers: [{ name: "i" }] },
        status: {
          initContainerStatuses: [waiting("i", "CrashLoopBackOff", restarted(3, FINISHED))],
        },
      },
      "3 (5m ago)",
    ],
    [
      "KCTL-6: later of sidecars and app containers alone",
      {
        spec: { initContainers: [{ name: "i" }, SIDECAR] },
        status: {
          initContainerStatuses: [
            terminated("i", { reason: "Completed" }, restarted(7, "2026-01-01T00:59:00Z")),
            running("s", { started: true, ...restarted(1, FINISHED) }),
          ],
          containerStatuses: [running("a", { restartCount: 1 }), running("b")],
        },
      },
      "2 (5m ago)",
    ],
  ];

  it.each(cases)("%s", (_name, given, expected) => {
    expect(pod(given)["RESTARTS"]).toBe(expected);
  });
});

describe("a row of a pod", () => {
  it("KCTL-7: has the wide columns with <none> where there is nothing", () => {
    expect(pod({ status: { phase: "Pending" } })).toEqual({
      NAME: "a",
      READY: "0/2",
      STATUS: "Pending",
      RESTARTS: "0",
      AGE: "60m",
      "<IP>": "<none>",
      "<NODE>": "<none>",
      "<NOMINATED NODE>": "<none>",
      "<READINESS GATES>": "<none>",
    });
  });

  it("KCTL-7: shows address, nodes and gates", () => {
    const cells = pod({
      spec: {
        nodeName: "node-1",
        readinessGates: [{ conditionType: "x" }, { conditionType: "y" }, { conditionType: "z" }],
      },
      status: {
        podIPs: [{ ip: "10.0.0.7" }, { ip: "fd00::7" }],
        nominatedNodeName: "node-2",
        conditions: [
          { type: "x", status: "True" },
          { type: "y", status: "False" },
        ],
      },
    });
    expect(cells).toMatchObject({
      "<IP>": "10.0.0.7",
      "<NODE>": "node-1",
      "<NOMINATED NODE>": "node-2",
      "<READINESS GATES>": "1/3",
    });
  });

  it.each([
    ["Succeeded", "The pod has completed successfully."],
    ["Failed", "The pod failed."],
  ])("says that a pod that %s is completed", (phase, message) => {
    const finished = object({ kind: "Pod", spec: { containers: [] }, status: { phase } });
    const table = printTable(PODS, [finished], { nowMs: NOW_MS });
    expect(table.rows[0]?.conditions).toEqual([
      { type: "Completed", status: "True", reason: phase, message },
    ]);
    expect(table.rows[0]?.object).toBe(finished);
  });

  it("has no conditions while the pod runs", () => {
    const live = object({ kind: "Pod", spec: { containers: [] }, status: { phase: "Running" } });
    expect(printTable(PODS, [live], { nowMs: NOW_MS }).rows[0]).not.toHaveProperty("conditions");
  });
});
