import type { ProbeOutcome } from "../instance-knowledge.js";

export interface ProbeResult {
  readonly outcome: ProbeOutcome;
  /** The probe record that settled it; undefined for a value set without probing. */
  readonly cursor: number | undefined;
  readonly output: string;
}

/** What one kind of probe found out, by container ID. pkg/kubelet/prober/results/results_manager.go, 1.34. */
export class ProbeResults {
  readonly #results = new Map<string, ProbeResult>();

  /** @param onChange called when a result is new or differs from the one before. */
  constructor(
    private readonly onChange: (podUid: string, containerId: string, result: ProbeResult) => void,
  ) {}

  get(containerId: string): ProbeResult | null {
    return this.#results.get(containerId) ?? null;
  }

  set(podUid: string, containerId: string, result: ProbeResult): void {
    const before = this.#results.get(containerId);
    this.#results.set(containerId, result);
    if (before?.outcome !== result.outcome) this.onChange(podUid, containerId, result);
  }

  remove(containerId: string): void {
    this.#results.delete(containerId);
  }
}
