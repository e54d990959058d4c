import type { Container } from "../api/index.js";
import type { RuntimeContainerStatus } from "../runtime/index.js";

/** Why a container is killed, as far as its grace period depends on it. */
export type KillReason = "liveness" | "startup" | "resize" | "postStart" | "other";

export interface ContainerToKill {
  readonly instance: RuntimeContainerStatus;
  readonly container: Container;
  /** What the Killing event says. */
  readonly message: string;
  readonly reason: KillReason;
}
