import type { Container, Pod } from "../api/index.js";
import type { RuntimeContainerStatus } from "../runtime/index.js";
import type { ContainerToKill, KillReason } from "./container-to-kill.js";
import type { InstanceKnowledge } from "./instance-knowledge.js";
import { hasFailed, latestInstance, type PodRuntimeStatus } from "./pod-runtime-status.js";
import { initContainersOf, isSidecar, restartsOnFailure } from "./pod-spec.js";
import type { ContainerToUpdate } from "./resize/apply-resize.js";
import { resizeAction } from "./resize/resize-action.js";

export interface InitActions {
  /** App containers may be started. */
  readonly isInitialized: boolean;
  /** An init container failed for good (INIT-3). */
  readonly killPod: boolean;
  readonly toStart: readonly number[];
  readonly toKill: readonly ContainerToKill[];
  readonly toUpdate: readonly ContainerToUpdate[];
}

/**
 * Which init containers to start and which sidecars to restart. Progress is judged from the last init container that has an instance, because
 * records of the ones before it may be gone (SIDE-3). pkg/kubelet/kuberuntime/kuberuntime_container.go, 1.34: computeInitContainerActions.
 */
export function computeInitActions(
  pod: Pod,
  status: PodRuntimeStatus,
  knowledge: InstanceKnowledge,
): InitActions {
  const containers = initContainersOf(pod.spec);
  if (containers.length === 0) return { ...NO_ACTIONS, isInitialized: true };

  const appStarted = hasLivingApp(pod, status);
  const toStart: number[] = [];
  const toKill: ContainerToKill[] = [];
  const toUpdate: ContainerToUpdate[] = [];
  let isInitialized = appStarted;
  // Whether a later init container was begun, so that this one has been through.
  let isPast = appStarted;
  for (let index = containers.length - 1; index >= 0; index -= 1) {
    const container = containers[index];
    if (container === undefined) continue;
    const instance = latestInstance(status, container.name);
    const step = stepOf(container, instance, isPast, pod, knowledge);
    if (step === null) continue;
    if (step.isFatal) return { isInitialized: false, killPod: true, toStart: [], toKill, toUpdate };
    // The list is built backwards and turned round in the end, so the next one comes before the restart of this one.
    if (step.isThrough) {
      if (index === containers.length - 1) isInitialized = true;
      else if (!isPast) toStart.push(index + 1);
    }
    if (step.kill !== null) toKill.push(step.kill);
    if (step.update !== null) toUpdate.push(step.update);
    if (step.isStarted) toStart.push(index);
    isPast ||= instance !== null;
  }
  if (!isPast) toStart.push(0);
  return { isInitialized, killPod: false, toStart: toStart.reverse(), toKill, toUpdate };
}

const NO_ACTIONS: InitActions = {
  isInitialized: false,
  killPod: false,
  toStart: [],
  toKill: [],
  toUpdate: [],
};

/** INIT-7: an app container that was created proves that initialization was over. One that has ended may be of an earlier sandbox. */
const hasLivingApp = (pod: Pod, status: PodRuntimeStatus): boolean =>
  pod.spec.containers.some((container) => {
    const instance = latestInstance(status, container.name);
    return instance !== null && instance.state !== "exited";
  });

interface Step {
  /** The next one may begin. */
  readonly isThrough: boolean;
  /** (Re)start this one. */
  readonly isStarted: boolean;
  readonly isFatal: boolean;
  readonly kill: ContainerToKill | null;
  readonly update: ContainerToUpdate | null;
}

const WAIT: Step = {
  isThrough: false,
  isStarted: false,
  isFatal: false,
  kill: null,
  update: null,
};
const START: Step = { ...WAIT, isStarted: true };

/** Null when there is nothing to say of it: not begun, or through for good. */
function stepOf(
  container: Container,
  instance: RuntimeContainerStatus | null,
  isPast: boolean,
  pod: Pod,
  knowledge: InstanceKnowledge,
): Step | null {
  const isKept = isSidecar(container);
  if (instance === null) return isPast && isKept ? START : null;
  if (isKept) return sidecarStep(container, instance, knowledge);
  return isPast ? null : initStep(instance, restartsOnFailure(pod.spec));
}

function initStep(instance: RuntimeContainerStatus, mayRestart: boolean): Step {
  switch (instance.state) {
    case "created":
      return START;
    case "running":
      return WAIT;
    case "exited":
      if (!hasFailed(instance)) return { ...WAIT, isThrough: true };
      return mayRestart ? START : { ...WAIT, isFatal: true };
  }
}

function sidecarStep(
  container: Container,
  instance: RuntimeContainerStatus,
  knowledge: InstanceKnowledge,
): Step {
  if (instance.state !== "running") return START;
  const killed = (what: string, reason: KillReason): Step => {
    const message = `Init container ${container.name} ${what}`;
    return { ...START, kill: { instance, container, message, reason } };
  };
  if (container.startupProbe !== undefined) {
    const startup = knowledge.startupOf(instance.id);
    if (startup === "failure") return killed("failed startup probe", "startup");
    if (startup !== "success") return WAIT;
  }
  if (knowledge.isDefinitionChanged(container, instance)) {
    return { ...killed("definition changed", "other"), isThrough: true };
  }
  if (container.livenessProbe !== undefined && knowledge.livenessOf(instance.id) === "failure") {
    return { ...killed("failed liveness probe", "liveness"), isThrough: true };
  }
  switch (resizeAction(container, knowledge.resourcesOf(instance))) {
    case "none":
      return { ...WAIT, isThrough: true };
    case "update":
      return { ...WAIT, isThrough: true, update: { instance, container } };
    case "restart": {
      const message = `Container ${container.name} resize requires restart`;
      return {
        ...START,
        isThrough: true,
        kill: { instance, container, message, reason: "resize" },
      };
    }
  }
}
