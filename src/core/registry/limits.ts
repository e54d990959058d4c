/** How long an Event is kept: kube-apiserver --event-ttl, 1.34. */
export const EVENT_TTL_MS = 3_600_000;
