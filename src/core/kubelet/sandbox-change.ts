import type { Pod } from "../api/index.js";
import type { PodRuntimeStatus } from "./pod-runtime-status.js";
import { usesHostNetwork } from "./pod-spec.js";

export interface SandboxChange {
  readonly isChanged: boolean;
  /** Attempt number of the sandbox to create or in use. */
  readonly attempt: number;
  /** Empty when there never was one. */
  readonly sandboxId: string;
}

/** Whether a pod needs a (new) sandbox. pkg/kubelet/kuberuntime/util/util.go, 1.34: PodSandboxChanged. */
export function sandboxChange(pod: Pod, status: PodRuntimeStatus): SandboxChange {
  const newest = status.sandboxes[0];
  if (newest === undefined) return { isChanged: true, attempt: 0, sandboxId: "" };
  const next = { isChanged: true, attempt: newest.attempt + 1, sandboxId: newest.id };
  const readyCount = status.sandboxes.filter((sandbox) => sandbox.state === "ready").length;
  if (readyCount > 1 || newest.state !== "ready") return next;
  // A pod on its own network whose sandbox has no address is of no use.
  if (!usesHostNetwork(pod) && newest.ip === "") return next;
  return { isChanged: false, attempt: newest.attempt, sandboxId: newest.id };
}
