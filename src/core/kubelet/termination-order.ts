import type { PodSpec } from "../api/index.js";
import { Signal, TIMED_OUT, within, type Call, type Engine } from "../engine/index.js";
import { initContainersOf, isSidecar } from "./pod-spec.js";

/**
 * Who stops after whom when a pod goes down (SIDE-9): each sidecar waits for all app containers and for the sidecar after it.
 * pkg/kubelet/kuberuntime/kuberuntime_termination_order.go, 1.34.
 */
export function stopsAfter(spec: PodSpec, runningNames: readonly string[]): Map<string, string[]> {
  const isRunning = (name: string): boolean => runningNames.includes(name);
  const apps = spec.containers.map(({ name }) => name).filter(isRunning);
  const order = new Map<string, string[]>();
  let laterSidecar: string | null = null;
  for (const container of [...initContainersOf(spec)].reverse()) {
    if (!isSidecar(container)) continue;
    const later: string[] = laterSidecar === null || !isRunning(laterSidecar) ? [] : [laterSidecar];
    order.set(container.name, [...apps, ...later]);
    laterSidecar = container.name;
  }
  return order;
}

/** Lets containers wait for their turn to be stopped. */
export class TerminationOrder {
  readonly #after: Map<string, string[]>;
  readonly #stopped = new Set<string>();
  readonly #stops = new Signal();

  constructor(
    private readonly engine: Engine,
    spec: PodSpec,
    runningNames: readonly string[],
  ) {
    this.#after = stopsAfter(spec, runningNames);
  }

  /** Waits until it is this container's turn, or the grace period is over. Returns the whole seconds that took. */
  *waitForTurn(name: string, graceSeconds: number): Call<number> {
    const startedAtMs = this.engine.nowMs;
    const deadlineMs = startedAtMs + graceSeconds * 1000;
    const before = this.#after.get(name) ?? [];
    while (before.some((other) => !this.#stopped.has(other))) {
      const outcome = yield* within(this.engine, this.#stops, deadlineMs - this.engine.nowMs);
      if (outcome === TIMED_OUT) break;
    }
    return Math.floor((this.engine.nowMs - startedAtMs) / 1000);
  }

  markStopped(name: string): void {
    this.#stopped.add(name);
    this.#stops.fire();
  }
}
