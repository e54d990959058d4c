import type { Container, ContainerStatus, PodSpec } from "../../api/index.js";
import { initContainersOf, isSidecar } from "../pod-spec.js";

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

export const isTerminalPhase = (phase: string | undefined): boolean =>
  phase === "Succeeded" || phase === "Failed";

/**
 * The phase of a pod from the statuses of its init and app containers (PHASE-1 to PHASE-7).
 * @param isTerminal all its containers are down for good: nothing is started again whatever the restart policy says.
 * pkg/kubelet/kubelet_pods.go, 1.34: getPhase.
 */
export function podPhase(
  spec: PodSpec,
  statuses: readonly ContainerStatus[],
  isTerminal: boolean,
): PodPhase {
  const statusOf = (container: Container): ContainerStatus | undefined =>
    statuses.find((status) => status.name === container.name);
  const counts = { ...NO_COUNTS };
  for (const container of initContainersOf(spec)) {
    if (isSidecar(container)) countSidecar(statusOf(container), counts);
    else countInit(statusOf(container), counts);
  }
  for (const container of spec.containers) countApp(statusOf(container), counts);

  if (counts.failedInit > 0 && spec.restartPolicy === "Never") return "Failed";
  const appStarted = hasAnyAppStarted(spec, statuses);
  if ((counts.pendingInit > 0 && !appStarted) || counts.waiting > 0) return "Pending";
  if (counts.unknown > 0) return "Pending";
  if (counts.running > 0) return "Running";
  return counts.stopped > 0 ? phaseOfStopped(spec, counts, isTerminal) : "Pending";
}

/** An app container runs or has run and not been replaced yet. pkg/kubelet/container/helpers.go, 1.34: HasAnyRegularContainerStarted. */
export const hasAnyAppStarted = (spec: PodSpec, statuses: readonly ContainerStatus[]): boolean =>
  spec.containers.some((container) =>
    hasStarted(statuses.find((status) => status.name === container.name)),
  );

interface Counts {
  pendingInit: number;
  failedInit: number;
  unknown: number;
  running: number;
  waiting: number;
  stopped: number;
  succeeded: number;
}

const NO_COUNTS: Counts = {
  pendingInit: 0,
  failedInit: 0,
  unknown: 0,
  running: 0,
  waiting: 0,
  stopped: 0,
  succeeded: 0,
};

function countInit(status: ContainerStatus | undefined, counts: Counts): void {
  const ended = status?.state?.terminated ?? waitingAfter(status);
  if (status?.state?.running !== undefined || ended === undefined) counts.pendingInit += 1;
  else if (ended.exitCode !== 0) counts.failedInit += 1;
}

/** SIDE-7: one that ran and is down does not matter. */
function countSidecar(status: ContainerStatus | undefined, counts: Counts): void {
  if (status === undefined) {
    counts.unknown += 1;
  } else if (status.state?.running !== undefined) {
    if (status.started !== true) counts.pendingInit += 1;
    counts.running += 1;
  } else if (status.state?.terminated === undefined && waitingAfter(status) === undefined) {
    counts.pendingInit += 1;
    if (status.state?.waiting === undefined) counts.unknown += 1;
    else counts.waiting += 1;
  }
}

function countApp(status: ContainerStatus | undefined, counts: Counts): void {
  if (status?.state?.running !== undefined) {
    counts.running += 1;
  } else if (status?.state?.terminated !== undefined) {
    counts.stopped += 1;
    if (status.state.terminated.exitCode === 0) counts.succeeded += 1;
  } else if (status?.state?.waiting === undefined) {
    counts.unknown += 1;
  } else if (waitingAfter(status) === undefined) {
    counts.waiting += 1;
  } else {
    counts.stopped += 1;
  }
}

const waitingAfter = (status: ContainerStatus | undefined): { exitCode: number } | undefined =>
  status?.state?.waiting === undefined ? undefined : status.lastState?.terminated;

const hasStarted = (status: ContainerStatus | undefined): boolean =>
  status?.state?.running !== undefined || status?.state?.terminated !== undefined;

/** PHASE-5: nothing runs, something has stopped. */
function phaseOfStopped(spec: PodSpec, counts: Counts, isTerminal: boolean): PodPhase {
  const allSucceeded = counts.stopped === counts.succeeded;
  if (isTerminal) return allSucceeded ? "Succeeded" : "Failed";
  if (spec.restartPolicy === "Always") return "Running";
  if (allSucceeded) return "Succeeded";
  return spec.restartPolicy === "Never" ? "Failed" : "Running";
}
