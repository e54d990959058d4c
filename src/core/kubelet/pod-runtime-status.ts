import type { PodSandboxStatus, RuntimeContainerStatus } from "../runtime/index.js";

/** What the runtime knows of one pod. pkg/kubelet/container/runtime.go, 1.34: PodStatus. */
export interface PodRuntimeStatus {
  /** Newest first. */
  readonly sandboxes: readonly PodSandboxStatus[];
  /** Every instance that is still there, newest first. */
  readonly containers: readonly RuntimeContainerStatus[];
  /** Addresses of the newest sandbox, or the last ones known when that is gone. */
  readonly ips: readonly string[];
}

/** The newest instance of a container; null when it was never created (or is purged). */
export const latestInstance = (
  status: PodRuntimeStatus,
  name: string,
): RuntimeContainerStatus | null => status.containers.find((c) => c.name === name) ?? null;

export const isExited = (status: RuntimeContainerStatus): boolean => status.state === "exited";

/** A regular init container that ended badly. pkg/kubelet/kuberuntime/helpers.go, 1.34: isInitContainerFailed. */
export const hasFailed = (status: RuntimeContainerStatus): boolean =>
  isExited(status) && status.exitCode !== 0;

export const runningInstances = (status: PodRuntimeStatus): readonly RuntimeContainerStatus[] =>
  status.containers.filter((c) => c.state === "running");
