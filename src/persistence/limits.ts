/** Encoded bytes that one statement takes; a larger batch is written in several, within one transaction. SQLite's own limit is 1 GB. */
export const MAX_STATEMENT_BYTES = 32 * 1024 * 1024;

/** Rows that one statement takes. */
export const MAX_STATEMENT_ROWS = 8192;

/** Entries that one question to the history gives. */
export const MAX_HISTORY_ENTRIES = 512;

/** Sequences that one question to the history looks through, so that a filter that matches nothing does not hold up a commit. */
export const HISTORY_WINDOW = 20_000;

/** Virtual age from which history is compacted away. A day, so that the timeline of a day-long run is whole. */
export const MAX_HISTORY_AGE_MS = 24 * 3600 * 1000;

/** Rows from which the oldest are compacted away, whatever their age above the minimum. About 1 GB of file. */
export const MAX_HISTORY_ROWS = 1_000_000;

/** History of this virtual age stays in any case: as long as etcd's (apiserver --etcd-compaction-interval, 1.34). */
export const MIN_HISTORY_AGE_MS = 300_000;

/** Sequences that one compaction step looks through: some milliseconds between two commits. */
export const COMPACTION_STEP = 4000;

/** How long a start waits for a predecessor to let go of the file. */
export const LOCK_WAIT_MS = 3000;

/** Pages of 4 KiB in the write-ahead log before they are moved to the database. */
export const CHECKPOINT_PAGES = 4000;

/** The write-ahead log is cut back to this after a burst. */
export const WAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024;
