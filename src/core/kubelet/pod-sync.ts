import { formatDuration, type Cause } from "../api/index.js";
import type { Call } from "../engine/index.js";
import { CriError, type RuntimeContainerStatus } from "../runtime/index.js";
import { ConfigError } from "./config-reader.js";
import { startContainer } from "./container-start.js";
import type { ContainerToKill } from "./container-to-kill.js";
import type { InstanceKnowledge } from "./instance-knowledge.js";
import { containerReference, podReference } from "./kubelet-context.js";
import { computePodActions, isNothingToDo, type PodActions } from "./pod-actions.js";
import type { PodHandle } from "./pod-handle.js";
import { isExited, type PodRuntimeStatus } from "./pod-runtime-status.js";
import { asApp, asEphemeral, asInit, formatPod, type PodContainer } from "./pod-spec.js";
import { sandboxConfig } from "./sandbox-config.js";
import { startCause } from "./start-cause.js";
import type { StartFailure } from "./status/container-status.js";
import { applyResize } from "./resize/apply-resize.js";
import type { SyncParts } from "./sync-parts.js";
import { killContainer, killPod } from "./termination.js";

/** What became of a sync: empty when all went well. */
export type SyncFailures = readonly string[];

export interface SyncContainersResult {
  readonly failures: SyncFailures;
  /** A container was put off that was not before, so the status has something new to show. */
  readonly isNewlyBackingOff: boolean;
  /** Containers were given other resources. */
  readonly isResized: boolean;
}

/**
 * Carries out what pod-actions.ts decided: kill, sandbox, ephemeral, init, app containers. The failures make the worker come back soon.
 * pkg/kubelet/kuberuntime/kuberuntime_manager.go, 1.34: SyncPod.
 */
export function* syncContainers(
  parts: SyncParts,
  handle: PodHandle,
  knowledge: InstanceKnowledge,
): Call<SyncContainersResult> {
  const status = handle.runtimeStatus();
  const actions = computePodActions(handle.pod, status, knowledge);
  if (isNothingToDo(actions)) return { failures: [], isNewlyBackingOff: false, isResized: false };
  const before = new Map(handle.startFailures);
  const failures = yield* carryOut(parts, handle, status, actions);
  pruneInstances(handle);
  const isNewlyBackingOff = [...handle.startFailures].some(
    ([name, { reason }]) => reason === "CrashLoopBackOff" && before.get(name)?.reason !== reason,
  );
  return { failures, isNewlyBackingOff, isResized: actions.containersToUpdate.length > 0 };
}

function* carryOut(
  parts: SyncParts,
  handle: PodHandle,
  status: PodRuntimeStatus,
  actions: PodActions,
): Call<SyncFailures> {
  if (actions.createSandbox && actions.sandboxId !== "") {
    const message = "Pod sandbox changed, it will be killed and re-created.";
    parts.context.events.emit(podReference(handle.pod), "Normal", "SandboxChanged", message);
  }
  const killFailures = yield* killWhatMustGo(parts, handle, status, actions);
  if (killFailures.length > 0) return killFailures;
  if (actions.createSandbox) purgeInitInstances(handle);

  const sandbox = yield* ensureSandbox(parts, handle, actions);
  if ("failure" in sandbox) return [sandbox.failure];
  return yield* startAll(parts, handle, actions, { status, sandboxId: sandbox.id });
}

function* killWhatMustGo(
  parts: SyncParts,
  handle: PodHandle,
  status: PodRuntimeStatus,
  actions: PodActions,
): Call<SyncFailures> {
  if (actions.killPod) {
    const cause = actions.createSandbox
      ? { reason: "SandboxChanged", message: "the pod's sandbox is lost or changed" }
      : { reason: "PodFinished", message: "no app container runs or is to be started" };
    // A probe that failed may be what leaves nothing to run.
    const causeOf = (instance: RuntimeContainerStatus): Cause => {
      const kill = actions.containersToKill.find(({ instance: { id } }) => id === instance.id);
      return kill === undefined ? cause : killCause(parts, kill);
    };
    return yield* killPod(parts.context, handle, status, { graceOverrideSeconds: null, causeOf });
  }
  for (const kill of actions.containersToKill) {
    const failure = yield* killContainer(parts.context, handle, {
      ...kill,
      graceOverrideSeconds: null,
      order: null,
      cause: killCause(parts, kill),
    });
    if (failure !== null) return [failure];
  }
  return [];
}

/** The probe record that settled it, when a probe did. */
function killCause(parts: SyncParts, { instance, reason, message }: ContainerToKill): Cause {
  if (reason !== "liveness" && reason !== "startup") return { reason: "Killing", message };
  const result = parts.probers.resultOf(reason, instance.id);
  return {
    reason: reason === "liveness" ? "LivenessProbeFailed" : "StartupProbeFailed",
    message: result === null || result.output === "" ? message : `${message}: ${result.output}`,
    ...(result?.cursor === undefined ? {} : { cursor: result.cursor }),
  };
}

/** A new sandbox begins with initialization. kuberuntime_container.go, 1.34: purgeInitContainers. */
function purgeInitInstances(handle: PodHandle): void {
  const names = new Set((handle.pod.spec.initContainers ?? []).map(({ name }) => name));
  for (const instance of handle.runtimeStatus().containers) {
    if (names.has(instance.name)) handle.removeInstance(instance);
  }
}

/**
 * Of each container the present instance and the one before it are kept, for its log and lastState; so is the newest sandbox (GC-2).
 * pkg/kubelet/kuberuntime/kuberuntime_gc.go, 1.34, does it by and by.
 */
function pruneInstances(handle: PodHandle): void {
  const { containers, sandboxes } = handle.runtimeStatus();
  const counts = new Map<string, number>();
  for (const instance of containers) {
    const count = (counts.get(instance.name) ?? 0) + 1;
    counts.set(instance.name, count);
    if (count > 2 && isExited(instance)) handle.removeInstance(instance);
  }
  const inUse = new Set(handle.runtimeStatus().containers.map(({ sandboxId }) => sandboxId));
  for (const sandbox of sandboxes.slice(1)) {
    if (sandbox.state === "notready" && !inUse.has(sandbox.id)) handle.removeSandbox(sandbox);
  }
}

function* ensureSandbox(
  parts: SyncParts,
  handle: PodHandle,
  actions: PodActions,
): Call<{ readonly id: string } | { readonly failure: string }> {
  if (!actions.createSandbox) return { id: actions.sandboxId };
  const { pod } = handle;
  try {
    const config = sandboxConfig(parts, pod, actions.attempt);
    const sandbox = yield* parts.context.runtime.runPodSandbox(config);
    parts.wake(handle);
    return { id: sandbox.id };
  } catch (error) {
    if (!(error instanceof CriError || error instanceof ConfigError)) throw error;
    const message = `Failed to create pod sandbox: ${error.message}`;
    const about = podReference(pod);
    parts.context.events.emit(about, "Warning", "FailedCreatePodSandBox", message);
    return { failure: message };
  }
}

interface SyncPass {
  /** What there was when the sync began. What it kills itself is restarted without delay, as upstream has it. */
  readonly status: PodRuntimeStatus;
  readonly sandboxId: string;
}

function* startAll(
  parts: SyncParts,
  handle: PodHandle,
  actions: PodActions,
  pass: SyncPass,
): Call<SyncFailures> {
  const failures: string[] = [];
  const tryStart = function* (target: PodContainer): Call<boolean> {
    const failure = yield* startUnlessBackingOff(parts, handle, target, pass);
    if (failure === null) return true;
    const { name } = target.container;
    failures.push(`failed to "StartContainer" for "${name}" with ${failure.reason}`);
    return false;
  };
  const { ephemeralContainers, initContainers, containers } = handle.pod.spec;
  for (const index of actions.ephemeralContainersToStart) {
    const container = ephemeralContainers?.[index];
    if (container !== undefined) yield* tryStart(asEphemeral(container));
  }
  for (const index of actions.initContainersToStart) {
    const container = initContainers?.[index];
    if (container === undefined) continue;
    const isStarted = yield* tryStart(asInit(container));
    // INIT-9: what comes after waits. SIDE-3: a sidecar that does not start is skipped.
    if (!isStarted && asInit(container).kind === "init") return failures;
  }
  const problem = applyResize(parts.context, handle, actions.containersToUpdate);
  if (problem !== null) failures.push(problem);
  for (const index of actions.containersToStart) {
    const container = containers[index];
    if (container !== undefined) yield* tryStart(asApp(container));
  }
  return failures;
}

/** Starts one container, and keeps why it failed for its status. */
function* startUnlessBackingOff(
  parts: SyncParts,
  handle: PodHandle,
  target: PodContainer,
  { status, sandboxId }: SyncPass,
): Call<StartFailure | null> {
  const { name } = target.container;
  const backoff = checkBackoff(parts, handle, target, status);
  const failure =
    backoff ??
    (yield* startContainer(parts, {
      handle,
      target,
      sandboxId,
      status,
      podIps: podIps(parts, handle),
      cause: startCause(handle, target),
    }));
  if (failure === null) handle.startFailures.delete(name);
  else handle.startFailures.set(name, failure);
  parts.observe(handle, target);
  return failure;
}

const podIps = (parts: SyncParts, handle: PodHandle): readonly string[] =>
  handle.pod.spec.hostNetwork === true ? [parts.context.nodeIp] : handle.runtimeStatus().ips;

/** RESTART-4 to RESTART-6. kuberuntime_manager.go, 1.34: doBackOff. */
function checkBackoff(
  parts: SyncParts,
  handle: PodHandle,
  target: PodContainer,
  status: PodRuntimeStatus,
): StartFailure | null {
  const { container } = target;
  const ended = status.containers.find(
    (candidate) => candidate.name === container.name && isExited(candidate),
  );
  if (ended === undefined) return null;
  const finishedAtMs = ended.finishedAtMs ?? 0;
  const key = `${handle.uid}_${container.name}_${container.image ?? ""}`;
  const { nowMs } = parts.context.engine;
  if (!parts.restarts.isInBackoffSince(key, finishedAtMs, nowMs)) {
    parts.restarts.next(key, finishedAtMs, nowMs);
    return null;
  }
  const about = containerReference(handle.pod, target);
  const pod = formatPod(handle.pod);
  const message = `Back-off restarting failed container ${container.name} in pod ${pod}`;
  parts.context.events.emit(about, "Warning", "BackOff", message);
  const delay = formatDuration(parts.restarts.get(key));
  return {
    reason: "CrashLoopBackOff",
    message: `back-off ${delay} restarting failed container=${container.name} pod=${pod}`,
  };
}
