import type { ContainerStatus, Pod, PodStatus } from "../../api/index.js";
import { initContainersOf, isSidecar } from "../pod-spec.js";
import { isTerminalPhase } from "./pod-phase.js";

/**
 * The last status of a pod: nobody knows how containers ended that have no end on record, so they count as failed, and so does a pod without
 * a terminal phase (PHASE-10). pkg/kubelet/status/status_manager.go, 1.34: TerminatePod.
 */
export function finalStatus(pod: Pod, status: PodStatus): PodStatus {
  const app = status.containerStatuses;
  const init = status.initContainerStatuses;
  const begun = init === undefined ? 0 : begunCount(init);
  return {
    ...status,
    ...(app === undefined || !hasInitialized(pod, status)
      ? {}
      : { containerStatuses: app.map(asEnded) }),
    ...(init === undefined
      ? {}
      : {
          initContainerStatuses: init.map((entry, index) =>
            index < begun ? asEnded(entry) : entry,
          ),
        }),
    phase: isTerminalPhase(status.phase) && status.phase !== undefined ? status.phase : "Failed",
  };
}

const asEnded = (entry: ContainerStatus): ContainerStatus =>
  entry.state?.terminated === undefined ? { ...entry, state: { terminated: UNKNOWN_END } } : entry;

const UNKNOWN_END = {
  reason: "ContainerStatusUnknown",
  message: "The container could not be located when the pod was terminated",
  exitCode: 137,
};

/** An app container was started at some time, or could have been: hasPodInitialized. */
function hasInitialized(pod: Pod, status: PodStatus): boolean {
  const containers = initContainersOf(pod.spec);
  const last = containers.at(-1);
  if (last === undefined) return true;
  if (status.containerStatuses?.some(hasEverLeftWaiting) === true) return true;
  const entry = status.initContainerStatuses?.at(-1);
  if (entry === undefined) return false;
  if (isSidecar(last)) return entry.state?.running !== undefined && entry.started === true;
  return entry.lastState?.terminated?.exitCode === 0 || entry.state?.terminated?.exitCode === 0;
}

const hasEverLeftWaiting = ({ lastState, state }: ContainerStatus): boolean =>
  lastState?.terminated !== undefined || state?.waiting === undefined;

/** Init containers up to the last that was ever begun, at least one: initializedContainers. */
function begunCount(init: readonly ContainerStatus[]): number {
  for (let index = init.length - 1; index >= 0; index -= 1) {
    const entry = init[index];
    if (entry !== undefined && hasEverLeftWaiting(entry)) return index + 1;
  }
  return Math.min(init.length, 1);
}
