import { formatTime, type Pod, type PodCondition } from "../../api/index.js";
import { latestInstance, type PodRuntimeStatus } from "../pod-runtime-status.js";
import { initContainersOf, isSidecar } from "../pod-spec.js";
import type { PodHandle } from "../pod-handle.js";
import { resizeAction } from "./resize-action.js";

/** A condition about a resize, and the generation of the pod that it speaks of. */
export interface ResizeNote {
  readonly reason: string;
  readonly message: string;
  readonly generation: number | undefined;
  /** When that was found, Unix milliseconds: its lastProbeTime. pkg/kubelet/status/status_manager.go, 1.34: updatedPodResizeCondition. */
  readonly atMs: number;
}

/** Where a pod's resizes stand. */
export interface ResizeState {
  /** What is wanted was not granted: Deferred or Infeasible. */
  readonly pending: ResizeNote | null;
  /** What was granted is being put into effect; with a reason when that fails. */
  readonly inProgress: ResizeNote | null;
}

export const NO_RESIZE: ResizeState = { pending: null, inProgress: null };

/** Some running container does not have what was granted yet. kubelet_pods.go, 1.34: isPodResizeInProgress. */
export const isActuating = (handle: PodHandle, runtime: PodRuntimeStatus): boolean =>
  resizable(handle.pod).some((container) => {
    const instance = latestInstance(runtime, container.name);
    if (instance?.state !== "running") return false;
    return resizeAction(container, handle.resourcesOf(instance)) !== "none";
  });

const resizable = ({ spec }: Pod) => [
  ...initContainersOf(spec).filter(isSidecar),
  ...spec.containers,
];

/** PodResizePending and PodResizeInProgress (COND-1). kubelet_pods.go, 1.34: determinePodResizeStatus. */
export function resizeConditions({ pending, inProgress }: ResizeState): PodCondition[] {
  return [
    ...(pending === null ? [] : [condition("PodResizePending", pending)]),
    ...(inProgress === null ? [] : [condition("PodResizeInProgress", inProgress)]),
  ];
}

const condition = (
  type: string,
  { reason, message, generation, atMs }: ResizeNote,
): PodCondition => ({
  type,
  status: "True",
  lastProbeTime: formatTime(atMs),
  ...(reason === "" ? {} : { reason }),
  ...(message === "" ? {} : { message }),
  ...(generation === undefined ? {} : { observedGeneration: generation }),
});
