import {
  formatTime,
  type Container,
  type ContainerState,
  type ContainerStatus,
  type Pod,
  type PodStatus,
} from "../../api/index.js";
import type { RuntimeContainerStatus } from "../../runtime/index.js";
import {
  hasFailed,
  isExited,
  latestInstance,
  type PodRuntimeStatus,
} from "../pod-runtime-status.js";
import { initContainersOf } from "../pod-spec.js";
import { shouldContainerBeRestarted } from "../restart-policy.js";

import { volumeMountStatuses } from "./volume-mount-status.js";

/** Why the last attempt to start a container failed: `{reason, message}` of its Waiting state. pkg/kubelet/reason_cache.go, 1.34. */
export interface StartFailure {
  readonly reason: string;
  readonly message: string;
}

export interface ContainerStatusInput {
  readonly pod: Pod;
  readonly runtime: PodRuntimeStatus;
  readonly previous: readonly ContainerStatus[];
  readonly containers: readonly Container[];
  readonly isInit: boolean;
  failureOf(container: string): StartFailure | null;
  /** The definition that an instance was made from; its resources are in effect. */
  originOf(instance: RuntimeContainerStatus): Container | null;
  terminationMessageOf(instance: RuntimeContainerStatus): string;
}

/**
 * status.containerStatuses (or the init or ephemeral ones), in the order of the spec, but for `ready` and `started`, which the probes decide.
 * pkg/kubelet/kubelet_pods.go, 1.34: convertToAPIContainerStatuses.
 */
export function containerStatuses(input: ContainerStatusInput): ContainerStatus[] {
  return input.containers.map((container) => containerStatus(container, input));
}

function containerStatus(container: Container, input: ContainerStatusInput): ContainerStatus {
  const previous = input.previous.find((status) => status.name === container.name) ?? null;
  const instances = input.runtime.containers.filter((c) => c.name === container.name);
  const [latest, lastButOne] = instances;
  if (latest === undefined) {
    return asWaitingAfterFailure(container, withoutInstance(container, previous, input), input);
  }
  const status = fromInstance(container, latest, previous, input);
  const complete =
    lastButOne === undefined ? status : { ...status, lastState: stateWith(lastButOne, input) };
  return asWaitingAfterFailure(container, complete, input);
}

/** NET-2 and NODE-11: nothing in the runtime. */
function withoutInstance(
  container: Container,
  previous: ContainerStatus | null,
  input: ContainerStatusInput,
): ContainerStatus {
  if (previous?.state?.terminated !== undefined) return previous;
  const status: ContainerStatus = {
    name: container.name,
    image: container.image ?? "",
    imageID: "",
    ready: false,
    restartCount: previous?.restartCount ?? 0,
    state: { waiting: { reason: waitingReason(input.pod) } },
    lastState: previous?.lastState ?? {},
    ...volumeMountStatuses(container),
  };
  const isVanished =
    previous?.state?.running !== undefined && status.lastState?.terminated === undefined;
  return isVanished ? asVanished(status, input.pod) : status;
}

const waitingReason = (pod: Pod): string =>
  initContainersOf(pod.spec).length > 0 ? "PodInitializing" : "ContainerCreating";

/**
 * Two spaces in the message: that is how upstream has it. Its times are Go's zero time there, which JSON shows as null; the API's types
 * know them as absent.
 */
function asVanished(status: ContainerStatus, pod: Pod): ContainerStatus {
  const message =
    "The container could not be located when the pod was deleted.  The container used to be Running";
  const terminated = { reason: "ContainerStatusUnknown", message, exitCode: 137 };
  const isDeleted = pod.metadata.deletionTimestamp !== undefined;
  return {
    ...status,
    lastState: { terminated },
    restartCount: status.restartCount + (isDeleted ? 0 : 1),
  };
}

function fromInstance(
  container: Container,
  instance: RuntimeContainerStatus,
  previous: ContainerStatus | null,
  input: ContainerStatusInput,
): ContainerStatus {
  const origin = input.originOf(instance) ?? container;
  // What was granted; what is in effect may lag behind it.
  const requests = container.resources?.requests;
  return {
    name: container.name,
    state: stateWith(instance, input),
    lastState: previous?.containerID === containerIdOf(instance) ? (previous.lastState ?? {}) : {},
    ready: false,
    restartCount: instance.attempt,
    image: instance.image,
    imageID: instance.imageRef,
    containerID: containerIdOf(instance),
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: origin.resources ?? {},
    ...volumeMountStatuses(container),
    ...(instance.user === undefined ? {} : { user: { linux: instance.user } }),
  };
}

const stateWith = (instance: RuntimeContainerStatus, input: ContainerStatusInput): ContainerState =>
  stateOf({ ...instance, message: input.terminationMessageOf(instance) });

const containerIdOf = (instance: RuntimeContainerStatus): string => `containerd://${instance.id}`;

/** A state as the API shows it. One that was created but not started waits (for its start). */
export function stateOf(instance: RuntimeContainerStatus): ContainerState {
  const startedAt =
    instance.startedAtMs === null ? {} : { startedAt: formatTime(instance.startedAtMs) };
  switch (instance.state) {
    case "created":
      return { waiting: {} };
    case "running":
      return { running: startedAt };
    case "exited":
      return {
        terminated: {
          exitCode: instance.exitCode ?? 0,
          ...(instance.reason === "" ? {} : { reason: instance.reason }),
          ...(instance.message === "" ? {} : { message: instance.message }),
          ...startedAt,
          ...(instance.finishedAtMs === null
            ? {}
            : { finishedAt: formatTime(instance.finishedAtMs) }),
          containerID: containerIdOf(instance),
        },
      };
  }
}

/** A container that is to be started but could not be is Waiting, with the reason of that. */
function asWaitingAfterFailure(
  container: Container,
  status: ContainerStatus,
  input: ContainerStatusInput,
): ContainerStatus {
  const instance = latestInstance(input.runtime, container.name);
  const isInitDone =
    input.isInit && instance !== null && isExited(instance) && !hasFailed(instance);
  if (isInitDone || !shouldContainerBeRestarted(container, input.pod, input.runtime)) return status;
  const failure = input.failureOf(container.name);
  if (failure === null) return status;
  const waiting = {
    reason: failure.reason,
    ...(failure.message === "" ? {} : { message: failure.message }),
  };
  const lastState = status.state?.terminated === undefined ? status.lastState : status.state;
  return { ...status, state: { waiting }, ...(lastState === undefined ? {} : { lastState }) };
}

/** Of init, app and ephemeral containers. */
export const allContainerStatuses = (status: PodStatus): readonly ContainerStatus[] => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
  ...(status.ephemeralContainerStatuses ?? []),
];
