/** Kubernetes supports clusters of up to 5,000 nodes (kubernetes.io, "Considerations for large clusters"). */
export const MAX_NODES = 5000;

/** Virtual seconds per real second. Above it, `max` says what is meant. */
export const MAX_CLOCK_SPEED = 1_000_000;
export const MIN_CLOCK_SPEED = 0.001;

export const MAX_TOKEN_LENGTH = 1024;
