import type { Call } from "../../engine/index.js";
import type { Eviction } from "../active-deadline.js";
import { isCriticalPod } from "../admission.js";
import { podReference, type KubeletContext } from "../kubelet-context.js";
import { nodeReference } from "../node-status/node-agent.js";
import type { PodHandle } from "../pod-handle.js";
import {
  EVICTION_CLEANUP_POLL_MS,
  EVICTION_CLEANUP_TIMEOUT_MS,
  EVICTION_INTERVAL_MS,
  PRESSURE_TRANSITION_MS,
} from "../timing.js";
import { evictionMessage } from "./eviction-message.js";
import { evictionOrder } from "./eviction-order.js";
import { podUsage } from "./pod-usage.js";
import { beyondStorageLimits } from "./storage-limits.js";
import { thresholdsMet, type MetThreshold, type PressureCondition } from "./thresholds.js";

/** What the rest of the kubelet has to do with evictions. */
export interface EvictionHost {
  /** Pods that are not being evicted yet and may have something running. */
  activePods(): readonly PodHandle[];
  /** Those of them that have limits on what they store. */
  limitedPods(): readonly PodHandle[];
  evict(handle: PodHandle, eviction: Eviction, graceSeconds: number): void;
  /** Nothing of the pod runs any more. */
  isDown(handle: PodHandle): boolean;
  notePressure(pressure: Readonly<Record<PressureCondition, boolean>>): void;
  /** Removes images that no container is made of. */
  removeUnusedImages(): void;
}

/** eviction_manager.go, 1.34: immediateEvictionGracePeriodSeconds. */
const GRACE_SECONDS = 1;

/** Keeps the node from running out of memory and disk by ending pods (EVICT-1 to EVICT-4). pkg/kubelet/eviction/eviction_manager.go, 1.34. */
export class EvictionManager {
  readonly #lastPressureMs: Record<PressureCondition, number> = {
    memory: -Infinity,
    disk: -Infinity,
  };

  constructor(
    private readonly context: KubeletContext,
    private readonly host: EvictionHost,
  ) {}

  *run(): Call<void> {
    for (;;) {
      const evicted = this.#synchronize();
      if (evicted.length > 0) yield* this.#waitForEnd(evicted);
      else yield EVICTION_INTERVAL_MS;
    }
  }

  /** Returns the pods that it evicted. */
  #synchronize(): readonly PodHandle[] {
    const thresholds = thresholdsMet(this.context.runtime.nodeStats());
    this.#notePressure(thresholds);
    const greedy = this.#evictBeyondLimits();
    if (greedy.length > 0) return greedy;
    const [first] = thresholds;
    return first === undefined ? [] : this.#relieve(first);
  }

  /** A condition stays for a while after what caused it has gone. */
  #notePressure(thresholds: readonly MetThreshold[]): void {
    const { nowMs } = this.context.engine;
    for (const { condition } of thresholds) this.#lastPressureMs[condition] = nowMs;
    const { memory, disk } = this.#lastPressureMs;
    this.host.notePressure({
      memory: nowMs - memory < PRESSURE_TRANSITION_MS,
      disk: nowMs - disk < PRESSURE_TRANSITION_MS,
    });
  }

  #evictBeyondLimits(): readonly PodHandle[] {
    return this.host.limitedPods().filter((handle) => {
      const message = beyondStorageLimits(handle.pod, podUsage(this.context, handle));
      if (message === null) return false;
      return this.#evict(handle, { reason: REASON, message }, undefined);
    });
  }

  /** Images go before pods; of the pods, one at a time. */
  #relieve(threshold: MetThreshold): readonly PodHandle[] {
    const { context } = this;
    const about = nodeReference(context.nodeName);
    const message = `Attempting to reclaim ${threshold.resource}`;
    context.events.emit(about, "Warning", "EvictionThresholdMet", message);
    if (threshold.condition === "disk") {
      this.host.removeUnusedImages();
      if (thresholdsMet(context.runtime.nodeStats()).length === 0) return [];
    }
    const candidates = this.host
      .activePods()
      .map((handle) => ({ handle, pod: handle.pod, usage: podUsage(context, handle) }));
    for (const candidate of evictionOrder(candidates, threshold.resource)) {
      const { message, annotations } = evictionMessage(candidate, threshold);
      const eviction = { reason: REASON, message, disruption: message };
      if (this.#evict(candidate.handle, eviction, annotations)) return [candidate.handle];
    }
    return [];
  }

  #evict(
    handle: PodHandle,
    eviction: Eviction,
    annotations: Readonly<Record<string, string>> | undefined,
  ): boolean {
    if (isCriticalPod(handle.pod)) return false;
    const { reason, message } = eviction;
    this.context.events.emit(podReference(handle.pod), "Warning", reason, message, annotations);
    this.host.evict(handle, eviction, GRACE_SECONDS);
    return true;
  }

  *#waitForEnd(handles: readonly PodHandle[]): Call<void> {
    const untilMs = this.context.engine.nowMs + EVICTION_CLEANUP_TIMEOUT_MS;
    while (this.context.engine.nowMs < untilMs) {
      yield EVICTION_CLEANUP_POLL_MS;
      if (handles.every((handle) => this.host.isDown(handle))) return;
    }
  }
}

/** helpers.go, 1.34: Reason. */
const REASON = "Evicted";
