import type { Container, Pod } from "../api/index.js";
import { isExited, latestInstance, type PodRuntimeStatus } from "./pod-runtime-status.js";

/**
 * Whether a container that does not run is to be started (RESTART-3). A container never created yet is; so is one whose start failed.
 * pkg/kubelet/container/helpers.go, 1.34: ShouldContainerBeRestarted.
 */
export function shouldContainerBeRestarted(
  container: Container,
  pod: Pod,
  status: PodRuntimeStatus,
): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const instance = latestInstance(status, container.name);
  if (instance === null) return true;
  if (instance.state === "running") return false;
  if (!isExited(instance)) return true;
  if (pod.spec.restartPolicy === "Never") return false;
  return pod.spec.restartPolicy !== "OnFailure" || instance.exitCode !== 0;
}
