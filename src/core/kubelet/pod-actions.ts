import type { Container, Pod } from "../api/index.js";
import type { RuntimeContainerStatus } from "../runtime/index.js";
import type { ContainerToKill, KillReason } from "./container-to-kill.js";
import { computeInitActions } from "./init-actions.js";
import type { InstanceKnowledge } from "./instance-knowledge.js";
import type { ContainerToUpdate } from "./resize/apply-resize.js";
import { resizeAction } from "./resize/resize-action.js";
import { ephemeralContainersOf, initContainersOf, restartsOnFailure } from "./pod-spec.js";
import {
  hasFailed,
  isExited,
  latestInstance,
  type PodRuntimeStatus,
} from "./pod-runtime-status.js";
import { shouldContainerBeRestarted } from "./restart-policy.js";
import { sandboxChange } from "./sandbox-change.js";

/** What has to be done to bring a pod nearer to its spec. pkg/kubelet/kuberuntime/kuberuntime_manager.go, 1.34: podActions. */
export interface PodActions {
  /** Stops all containers and the sandbox. Containers and sandbox to start come after it. */
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  /** The sandbox to use, or that which is lost. Empty: there was none. */
  readonly sandboxId: string;
  /** Of the sandbox to create. */
  readonly attempt: number;
  /** Indices into the lists of the spec, in the order to start them. */
  readonly initContainersToStart: readonly number[];
  readonly containersToStart: readonly number[];
  readonly ephemeralContainersToStart: readonly number[];
  readonly containersToKill: readonly ContainerToKill[];
  /** Running containers that are to have other resources. */
  readonly containersToUpdate: readonly ContainerToUpdate[];
}

/** Decides; pod-sync.ts does. kuberuntime_manager.go, 1.34: computePodActions. */
export function computePodActions(
  pod: Pod,
  status: PodRuntimeStatus,
  knowledge: InstanceKnowledge,
): PodActions {
  const sandbox = sandboxChange(pod, status);
  const base = {
    ...NOTHING_TO_DO,
    killPod: sandbox.isChanged,
    createSandbox: sandbox.isChanged,
    sandboxId: sandbox.sandboxId,
    attempt: sandbox.attempt,
  };
  if (sandbox.isChanged) return withNewSandbox(pod, status, base);

  const ephemeralContainersToStart = ephemeralContainersOf(pod.spec).flatMap((container, index) =>
    latestInstance(status, container.name) === null ? [index] : [],
  );
  const init = computeInitActions(pod, status, knowledge);
  const initialised = {
    ...base,
    ephemeralContainersToStart,
    killPod: init.killPod,
    initContainersToStart: init.toStart,
    containersToKill: init.toKill,
    containersToUpdate: init.toUpdate,
  };
  if (init.killPod || !init.isInitialized) return initialised;

  const app = computeAppActions(pod, status, knowledge);
  const actions = {
    ...initialised,
    containersToStart: app.toStart,
    containersToKill: [...init.toKill, ...app.toKill],
    containersToUpdate: [...init.toUpdate, ...app.toUpdate],
  };
  // Sidecars alone do not keep a pod alive (SIDE-4, SIDE-11).
  const isOver = app.keepCount === 0 && app.toStart.length === 0;
  return isOver ? { ...actions, killPod: true, initContainersToStart: [] } : actions;
}

const NOTHING_TO_DO: PodActions = {
  killPod: false,
  createSandbox: false,
  sandboxId: "",
  attempt: 0,
  initContainersToStart: [],
  containersToStart: [],
  ephemeralContainersToStart: [],
  containersToKill: [],
  containersToUpdate: [],
};

export const isNothingToDo = (actions: PodActions): boolean =>
  !actions.killPod &&
  !actions.createSandbox &&
  actions.initContainersToStart.length === 0 &&
  actions.containersToStart.length === 0 &&
  actions.ephemeralContainersToStart.length === 0 &&
  actions.containersToKill.length === 0 &&
  actions.containersToUpdate.length === 0;

/** NET-6: all begins anew in a new sandbox, unless nothing is left to run. */
function withNewSandbox(pod: Pod, status: PodRuntimeStatus, actions: PodActions): PodActions {
  const hadContainers = actions.attempt !== 0 && status.containers.length > 0;
  if (!restartsOnFailure(pod.spec) && hadContainers) return { ...actions, createSandbox: false };
  const containersToStart = pod.spec.containers.flatMap((container, index) =>
    pod.spec.restartPolicy === "OnFailure" && hasSucceeded(container, status) ? [] : [index],
  );
  if (containersToStart.length === 0 && hasAnyAppInstance(pod, status)) {
    return { ...actions, createSandbox: false };
  }
  return initContainersOf(pod.spec).length > 0
    ? { ...actions, initContainersToStart: [0] }
    : { ...actions, containersToStart };
}

const hasSucceeded = (container: Container, status: PodRuntimeStatus): boolean => {
  const instance = latestInstance(status, container.name);
  return instance !== null && isExited(instance) && !hasFailed(instance);
};

const hasAnyAppInstance = (pod: Pod, status: PodRuntimeStatus): boolean =>
  pod.spec.containers.some((container) => latestInstance(status, container.name) !== null);

interface AppActions {
  /** Containers that run and are let run. */
  readonly keepCount: number;
  readonly toStart: readonly number[];
  readonly toKill: readonly ContainerToKill[];
  readonly toUpdate: readonly ContainerToUpdate[];
}

function computeAppActions(
  pod: Pod,
  status: PodRuntimeStatus,
  knowledge: InstanceKnowledge,
): AppActions {
  let keepCount = 0;
  const toStart: number[] = [];
  const toKill: ContainerToKill[] = [];
  const toUpdate: ContainerToUpdate[] = [];
  pod.spec.containers.forEach((container, index) => {
    const instance = latestInstance(status, container.name);
    if (instance === null || instance.state !== "running") {
      if (shouldContainerBeRestarted(container, pod, status)) toStart.push(index);
      return;
    }
    const kill = reasonToKill(container, instance, knowledge);
    if (kill === null) {
      const resize = resizeAction(container, knowledge.resourcesOf(instance));
      if (resize === "restart") {
        const message = `Container ${container.name} resize requires restart`;
        toKill.push({ instance, container, message, reason: "resize" });
        toStart.push(index);
        return;
      }
      if (resize === "update") toUpdate.push({ instance, container });
      keepCount += 1;
      return;
    }
    // A changed definition is put into effect whatever the restart policy says.
    const isRestarted = kill.isDefinitionChange || restartsOnFailure(pod.spec);
    if (isRestarted) toStart.push(index);
    const message = isRestarted ? `${kill.message}, will be restarted` : kill.message;
    toKill.push({ instance, container, message, reason: kill.reason });
  });
  return { keepCount, toStart, toKill, toUpdate };
}

function reasonToKill(
  container: Container,
  instance: RuntimeContainerStatus,
  knowledge: InstanceKnowledge,
): { message: string; reason: KillReason; isDefinitionChange: boolean } | null {
  const subject = `Container ${container.name}`;
  if (knowledge.isDefinitionChanged(container, instance)) {
    const message = `${subject} definition changed`;
    return { message, reason: "other", isDefinitionChange: true };
  }
  if (knowledge.livenessOf(instance.id) === "failure") {
    const message = `${subject} failed liveness probe`;
    return { message, reason: "liveness", isDefinitionChange: false };
  }
  if (knowledge.startupOf(instance.id) === "failure") {
    const message = `${subject} failed startup probe`;
    return { message, reason: "startup", isDefinitionChange: false };
  }
  return null;
}
