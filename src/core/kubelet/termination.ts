import type { Cause, Container, Pod } from "../api/index.js";
import { TIMED_OUT, within, type Call, type Process } from "../engine/index.js";
import { CriError, type RuntimeContainerStatus } from "../runtime/index.js";
import type { KillReason } from "./container-to-kill.js";
import { containerReference, type KubeletContext } from "./kubelet-context.js";
import { runHook } from "./lifecycle-hooks.js";
import type { PodHandle } from "./pod-handle.js";
import { runningInstances, type PodRuntimeStatus } from "./pod-runtime-status.js";
import { findContainer, hasSidecar } from "./pod-spec.js";
import { TerminationOrder } from "./termination-order.js";
import { MINIMUM_GRACE_SECONDS } from "./timing.js";

export interface ContainerKill {
  readonly instance: RuntimeContainerStatus;
  /** Of the Killing event; null for the usual one. */
  readonly message: string | null;
  readonly reason: KillReason;
  /** Takes the place of what pod and probe say. */
  readonly graceOverrideSeconds: number | null;
  readonly order: TerminationOrder | null;
  readonly cause: Cause;
}

/** TERM-6: how long a container may take to stop. kuberuntime_container.go, 1.34: setTerminationGracePeriod. */
export function graceSeconds(pod: Pod, container: Container, reason: KillReason): number {
  const { deletionGracePeriodSeconds } = pod.metadata;
  if (deletionGracePeriodSeconds !== undefined) return deletionGracePeriodSeconds;
  const { terminationGracePeriodSeconds } = pod.spec;
  if (terminationGracePeriodSeconds === undefined) return MINIMUM_GRACE_SECONDS;
  const ofProbe = {
    startup: container.startupProbe?.terminationGracePeriodSeconds,
    liveness: container.livenessProbe?.terminationGracePeriodSeconds,
    postStart: undefined,
    resize: undefined,
    other: undefined,
  }[reason];
  return ofProbe ?? terminationGracePeriodSeconds;
}

/**
 * Stops one container: Killing event, preStop hook, its turn, stop signal, kill (TERM-2 to TERM-5). Returns what went wrong, or null.
 * pkg/kubelet/kuberuntime/kuberuntime_container.go, 1.34: killContainer.
 */
export function* killContainer(
  context: KubeletContext,
  handle: PodHandle,
  kill: ContainerKill,
): Call<string | null> {
  const { pod } = handle;
  const { name } = kill.instance;
  const entry = findContainer(pod.spec, name);
  const container = handle.originOf(kill.instance) ?? entry?.container;
  if (entry === null || container === undefined) {
    return `failed to get containerSpec "${name}" in pod when killing container`;
  }
  let remaining = graceSeconds(pod, container, kill.reason);
  const message = kill.message ?? `Stopping container ${name}`;
  context.events.emit(containerReference(pod, entry), "Normal", "Killing", message);
  handle.transitions.expect(name, kill.cause);
  remaining = kill.graceOverrideSeconds ?? remaining;
  if (remaining > 0) {
    remaining -= yield* runPreStop(context, handle, kill.instance, container, remaining);
  }
  if (kill.order !== null && remaining > 0) {
    remaining -= yield* kill.order.waitForTurn(name, remaining);
  }
  const windowSeconds = Math.max(remaining, MINIMUM_GRACE_SECONDS);
  try {
    yield* context.runtime.stopContainer(kill.instance.id, windowSeconds * 1000);
  } catch (error) {
    if (error instanceof CriError) return error.message;
    throw error;
  }
  kill.order?.markStopped(name);
  return null;
}

/** Runs the hook for at most the grace period; returns the whole seconds it took. A hook that is not done is left to itself. */
function* runPreStop(
  context: KubeletContext,
  handle: PodHandle,
  instance: RuntimeContainerStatus,
  container: Container,
  limitSeconds: number,
): Call<number> {
  const hook = container.lifecycle?.preStop;
  if (hook === undefined || handle.preStopped.has(instance.id)) return 0;
  handle.preStopped.add(instance.id);
  const { engine } = context;
  const startedAtMs = engine.nowMs;
  const target = { pod: handle.pod, containerId: instance.id, container, podIp: podIp(handle) };
  const running = context.processes.spawn(`preStop/${instance.id}`, runHook(context, hook, target));
  const outcome = running.isDone
    ? running.result
    : yield* within(engine, running, limitSeconds * 1000);
  const entry = findContainer(handle.pod.spec, container.name);
  if (outcome !== TIMED_OUT && typeof outcome === "string" && entry !== null) {
    const about = containerReference(handle.pod, entry);
    context.events.emit(about, "Warning", "FailedPreStopHook", "PreStopHook failed");
  }
  return Math.floor((engine.nowMs - startedAtMs) / 1000);
}

const podIp = (handle: PodHandle): string => handle.runtimeStatus().ips[0] ?? "";

/**
 * Stops all containers of a pod at the same time, sidecars in their turn, then its sandboxes. Returns what went wrong.
 * kuberuntime_manager.go, 1.34: killPodWithSyncResult.
 */
export function* killPod(
  context: KubeletContext,
  handle: PodHandle,
  status: PodRuntimeStatus,
  options: {
    readonly graceOverrideSeconds: number | null;
    causeOf(instance: RuntimeContainerStatus): Cause;
  },
): Call<readonly string[]> {
  const running = runningInstances(status);
  const names = running.map(({ name }) => name);
  const order = hasSidecar(handle.pod.spec)
    ? new TerminationOrder(context.engine, handle.pod.spec, names)
    : null;
  const kills = running.map((instance) =>
    context.processes.spawn(
      `kill/${instance.id}`,
      killContainer(context, handle, {
        instance,
        message: null,
        reason: "other",
        graceOverrideSeconds: options.graceOverrideSeconds,
        order,
        cause: options.causeOf(instance),
      }),
    ),
  );
  const failures = yield* joinAll(kills);
  for (const sandbox of status.sandboxes) {
    if (sandbox.state !== "ready") continue;
    try {
      yield* context.runtime.stopPodSandbox(sandbox.id);
    } catch (error) {
      if (!(error instanceof CriError)) throw error;
      failures.push(`failed to "KillPodSandbox" for "${handle.uid}" with ${error.message}`);
    }
  }
  return failures;
}

/** Waits for all; when this one is interrupted, they are too. */
function* joinAll(processes: readonly Process<string | null>[]): Call<string[]> {
  const failures: string[] = [];
  try {
    for (const process of processes) {
      if (!process.isDone) yield process;
      if (typeof process.result === "string") failures.push(process.result);
    }
  } finally {
    for (const process of processes) process.interrupt();
  }
  return failures;
}
