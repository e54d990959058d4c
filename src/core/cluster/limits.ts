/** Machines one cluster may have: 10.244.0.0/14 holds 1,024 pod ranges of 254 addresses each. */
export const MAX_MACHINES = 1_024;

/** Commands that clients run in containers at the same time (pods/{name}/exec). Each holds a socket and some buffers. */
export const MAX_EXEC_SESSIONS = 256;

/** Clients of one port of a Service that are sent where they were before (sessionAffinity); the one not seen for longest is forgotten first. */
export const MAX_AFFINITY_CLIENTS = 4_096;
