import type { KubeObject } from "../core/api/index.js";
import type { JournalEntry, RevisionEntry } from "../core/store/index.js";

/**
 * When something that matters last happened. What goes on in a cluster that is at rest does not count: leases and node heartbeats, repeats of
 * an Event, probes without an effect, log lines.
 */
export class ActivityWatch {
  #lastMs: number;

  /** @param startMs counts as activity. */
  constructor(startMs: number) {
    this.#lastMs = startMs;
  }

  /** Virtual time of the last thing that mattered, Unix milliseconds. */
  get lastMs(): number {
    return this.#lastMs;
  }

  note(entries: readonly JournalEntry[]): void {
    for (let index = entries.length - 1; index >= 0; index -= 1) {
      const entry = entries[index];
      if (entry === undefined || entry.timeMs <= this.#lastMs) return;
      if (!isActivity(entry)) continue;
      this.#lastMs = entry.timeMs;
      return;
    }
  }
}

const isActivity = (entry: JournalEntry): boolean => {
  if (entry.kind === "revision") return isChange(entry);
  const { record } = entry;
  return record.type === "transition" || (record.type === "probe" && record.effect !== null);
};

const isChange = (entry: RevisionEntry): boolean => {
  if (entry.resource === "leases.coordination.k8s.io") return false;
  if (entry.change !== "MODIFIED" || entry.previous === null) return true;
  if (entry.resource === "events" || entry.resource === "events.events.k8s.io") return false;
  return (
    entry.resource !== "nodes" ||
    withoutHeartbeat(entry.object) !== withoutHeartbeat(entry.previous)
  );
};

interface NodeParts extends KubeObject {
  readonly spec?: unknown;
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}

/** What of a node is not said anew with each heartbeat. */
const withoutHeartbeat = (node: NodeParts): string =>
  JSON.stringify([
    node.metadata.labels,
    node.metadata.deletionTimestamp,
    node.spec,
    node.status?.conditions?.map(({ type, status }) => [type, status]),
  ]);
