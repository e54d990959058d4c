import type { KubeObject } from "../../core/api/index.js";
import type { JournalBatch, JournalEntry, JournalSnapshot } from "../../core/store/index.js";
import { podOf, recordResource } from "../journal-rows.js";
import type { ClusterMeta, HistoryFilter, HistoryPage, Journal, PodAt } from "../journal.js";

/** The journal without a disk: what the SQLite one must agree with, and a quick one for tests of what lies above. */
export class MemoryJournal implements Journal {
  #meta: ClusterMeta | null = null;
  #entries: JournalEntry[] = [];
  readonly #objects = new Map<string, KubeObject>();
  #lastSequence = 0;
  #timeMs = 0;
  oldestSequence = 1;
  /** Set to make the next writes fail as a full disk does. */
  failure: Error | null = null;
  /** Set to hold writes until it resolves. */
  gate: Promise<void> | null = null;
  readonly groupSizes: number[] = [];

  begin(meta: ClusterMeta): Promise<void> {
    if (this.#meta === null) this.#timeMs = meta.epochMs;
    this.#meta = { seed: meta.seed, epochMs: this.#meta?.epochMs ?? meta.epochMs };
    return Promise.resolve();
  }

  meta(): Promise<ClusterMeta | null> {
    return Promise.resolve(this.#meta);
  }

  load(): Promise<JournalSnapshot> {
    return Promise.resolve({
      objects: [...this.#objects.values()].sort(byVersion),
      lastSequence: this.#lastSequence,
      timeMs: this.#timeMs,
      oldestSequence: this.oldestSequence,
    });
  }

  async append(batch: JournalBatch): Promise<number> {
    if (this.gate !== null) await this.gate;
    if (this.failure !== null) throw this.failure;
    this.groupSizes.push(batch.entries.length);
    for (const entry of batch.entries) this.#keep(entry);
    this.#lastSequence = batch.lastSequence;
    this.#timeMs = Math.max(this.#timeMs, batch.timeMs);
    return batch.entries.length * 100;
  }

  history(after: number, filter: HistoryFilter, limit: number): Promise<HistoryPage> {
    const found = this.#entries.filter(
      (entry) =>
        entry.sequence > after && entry.sequence >= this.oldestSequence && isWanted(entry, filter),
    );
    const entries = found.slice(0, limit);
    const last = found.length > limit ? entries.at(-1)?.sequence : undefined;
    return Promise.resolve({ entries, position: last ?? Math.max(after, this.#lastSequence) });
  }

  podLabels(pod: PodAt): Promise<Readonly<Record<string, string>> | null> {
    const revisions = this.#entries.filter(
      (entry) =>
        entry.kind === "revision" &&
        entry.resource === "pods" &&
        entry.namespace === pod.namespace &&
        entry.name === pod.pod &&
        entry.uid === pod.uid,
    );
    const at = revisions.findLast(({ sequence }) => sequence <= pod.sequence) ?? revisions[0];
    return Promise.resolve(at?.kind === "revision" ? (at.object.metadata.labels ?? {}) : null);
  }

  compact(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Forgets what is before `sequence`. */
  compactTo(sequence: number): void {
    this.oldestSequence = sequence;
    this.#entries = this.#entries.filter((entry) => entry.sequence >= sequence);
  }

  #keep(entry: JournalEntry): void {
    if (entry.kind === "record") {
      if (entry.record.type !== "log") this.#entries.push(entry);
      return;
    }
    this.#entries.push(entry);
    const key = `${entry.resource}/${entry.namespace}/${entry.name}`;
    if (entry.change === "DELETED") this.#objects.delete(key);
    else this.#objects.set(key, entry.object);
  }
}

const byVersion = (left: KubeObject, right: KubeObject): number =>
  Number(left.metadata.resourceVersion) - Number(right.metadata.resourceVersion);

const isWanted = (entry: JournalEntry, filter: HistoryFilter): boolean => {
  const topics = [
    ...(filter.resources ?? []),
    ...(filter.records ?? []).flatMap((type) => (type === "log" ? [] : [recordResource(type)])),
  ];
  const row =
    entry.kind === "revision"
      ? { topic: entry.resource, namespace: entry.namespace, name: entry.name }
      : entry.record.type === "log"
        ? null
        : {
            topic: recordResource(entry.record.type),
            namespace: entry.record.namespace,
            name: entry.record.pod,
          };
  return (
    row !== null &&
    topics.includes(row.topic) &&
    isUnless(filter.namespace, row.namespace) &&
    isUnless(filter.name, row.name) &&
    isUnless(filter.pod, podOf(entry))
  );
};

const isUnless = (wanted: string | undefined, value: string): boolean =>
  wanted === undefined || wanted === "" || wanted === value;
