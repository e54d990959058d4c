import { containerScript, type Cause, type Pod } from "../api/index.js";
import type { Call } from "../engine/index.js";
import { CriError, type ContainerConfig } from "../runtime/index.js";
import { configProblem } from "./config-problem.js";
import { ConfigError } from "./config-reader.js";
import { containerConfig, type ContainerConfigInput } from "./container-config.js";
import { containerReference, podReference } from "./kubelet-context.js";
import { runHook } from "./lifecycle-hooks.js";
import type { PodHandle } from "./pod-handle.js";
import { latestInstance, type PodRuntimeStatus } from "./pod-runtime-status.js";
import type { PodContainer } from "./pod-spec.js";
import type { SyncParts } from "./sync-parts.js";
import type { StartFailure } from "./status/container-status.js";
import { killContainer } from "./termination.js";

export interface StartRequest {
  readonly handle: PodHandle;
  readonly target: PodContainer;
  readonly sandboxId: string;
  /** What there was when the sync began. */
  readonly status: PodRuntimeStatus;
  readonly podIps: readonly string[];
  readonly cause: Cause;
}

/**
 * Pulls, creates, starts and runs postStart, in that order; returns why it failed, or null.
 * pkg/kubelet/kuberuntime/kuberuntime_container.go, 1.34: startContainer.
 */
export function* startContainer(
  parts: SyncParts,
  request: StartRequest,
): Call<StartFailure | null> {
  const { handle, target } = request;
  const { container } = target;
  const pulled = yield* parts.images.ensureImage({
    podUid: handle.uid,
    image: container.image ?? "",
    policy: container.imagePullPolicy ?? "IfNotPresent",
    about: containerReference(handle.pod, target),
    pullMs: scriptedPullMs(handle.pod, container.name),
  });
  if (pulled.failure !== null) {
    // The text of the error there is its reason here: ErrImagePull, ImagePullBackOff.
    warn(parts, request, `Error: ${pulled.failure.reason}`);
    return pulled.failure;
  }
  const unpulled = yield* pullImageVolumes(parts, request);
  if (unpulled !== null) return unpulled;
  const created = yield* create(parts, request);
  if (typeof created !== "string") return created;
  const failure = yield* start(parts, request, created);
  return failure ?? (yield* runPostStart(parts, request, created));
}

/** The images that the container mounts. kuberuntime_manager.go, 1.34: getImageVolumes. */
function* pullImageVolumes(parts: SyncParts, request: StartRequest): Call<StartFailure | null> {
  const { handle, target } = request;
  const mounted = new Set((target.container.volumeMounts ?? []).map(({ name }) => name));
  for (const { name, image } of handle.pod.spec.volumes ?? []) {
    if (image === undefined || !mounted.has(name)) continue;
    const pulled = yield* parts.images.ensureImage({
      podUid: handle.uid,
      image: image.reference ?? "",
      policy: image.pullPolicy ?? "IfNotPresent",
      about: podReference(handle.pod),
      pullMs: null,
    });
    if (pulled.failure === null) continue;
    warn(parts, request, `Error: ${pulled.failure.reason}`);
    return pulled.failure;
  }
  return null;
}

/** The annotation may say how long the pull takes (contract, "Images"). */
const scriptedPullMs = (pod: Pod, container: string): number | null => {
  const seconds = containerScript(pod.metadata.annotations, container)?.pullSeconds;
  return seconds === undefined ? null : seconds * 1000;
};

const warn = ({ context }: SyncParts, request: StartRequest, message: string): void => {
  const about = containerReference(request.handle.pod, request.target);
  context.events.emit(about, "Warning", "Failed", message);
};

/** The ID of the new container, or why there is none. */
function* create(parts: SyncParts, request: StartRequest): Call<string | StartFailure> {
  const { handle, target } = request;
  const refused = (reason: string, message: string): StartFailure => {
    warn(parts, request, `Error: ${message}`);
    return { reason, message };
  };
  let config: ContainerConfig;
  try {
    config = yield* containerConfig(parts.context, configInput(parts, request));
  } catch (error) {
    return refused("CreateContainerConfigError", configProblem(error));
  }
  try {
    const id = yield* parts.context.runtime.createContainer(request.sandboxId, config);
    handle.origins.set(id, target.container);
    handle.noteAttempt(config.name, config.attempt);
    const about = containerReference(handle.pod, target);
    const message = `Created container: ${target.container.name}`;
    parts.context.events.emit(about, "Normal", "Created", message);
    return id;
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    return refused("CreateContainerError", error.message);
  }
}

function configInput(
  parts: SyncParts,
  { handle, target, podIps, status }: StartRequest,
): ContainerConfigInput {
  const last = latestInstance(status, target.container.name);
  const attempt = last === null ? handle.firstAttemptOf(target.container.name) : last.attempt + 1;
  const targetName = target.targetContainerName;
  const targetInstance = targetName === null ? null : latestInstance(status, targetName);
  if (targetName !== null && targetInstance === null) {
    throw new ConfigError(`unable to find target container ${targetName}`);
  }
  return {
    handle,
    target,
    attempt,
    podIps,
    allocatable: parts.allocatable(),
    targetContainerId: targetInstance?.id ?? null,
    mountsOf: (container, env) => parts.volumes.mountsOf(handle, container, env, podIps),
  };
}

function* start(
  parts: SyncParts,
  request: StartRequest,
  containerId: string,
): Call<StartFailure | null> {
  const { handle, target } = request;
  handle.transitions.expect(target.container.name, request.cause);
  try {
    yield* parts.context.runtime.startContainer(containerId);
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    warn(parts, request, `Error: ${error.message}`);
    return { reason: "RunContainerError", message: error.message };
  }
  const about = containerReference(handle.pod, target);
  const message = `Started container ${target.container.name}`;
  parts.context.events.emit(about, "Normal", "Started", message);
  return null;
}

/** RESTART-2: a hook that fails takes the container with it. Its output stays out of the event, which others may read. */
function* runPostStart(
  parts: SyncParts,
  request: StartRequest,
  containerId: string,
): Call<StartFailure | null> {
  const { handle, target } = request;
  const { container } = target;
  const hook = container.lifecycle?.postStart;
  if (hook === undefined) return null;
  const podIp = request.podIps[0] ?? "";
  const hookTarget = { pod: handle.pod, containerId, container, podIp };
  const problem = yield* runHook(parts.context, hook, hookTarget);
  if (problem === null) return null;
  const about = containerReference(handle.pod, target);
  parts.context.events.emit(about, "Warning", "FailedPostStartHook", "PostStartHook failed");
  const instance = parts.context.runtime.containerStatus(containerId);
  if (instance !== null) {
    yield* killContainer(parts.context, handle, {
      instance,
      message: "FailedPostStartHook",
      reason: "postStart",
      graceOverrideSeconds: null,
      order: null,
      cause: { reason: "FailedPostStartHook", message: problem },
    });
  }
  return { reason: "PostStartHookError", message: problem };
}
