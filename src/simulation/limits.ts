/** How long the core runs before requests are served in between. */
export const SLICE_MS = 4;

/** Due times this near to each other share one wake-up; virtual times are exact all the same. */
export const WAKE_UP_RESOLUTION_MS = 4;

/** setTimeout takes no more than 2^31 - 1 ms. */
export const MAX_SLEEP_MS = 2_000_000_000;

/** Real time by which a sped-up clock may fall behind before it gives up the difference. At speed 1 it never does: it is the time of day. */
export const MAX_LAG_MS = 1000;

/** Entries committed but not yet durable at which the pacer waits for the journal. */
export const MAX_UNWRITTEN_ENTRIES = 10_000;

/** Entries of one transaction: encoding them must not hold up the event loop for long. */
export const MAX_GROUP_ENTRIES = 1000;

/** Entries written between two steps of compaction. A step drops up to twice as many, so it catches up with any load. */
export const ENTRIES_PER_COMPACTION = 2000;

/** Entries and encoded bytes that the feed keeps in memory; older ones come from the database. */
export const MAX_RING_ENTRIES = 32_768;
export const MAX_RING_BYTES = 64 * 1024 * 1024;

/** Entries that a reader is given at once. */
export const MAX_FEED_BATCH = 256;

/** Entries of the ring that a reader looks through before others get their turn. */
export const MAX_FEED_SCAN = 4096;

/** Commands that wait for the present moment to settle; more are refused. */
export const MAX_WAITING_COMMANDS = 10_000;

/** The farthest that one `advance` may go: ten years. */
export const MAX_ADVANCE_SECONDS = 10 * 366 * 86_400;

/** Virtual time without a visible change after which the cluster counts as idle. Longer than a grace period and than three probe periods. */
export const DEFAULT_QUIET_SECONDS = 60;

/** Nodes that one request may add. */
export const MAX_NODES_PER_REQUEST = 5000;
