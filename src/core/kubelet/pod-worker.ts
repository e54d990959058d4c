import type { Pod, PodStatus } from "../api/index.js";
import { Interrupt, Signal, waitFor, within, type Call, type Process } from "../engine/index.js";
import { deadlineMs, deadlineEviction, type Eviction } from "./active-deadline.js";
import { jittered, podReference } from "./kubelet-context.js";
import type { PodHandle } from "./pod-handle.js";
import { syncContainers } from "./pod-sync.js";
import { runningInstances, type PodRuntimeStatus } from "./pod-runtime-status.js";
import { isActuating, NO_RESIZE } from "./resize/resize-conditions.js";
import { resizeCompletedText } from "./resize/resize-event.js";
import { isTerminalPhase } from "./status/pod-phase.js";
import { generatePodStatus } from "./status/pod-status.js";
import type { SyncParts } from "./sync-parts.js";
import { killPod } from "./termination.js";
import {
  ERROR_BACKOFF_MS,
  ERROR_JITTER_FACTOR,
  RELIST_MS,
  RESYNC_INTERVAL_MS,
  RESYNC_JITTER_FACTOR,
  TRANSIENT_ERROR_BACKOFF_MS,
} from "./timing.js";

/** How the pod is to be brought down. */
export interface TerminationRequest {
  /** Null: as long as the pod's spec says. */
  readonly graceSeconds: number | null;
  /** Written into the status, when not the pod's end itself is the reason. */
  readonly eviction: Eviction | null;
  readonly cause: { readonly reason: string; readonly message: string };
}

/** A request that is being carried out. Asked again, it can only be made shorter (TERM-1). */
interface Termination extends TerminationRequest {
  readonly graceSeconds: number;
}

/** What came of one sync, and with that when to come back (RESTART-16). */
type SyncResult = Paced | "phase-transition" | "interrupted";
type Paced = "done" | "error" | "relist" | "network-not-ready";

/**
 * The life of one pod on this node: synced until it is over or to be ended, then brought down, then cleaned up. One process per pod; what
 * happens meanwhile makes it come round again. pkg/kubelet/pod_workers.go, 1.34.
 */
export class PodWorker {
  readonly #wake = new Signal();
  readonly #stageChanges = new Signal();
  #process: Process<void> | null = null;
  #isPending = false;
  #stage: "syncing" | "terminating" | "terminated" | "finished" = "syncing";
  #termination: Termination | null = null;
  /** A wait that a shorter grace period, or the end of the pod, cuts short. */
  #isInterruptible = false;
  /** The pod is gone from the API: nothing is written about it any more. */
  #isOrphan = false;

  constructor(
    private readonly parts: SyncParts,
    readonly handle: PodHandle,
    private readonly onFinished: () => void,
  ) {}

  start(): void {
    // A pod that was over before this kubelet knew it is only waited for to be deleted.
    if (isTerminalPhase(this.handle.pod.status.phase)) {
      this.#stage = "terminated";
      this.parts.statuses.adopt(this.handle.pod);
    }
    this.#process = this.parts.context.processes.spawn(`pod/${this.handle.uid}`, this.#run());
  }

  /** Containers may run, so a terminal phase is not shown yet. */
  get couldHaveRunningContainers(): boolean {
    return this.#stage === "syncing" || this.#stage === "terminating";
  }

  /** Waits until none of its containers runs any more. */
  *waitForEnd(): Call<void> {
    while (this.couldHaveRunningContainers) yield* waitFor(this.#stageChanges);
  }

  /** The kubelet itself ends it. */
  get isEvicted(): boolean {
    return this.#termination !== null && this.#termination.eviction !== null;
  }

  get isFinished(): boolean {
    return this.#stage === "finished";
  }

  /** Something happened since the last sync began. */
  get hasWork(): boolean {
    return this.#isPending;
  }

  /** Makes it sync soon. */
  poke(): void {
    this.#isPending = true;
    this.#wake.fire();
  }

  /** The pod was changed in the API. */
  update(pod: Pod): void {
    this.handle.pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) this.terminate(deletionOf(pod));
    this.poke();
  }

  /** The pod was taken out of the API. If it was not on its way out, that ends it with the least grace (TERM-10). */
  orphan(): void {
    this.#isOrphan = true;
    this.terminate({
      graceSeconds: MINIMUM_TERMINATION_SECONDS,
      eviction: null,
      cause: { reason: "PodRemoved", message: "the pod was removed from the API" },
    });
    this.poke();
  }

  terminate(request: TerminationRequest): void {
    const before = this.#termination;
    const wanted = request.graceSeconds ?? this.handle.pod.spec.terminationGracePeriodSeconds ?? 0;
    const graceSeconds = Math.max(wanted, MINIMUM_TERMINATION_SECONDS);
    if (before === null) this.#termination = { ...request, graceSeconds };
    else if (graceSeconds < before.graceSeconds) {
      this.#termination = { ...before, graceSeconds, cause: request.cause };
    } else return;
    // Upstream means to do the same (the comment on SyncTerminatingPod says so) but does not hand its context down yet: k/k #113606.
    if (this.#isInterruptible) this.#process?.interrupt(new TerminationRequested());
    this.poke();
  }

  *#run(): Call<void> {
    let result: SyncResult = "error";
    while (this.#stage !== "finished") {
      const isQuiet: boolean = result === "done" && !this.#isPending && !this.#isPastDeadline();
      this.#isPending = false;
      if (this.#stage === "syncing" && this.#termination !== null) this.#stage = "terminating";
      result = yield* this.#syncStage(isQuiet);
      if (this.isFinished || result === "phase-transition" || result === "interrupted") continue;
      // What else happens at this very moment belongs to the same sync.
      if (this.hasWork) yield 0;
      else yield* within(this.parts.context.engine, this.#wake, this.#delayMs(result));
    }
    this.onFinished();
  }

  /** @param isQuiet nothing has happened since a sync that left nothing to do */
  *#syncStage(isQuiet: boolean): Call<SyncResult> {
    try {
      switch (this.#stage) {
        case "syncing":
          return isQuiet ? yield* this.#resync() : yield* this.#syncPod();
        case "terminating":
          return yield* this.#syncTerminatingPod();
        case "terminated":
        case "finished":
          return yield* this.#syncTerminatedPod();
      }
    } catch (error) {
      // Any other interrupt is the end of this kubelet.
      if (error instanceof TerminationRequested) return "interrupted";
      throw error;
    } finally {
      this.#isInterruptible = false;
    }
  }

  #delayMs(result: Paced): number {
    const { context } = this.parts;
    switch (result) {
      case "done": {
        const resyncMs = jittered(context, RESYNC_INTERVAL_MS, RESYNC_JITTER_FACTOR);
        const deadline = deadlineMs(this.handle.pod, this.parts.statuses.get(this.handle.uid));
        return deadline === null ? resyncMs : Math.min(resyncMs, this.#untilMs(deadline));
      }
      case "error":
        return jittered(context, ERROR_BACKOFF_MS, ERROR_JITTER_FACTOR);
      case "relist":
        return RELIST_MS;
      case "network-not-ready":
        return jittered(context, TRANSIENT_ERROR_BACKOFF_MS, ERROR_JITTER_FACTOR);
    }
  }

  #isPastDeadline(): boolean {
    const deadline = deadlineMs(this.handle.pod, this.parts.statuses.get(this.handle.uid));
    return deadline !== null && this.#untilMs(deadline) === 0;
  }

  #untilMs(timeMs: number): number {
    return Math.max(0, timeMs - this.parts.context.engine.nowMs);
  }

  /**
   * What is left of a sync that nothing called for but the time: all else follows from states whose changes wake this worker, and upstream
   * repeats it only because its own may be missed.
   */
  *#resync(): Call<SyncResult> {
    const { handle, parts } = this;
    if (runningInstances(handle.runtimeStatus()).length > 0) yield* parts.volumes.refresh(handle);
    return "done";
  }

  /** pkg/kubelet/kubelet.go, 1.34: SyncPod. The order is NET-1. */
  *#syncPod(): Call<SyncResult> {
    const { handle, parts } = this;
    const { context } = parts;
    const status = this.#publish(false);
    if (isTerminalPhase(status.phase)) {
      if (this.#termination === null) this.terminate(endOf(status));
      this.#stage = "terminating";
      return "phase-transition";
    }
    const networkError = handle.pod.spec.hostNetwork === true ? null : parts.networkError();
    if (networkError !== null) {
      const message = `network is not ready: ${networkError}`;
      context.events.emit(podReference(handle.pod), "Warning", "NetworkNotReady", message);
      return "network-not-ready";
    }
    this.#isInterruptible = true;
    const unmounted = yield* parts.volumes.waitForMount(handle);
    this.#isInterruptible = false;
    if (unmounted !== null) {
      const message = `Unable to attach or mount volumes: ${unmounted}`;
      context.events.emit(podReference(handle.pod), "Warning", "FailedMount", message);
      return "error";
    }
    // Containers that run see what has changed in the sources of their volumes.
    if (runningInstances(handle.runtimeStatus()).length > 0) yield* parts.volumes.refresh(handle);
    parts.probers.addPod(handle);
    const { failures, isNewlyBackingOff, isResized } = yield* syncContainers(parts, handle, {
      livenessOf: (id) => parts.probers.livenessOf(id),
      startupOf: (id) => parts.probers.startupOf(id),
      isDefinitionChanged: (container, instance) => {
        const origin = handle.originOf(instance);
        return origin !== null && origin.image !== container.image;
      },
      resourcesOf: (instance) => handle.resourcesOf(instance),
    });
    // While something is on its way in the runtime, the status is looked at again soon.
    if (isNewlyBackingOff || isResized) return "relist";
    return failures.length === 0 ? "done" : "error";
  }

  /** kubelet.go, 1.34: SyncTerminatingPod. */
  *#syncTerminatingPod(): Call<SyncResult> {
    const { handle, parts } = this;
    const termination = this.#termination;
    if (!this.#isOrphan) this.#publish(false);
    parts.probers.stopLivenessAndStartup(handle.pod);
    this.#isInterruptible = true;
    const failures = yield* killPod(parts.context, handle, handle.runtimeStatus(), {
      graceOverrideSeconds: termination?.graceSeconds ?? null,
      causeOf: () => termination?.cause ?? PENDING_DELETION,
    });
    this.#isInterruptible = false;
    if (failures.length > 0) {
      const message = `error killing pod: [${failures.join(", ")}]`;
      const about = podReference(handle.pod);
      parts.context.events.emit(about, "Warning", "FailedKillPod", message);
      return "error";
    }
    parts.probers.removePod(handle.uid);
    if (runningInstances(handle.runtimeStatus()).length > 0) return "error";
    if (!this.#isOrphan) this.#publish(true);
    this.#stage = "terminated";
    this.#stageChanges.fire();
    return "phase-transition";
  }

  /** kubelet.go, 1.34: SyncTerminatedPod. Containers and sandboxes go once nobody can ask for their logs: with the pod itself. */
  *#syncTerminatedPod(): Call<SyncResult> {
    const { handle, parts } = this;
    if (!this.#isOrphan && this.#termination !== null) this.#publish(true);
    parts.volumes.unmount(handle);
    const last = this.#isOrphan ? null : parts.statuses.finish(handle.pod);
    if (last !== null) parts.observeAll(handle, last, handle.runtimeStatus());
    while (!this.#isOrphan) {
      yield* waitFor(this.#wake);
      if (this.handle.pod.metadata.deletionTimestamp !== undefined) {
        parts.statuses.recheck(handle.uid);
      }
    }
    this.#stage = "finished";
    return "done";
  }

  /** Computes the status, hands it to the status manager and puts changes of container states on record. */
  #publish(isTerminal: boolean): PodStatus {
    const { handle, parts } = this;
    const { context, statuses } = parts;
    const runtime = handle.runtimeStatus();
    this.#noteResized(runtime, isTerminal);
    const status = generatePodStatus({
      handle,
      runtime,
      isTerminal,
      previous: statuses.get(handle.uid) ?? handle.pod.status,
      judge: parts.probers,
      hostIp: context.nodeIp,
      eviction: this.#termination?.eviction ?? this.#deadlineEviction(),
    });
    const written = statuses.set(handle.pod, status);
    parts.observeAll(handle, written, runtime);
    return written;
  }

  /** A resize is over when all running containers have what was granted; it may have made room for another. */
  #noteResized(runtime: PodRuntimeStatus, isTerminal: boolean): void {
    const { handle } = this;
    if (isTerminal) handle.resize = NO_RESIZE;
    if (handle.resize.inProgress === null || isActuating(handle, runtime)) return;
    handle.resize = { ...handle.resize, inProgress: null };
    const about = podReference(handle.pod);
    const text = resizeCompletedText(handle.pod);
    this.parts.context.events.emit(about, "Normal", "ResizeCompleted", text);
    this.parts.retryResizes();
  }

  /** PHASE-9. */
  #deadlineEviction(): Eviction | null {
    const { handle, parts } = this;
    const status = parts.statuses.get(handle.uid);
    const eviction = deadlineEviction(handle.pod, status, parts.context.engine.nowMs);
    if (eviction === null) return null;
    const about = podReference(handle.pod);
    parts.context.events.emit(about, "Normal", eviction.reason, eviction.message);
    const { reason, message } = eviction;
    this.terminate({ graceSeconds: null, eviction, cause: { reason, message } });
    return eviction;
  }
}

/** pkg/kubelet/pod_workers.go, 1.34: calculateEffectiveGracePeriod. */
const MINIMUM_TERMINATION_SECONDS = 1;

/** Takes a worker out of a sync that waits, since the pod is to end. */
class TerminationRequested extends Interrupt {
  constructor() {
    super("termination requested");
  }
}

const PENDING_DELETION = { reason: "PodDeleted", message: "the pod is being deleted" };

const deletionOf = ({ metadata }: Pod): TerminationRequest => ({
  graceSeconds: metadata.deletionGracePeriodSeconds ?? null,
  eviction: null,
  cause: PENDING_DELETION,
});

const endOf = (status: PodStatus): TerminationRequest => ({
  graceSeconds: null,
  eviction: null,
  cause: { reason: "PodFinished", message: `the pod is ${status.phase ?? ""}` },
});
