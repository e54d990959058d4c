/** Machines one cluster may have: 10.244.0.0/14 holds 1,024 pod ranges of 254 addresses each. */
export const MAX_MACHINES = 1_024;

/** Commands that clients run in containers at the same time (pods/{name}/exec). Each holds a socket and some buffers. */
export const MAX_EXEC_SESSIONS = 256;

/** Clients of one port of a Service that are sent where they were before (sessionAffinity); the one not seen for longest is forgotten first. */
export const MAX_AFFINITY_CLIENTS = 4_096;

/** How long a client waits on a connection that has gone dead: apimachinery pkg/util/net/http.go, 0.34 (readIdleTimeout and pingTimeout of HTTP/2). */
export const CONNECTION_HEALTH_MS = 45_000;
/** How long it tries to make one: client-go transport/cache.go, 0.34. */
export const DIAL_TIMEOUT_MS = 30_000;
