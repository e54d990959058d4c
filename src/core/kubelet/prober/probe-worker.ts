import {
  parseTime,
  type Container,
  type ContainerStatus,
  type Pod,
  type PodStatus,
  type Probe,
  type ProbeKind,
} from "../../api/index.js";
import { Signal, waitFor, within, type Call } from "../../engine/index.js";
import type { ProbeOutcome } from "../instance-knowledge.js";
import { containerReference, type KubeletContext } from "../kubelet-context.js";
import type { PodHandle } from "../pod-handle.js";
import type { PodContainer } from "../pod-spec.js";
import type { ProbeResults } from "./probe-results.js";
import { attemptProbe, handlerOf, type AttemptOutcome } from "./prober.js";

export interface ProbeWorkerOptions {
  readonly handle: PodHandle;
  readonly target: PodContainer;
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly results: ProbeResults;
  statusOf(): PodStatus | null;
  onEnd(): void;
}

/** What `#consider` decides: probe now, wait for the next tick, wait for a new container, or end. */
type Decision =
  | { readonly next: "tick" | "hold" | "end" }
  | { readonly next: "probe"; readonly status: PodStatus };

/** Title of the event. pkg/kubelet/prober/prober_manager.go, 1.34: probeType.String. */
const TITLES = { startup: "Startup", readiness: "Readiness", liveness: "Liveness" } as const;

/** The value before the first attempt (PROBE-2). pkg/kubelet/prober/worker.go, 1.34. */
const INITIAL = { startup: "unknown", readiness: "failure", liveness: "success" } as const;

/**
 * Probes one container in one way for as long as its pod runs: on a ticker, on hold where an attempt would be of no use. The order of the
 * questions is that of pkg/kubelet/prober/worker.go, 1.34: doProbe.
 */
export class ProbeWorker {
  readonly #wake = new Signal();
  #containerId = "";
  #isOnHold = false;
  #isStopped = false;
  #isTriggered = false;
  #lastResult: ProbeOutcome | null = null;
  #resultRun = 0;
  #attempts = 0;

  constructor(
    private readonly context: KubeletContext,
    private readonly options: ProbeWorkerOptions,
  ) {}

  get containerName(): string {
    return this.#container.name;
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake.fire();
  }

  /** PROBE-7: asks at once instead of at the next tick. */
  trigger(): void {
    this.#isTriggered = true;
    this.#wake.fire();
  }

  /** The status has another container ID than the one this worker holds at. */
  noticeContainer(containerId: string): void {
    if (containerId !== "" && containerId !== this.#containerId) this.#wake.fire();
  }

  *run(): Call<void> {
    const { engine } = this.context;
    const periodMs = this.#periodMs;
    // So that not everything is probed at once after the kubelet was started.
    if (periodMs > engine.nowMs - this.context.startedAtMs) {
      yield this.context.random.next() * periodMs;
    }
    let nextTickMs = engine.nowMs + periodMs;
    while (!this.#isStopped) {
      const decision = this.#consider();
      if (decision.next === "end") break;
      if (decision.next === "probe") yield* this.#attempt(decision.status);
      if (decision.next === "hold") {
        yield* waitFor(this.#wake);
        nextTickMs = tickAfter(engine.nowMs, nextTickMs, periodMs);
      }
      nextTickMs = yield* this.#untilNextTick(nextTickMs);
    }
    if (this.#containerId !== "") this.options.results.remove(this.#containerId);
    this.options.onEnd();
  }

  /** Returns the tick after that. */
  *#untilNextTick(nextTickMs: number): Call<number> {
    const { engine } = this.context;
    while (!this.#isStopped) {
      if (this.#isTriggered) {
        this.#isTriggered = false;
        return engine.nowMs + this.#periodMs;
      }
      // A tick that came during the attempt is not lost.
      if (engine.nowMs >= nextTickMs) break;
      yield* within(engine, this.#wake, nextTickMs - engine.nowMs);
    }
    return tickAfter(engine.nowMs, nextTickMs, this.#periodMs);
  }

  get #container(): Container {
    return this.options.target.container;
  }

  get #periodMs(): number {
    return (this.options.probe.periodSeconds ?? 10) * 1000;
  }

  #consider(): Decision {
    const status = this.options.statusOf();
    if (status === null) return { next: "tick" };
    if (status.phase === "Failed" || status.phase === "Succeeded") return { next: "end" };
    const container = findStatus(status, this.#container.name);
    if (container?.containerID === undefined || container.containerID === "") {
      return { next: "tick" };
    }
    this.#adopt(container.containerID);
    if (this.#isOnHold) return { next: "hold" };
    if (container.state?.running === undefined) return this.#considerStopped(container);
    return this.#isDue(container) ? { next: "probe", status } : { next: "tick" };
  }

  /** A new container begins anew. */
  #adopt(containerId: string): void {
    if (containerId === this.#containerId) return;
    if (this.#containerId !== "") this.options.results.remove(this.#containerId);
    this.#containerId = containerId;
    this.#attempts = 0;
    this.#publish(INITIAL[this.options.kind], undefined, "");
    this.#isOnHold = false;
  }

  /** PROBE-12. */
  #considerStopped(container: ContainerStatus): Decision {
    this.#publish("failure", undefined, "");
    const { handle, target } = this.options;
    return { next: isOver(handle.pod, target, container) ? "end" : "tick" };
  }

  /** PROBE-3 and PROBE-4. */
  #isDue(container: ContainerStatus): boolean {
    const startedAtMs = parseTime(container.state?.running?.startedAt ?? "") ?? 0;
    const ageSeconds = Math.floor((this.context.engine.nowMs - startedAtMs) / 1000);
    if (ageSeconds < (this.options.probe.initialDelaySeconds ?? 0)) return false;
    const isStartup = this.options.kind === "startup";
    return container.started === true ? !isStartup : isStartup;
  }

  *#attempt(status: PodStatus): Call<void> {
    const { handle, probe, target } = this.options;
    const containerId = this.#containerId;
    const startedAtMs = this.context.engine.nowMs;
    const outcome = yield* attemptProbe(this.context, probe, {
      pod: handle.pod,
      status,
      container: target.container,
      containerId: containerId.replace(/^.*:\/\//, ""),
    });
    if (this.#isStopped || containerId !== this.#containerId) return;
    this.#attempts += 1;
    this.#emit(outcome);
    this.#count(outcome, this.context.engine.nowMs - startedAtMs);
  }

  /** PROBE-9. */
  #emit({ result, output }: AttemptOutcome): void {
    if (result === "success") return;
    const title = TITLES[this.options.kind];
    const about = containerReference(this.options.handle.pod, this.options.target);
    const [reason, message] = {
      failure: ["Unhealthy", `${title} probe failed: ${output}`],
      warning: ["ProbeWarning", `${title} probe warning: ${output}`],
      error: ["Unhealthy", `${title} probe errored and resulted in unknown state: ${output}`],
    }[result] as [string, string];
    this.context.events.emit(about, "Warning", reason, message);
  }

  /** PROBE-5: the published result changes at the threshold only. */
  #count({ result, output }: AttemptOutcome, latencyMs: number): void {
    const { probe, kind } = this.options;
    if (result === "error") {
      this.#record("unknown", output, latencyMs, { consecutive: 0, threshold: 0, effect: null });
      return;
    }
    const outcome = result === "failure" ? "failure" : "success";
    this.#resultRun = this.#lastResult === outcome ? this.#resultRun + 1 : 1;
    this.#lastResult = outcome;
    const threshold =
      outcome === "failure" ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1);
    const isReached = this.#resultRun >= threshold;
    const before = this.options.results.get(this.#containerId)?.outcome;
    const effect = isReached && before !== outcome ? effectOf(kind, outcome) : null;
    const consecutive = this.#resultRun;
    const cursor = this.#record(outcome, output, latencyMs, { consecutive, threshold, effect });
    if (!isReached) return;
    this.#publish(outcome, cursor, output);
    if (kind === "startup" || (kind === "liveness" && outcome === "failure")) {
      this.#isOnHold = true;
      this.#resultRun = 0;
    }
  }

  #publish(outcome: ProbeOutcome, cursor: number | undefined, output: string): void {
    this.options.results.set(this.options.handle.uid, this.#containerId, {
      outcome,
      cursor,
      output,
    });
  }

  #record(
    result: ProbeOutcome,
    output: string,
    latencyMs: number,
    count: { consecutive: number; threshold: number; effect: Effect },
  ): number {
    const { handle, kind, probe } = this.options;
    const { namespace, name, uid } = handle.pod.metadata;
    return this.context.client.record({
      type: "probe",
      namespace,
      pod: name,
      uid,
      node: this.context.nodeName,
      container: this.#container.name,
      probe: kind,
      handler: handlerOf(probe),
      result,
      output,
      latencyMs,
      attempt: this.#attempts,
      ...count,
    });
  }
}

type Effect = null | "ready" | "unready" | "started" | "restart";

const effectOf = (kind: ProbeKind, outcome: "success" | "failure"): Effect => {
  if (kind === "readiness") return outcome === "success" ? "ready" : "unready";
  if (outcome === "failure") return "restart";
  return kind === "startup" ? "started" : null;
};

/** The first tick after `nowMs`; ticks are whole periods apart. */
const tickAfter = (nowMs: number, tickMs: number, periodMs: number): number =>
  tickMs > nowMs ? tickMs : tickMs + (Math.floor((nowMs - tickMs) / periodMs) + 1) * periodMs;

/** The container has ended and will not be restarted: nothing is left to probe (PROBE-12). */
export const isOver = (
  pod: Pod,
  target: PodContainer,
  status: ContainerStatus | undefined,
): boolean =>
  status?.state?.terminated !== undefined &&
  pod.spec.restartPolicy === "Never" &&
  target.kind !== "sidecar";

export const findStatus = (status: PodStatus, name: string): ContainerStatus | undefined =>
  [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(
    (entry) => entry.name === name,
  );
