/** WebSocket connections at a time. */
export const MAX_CONNECTIONS = 4096;

/** Subscriptions of one connection. */
export const MAX_SUBSCRIPTIONS = 64;

/** A message of a client; a longer one closes its connection (1009). */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** Bytes that wait in one connection's socket. Above it nothing more is read for it: what it misses meanwhile waits in the database. */
export const MAX_BUFFERED_BYTES = 256 * 1024;

/** Pods whose labels one subscription remembers. */
export const MAX_REMEMBERED_PODS = 10_000;

/** Records that one request of the timeline gives. */
export const MAX_TIMELINE_RECORDS = 10_000;
export const DEFAULT_TIMELINE_RECORDS = 500;

/** TCP probes after this much silence, so that a connection to nobody ends. */
export const KEEP_ALIVE_MS = 30_000;
