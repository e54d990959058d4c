/** Machines one cluster may have: 10.244.0.0/14 holds 1,024 pod ranges of 254 addresses each. */
export const MAX_MACHINES = 1_024;
