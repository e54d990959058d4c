/** Objects per chunk of a sorted collection: an insert moves at most this many references. */
export const MAX_CHUNK_OBJECTS = 512;

/** Revisions of one resource that are kept in memory, so that a paged list sees one state. */
export const MAX_HISTORY_REVISIONS = 2048;

/** Revisions of one resource that are kept whatever their age: while time flies, five virtual minutes are soon over. */
export const MIN_HISTORY_REVISIONS = 512;

/** Age from which revisions above the minimum are dropped: etcd compaction every 5 minutes (apiserver --etcd-compaction-interval, 1.34). */
export const MAX_HISTORY_AGE_MS = 300_000;

/** Entries committed but not yet taken for the journal at which the pacer must wait for the journal. */
export const MAX_PENDING_ENTRIES = 20_000;

/** Watch events delivered in one engine step; the rest follows in the next one, so that requests are served in between. */
export const MAX_DELIVERIES_PER_STEP = 64;
