import type { JournalBatch, JournalEntry, JournalSnapshot } from "../core/store/index.js";

/** Where what the cluster commits is kept. One implementation on SQLite, one in memory for tests; both pass the same contract suite. */
export interface Journal {
  /** Writes the cluster's row into an empty journal (nothing else works before), or takes note of another seed. */
  begin(meta: ClusterMeta): Promise<void>;
  /** Null when the journal is empty. */
  meta(): Promise<ClusterMeta | null>;
  /** All objects that exist, and where the sequence and the clock stand. */
  load(): Promise<JournalSnapshot>;
  /**
   * Keeps a batch, all of it or nothing. Once resolved it survives the death of the process. One at a time, and not beside `compact`.
   * @returns its size in bytes, encoded.
   */
  append(batch: JournalBatch): Promise<number>;
  /** Kept entries behind `after` in order. Log lines are never kept. */
  history(after: number, filter: HistoryFilter, limit: number): Promise<HistoryPage>;
  /** Labels that a pod had at a moment; null when no revision of it is kept. */
  podLabels(pod: PodAt): Promise<Readonly<Record<string, string>> | null>;
  /** Drops the oldest history by one small step, if there is any to drop. @returns whether there is more. */
  compact(): Promise<boolean>;
  readonly oldestSequence: number;
}

export interface ClusterMeta {
  readonly seed: number;
  /** Virtual time when the cluster began, Unix milliseconds. */
  readonly epochMs: number;
}

/** Which entries are asked for. See FeedFilter, which has the same fields. */
export interface HistoryFilter {
  readonly resources: readonly string[] | null;
  readonly records: readonly ("transition" | "probe" | "log")[] | null;
  readonly namespace?: string;
  readonly name?: string;
  readonly pod?: string;
}

export interface HistoryPage {
  readonly entries: readonly JournalEntry[];
  /** All up to here has been looked at. */
  readonly position: number;
}

export interface PodAt {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly sequence: number;
}

/** Injection token of the Journal. */
export const JOURNAL = Symbol("Journal");
