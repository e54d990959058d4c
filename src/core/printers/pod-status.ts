import { isSidecar } from "../api/index.js";
import type { ContainerStatus, Pod } from "../api/index.js";

/** What kubectl says of a pod's containers in READY, STATUS and RESTARTS. */
export interface PodSummary {
  readonly status: string;
  readonly readyCount: number;
  readonly containerCount: number;
  readonly restarts: Restarts;
}

export interface Restarts {
  readonly count: number;
  /** When the last of them ended, RFC 3339; null when none did. */
  readonly lastTime: string | null;
}

/** The walk of printPod. Source: kubernetes pkg/printers/internalversion/printers.go, 1.34 (KCTL-1 to KCTL-6). */
export function summarizePod(pod: Pod): PodSummary {
  const init = walkInitContainers(pod);
  const showsApps = init.status === null || isConditionTrue(pod, "Initialized");
  const apps = showsApps ? walkContainers(pod) : null;
  const shown = shownStatus(pod, init.status ?? statusAtStart(pod), apps);
  return {
    status: statusOfDeletion(pod) ?? shown,
    readyCount: init.readySidecars + (apps?.readyCount ?? 0),
    containerCount: pod.spec.containers.length + sidecarsOf(pod).size,
    restarts: apps === null ? init.restarts : later(init.sidecarRestarts, apps.restarts),
  };
}

/** KCTL-1. */
function statusAtStart(pod: Pod): string {
  const isGated = pod.status.conditions?.some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  return isGated === true ? "SchedulingGated" : pod.status.reason || (pod.status.phase ?? "");
}

interface InitWalk {
  /** Null when every init container is through. */
  readonly status: string | null;
  readonly readySidecars: number;
  readonly restarts: Restarts;
  readonly sidecarRestarts: Restarts;
}

/** KCTL-2: stops at the first that is neither done nor a started sidecar. */
function walkInitContainers(pod: Pod): InitWalk {
  const sidecars = sidecarsOf(pod);
  let restarts = NO_RESTARTS;
  let sidecarRestarts = NO_RESTARTS;
  let readySidecars = 0;
  for (const [index, container] of (pod.status.initContainerStatuses ?? []).entries()) {
    const isRestartable = sidecars.has(container.name);
    restarts = later(restarts, restartsOf(container));
    if (isRestartable) {
      sidecarRestarts = later(sidecarRestarts, restartsOf(container));
    }
    if (container.state?.terminated?.exitCode === 0) {
      continue;
    }
    if (isRestartable && container.started === true) {
      readySidecars += container.ready ? 1 : 0;
      continue;
    }
    const total = pod.spec.initContainers?.length ?? 0;
    const status = initStatus(container) ?? `Init:${index}/${total}`;
    return { status, readySidecars, restarts, sidecarRestarts };
  }
  return { status: null, readySidecars, restarts, sidecarRestarts };
}

function initStatus({ state }: ContainerStatus): string | null {
  if (state?.terminated !== undefined) {
    return `Init:${terminatedReason(state.terminated)}`;
  }
  const reason = state?.waiting?.reason ?? "";
  return reason === "" || reason === "PodInitializing" ? null : `Init:${reason}`;
}

interface AppWalk {
  /** What the first listed container that has something to say says. */
  readonly reason: string | null;
  readonly readyCount: number;
  readonly restarts: Restarts;
}

/** KCTL-3. */
function walkContainers(pod: Pod): AppWalk {
  let reason: string | null = null;
  let readyCount = 0;
  let restarts = NO_RESTARTS;
  for (const container of (pod.status.containerStatuses ?? []).toReversed()) {
    restarts = later(restarts, restartsOf(container));
    const own = appReason(container);
    if (own !== null) {
      reason = own;
    } else if (container.ready && container.state?.running !== undefined) {
      readyCount += 1;
    }
  }
  return { reason, readyCount, restarts };
}

function appReason({ state }: ContainerStatus): string | null {
  const waiting = state?.waiting?.reason ?? "";
  if (waiting !== "") {
    return waiting;
  }
  return state?.terminated === undefined ? null : terminatedReason(state.terminated);
}

function terminatedReason(terminated: {
  readonly reason?: string;
  readonly signal?: number;
  readonly exitCode: number;
}): string {
  if (terminated.reason) {
    return terminated.reason;
  }
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

/** KCTL-4. */
function shownStatus(pod: Pod, before: string, apps: AppWalk | null): string {
  const status = apps?.reason ?? before;
  if (apps === null || status !== "Completed" || apps.readyCount === 0) {
    return status;
  }
  return isConditionTrue(pod, "Ready") ? "Running" : "NotReady";
}

/** KCTL-5. */
function statusOfDeletion(pod: Pod): string | null {
  if (!pod.metadata.deletionTimestamp) {
    return null;
  }
  if (pod.status.reason === "NodeLost") {
    return "Unknown";
  }
  const isTerminal = pod.status.phase === "Failed" || pod.status.phase === "Succeeded";
  return isTerminal ? null : "Terminating";
}

function sidecarsOf(pod: Pod): ReadonlySet<string> {
  return new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
}

export function isConditionTrue(pod: Pod, type: string): boolean {
  return pod.status.conditions?.find((condition) => condition.type === type)?.status === "True";
}

const NO_RESTARTS: Restarts = { count: 0, lastTime: null };

function restartsOf({ restartCount, lastState }: ContainerStatus): Restarts {
  return { count: restartCount, lastTime: lastState?.terminated?.finishedAt ?? null };
}

/** Both together. Times are RFC 3339 in UTC, so text order is time order. */
function later(left: Restarts, right: Restarts): Restarts {
  const [one, other] = [left.lastTime, right.lastTime];
  return {
    count: left.count + right.count,
    lastTime: one === null || (other !== null && other > one) ? other : one,
  };
}
