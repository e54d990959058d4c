/** Machines one cluster may have: 10.244.0.0/14 holds 1,024 pod ranges of 254 addresses each. */
export const MAX_MACHINES = 1_024;

/** Commands that clients run in containers at the same time (pods/{name}/exec). Each holds a socket and some buffers. */
export const MAX_EXEC_SESSIONS = 256;
