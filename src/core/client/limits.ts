/** First and longest delay of an item that fails again and again (client-go util/workqueue/default_rate_limiters.go, 1.34). */
export const RETRY_BASE_DELAY_MS = 5;
export const RETRY_MAX_DELAY_MS = 1_000_000;

/** Retries of one queue together: so many at once, then so many a second (same file). */
export const RETRY_BURST = 100;
export const RETRIES_PER_SECOND = 10;
