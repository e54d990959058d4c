/** First and longest delay of an item that fails again and again (client-go util/workqueue/default_rate_limiters.go, 1.34). */
export const RETRY_BASE_DELAY_MS = 5;
export const RETRY_MAX_DELAY_MS = 1_000_000;

/** Retries of one queue together: so many at once, then so many a second (same file). */
export const RETRY_BURST = 100;
export const RETRIES_PER_SECOND = 10;

/** Events of one recorder that wait to be written; more are dropped (client-go tools/record/event.go, 1.34). */
export const MAX_QUEUED_EVENTS = 1000;

/** What a recorder remembers of the events it wrote (client-go tools/record/events_cache.go, 1.34). */
export const MAX_REMEMBERED_EVENTS = 4096;

/** EVT-3: so many distinct messages of one reason, none more than this apart, become one event (same file). */
export const AGGREGATE_MAX_MESSAGES = 10;
export const AGGREGATE_INTERVAL_MS = 600_000;

/** EVT-4: events of one source about one object: so many at once, then so many a second (same file). */
export const SPAM_BURST = 25;
export const SPAM_PER_SECOND = 1 / 300;

/** How often and how long apart a write that was not answered is tried (client-go tools/record/event.go, 1.34). */
export const MAX_TRIES_PER_EVENT = 12;
export const EVENT_RETRY_DELAY_MS = 10_000;

/** When a series that was not seen for so long ends, and how often one that goes on is written (client-go tools/events/event_broadcaster.go, 1.34). */
export const SERIES_FINISH_MS = 360_000;
export const SERIES_REFRESH_MS = 1_800_000;
