import type { JournalEntry } from "../core/store/index.js";

/**
 * Everything committed and durable, in order, for those outside: HTTP watches, the WebSocket stream, the timeline. A reader is only a
 * position: recent entries come from one shared ring in memory, older ones from the database, so a slow reader costs nothing and
 * never slows another.
 */
export interface Feed {
  /** The last sequence that is on disk and may be seen. */
  readonly durableSequence: number;
  /** Entries before this one are compacted away. */
  readonly oldestSequence: number;
  /** @param after exclusive: the first entry given is the first matching one behind it. */
  open(after: number, filter: FeedFilter): FeedReader;
}

export interface FeedFilter {
  /** Revisions of these group-resources; null: none. */
  readonly resources: readonly string[] | null;
  /** Records of these types; null: none. */
  readonly records: readonly ("transition" | "probe" | "log")[] | null;
  /** Narrows both to one namespace. */
  readonly namespace?: string;
  /** Narrows revisions by object name, records by pod name. */
  readonly name?: string;
  /** Narrows to what is about one pod: its records, its revisions, the Events that involve it. */
  readonly pod?: string;
}

export type FeedEntry = JournalEntry;

export interface FeedBatch {
  readonly entries: readonly JournalEntry[];
  /** Everything up to here has been looked at: where to resume. */
  readonly position: number;
  /** Set when entries between were compacted away, or were log lines no longer in memory. */
  readonly lost: { readonly from: number; readonly to: number } | null;
}

export interface FeedReader {
  /** Waits for the next matching entries (at most a few hundred at a time); null once closed, or when `signal` aborts. */
  next(signal?: AbortSignal): Promise<FeedBatch | null>;
  /** What is there now, without waiting; empty entries when the reader is at the end. */
  poll(): Promise<FeedBatch>;
  close(): void;
}
