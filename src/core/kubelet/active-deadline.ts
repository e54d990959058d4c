import { parseTime, type Pod, type PodStatus } from "../api/index.js";

/** Why the kubelet ends a pod by itself: reason and message of its status. */
export interface Eviction {
  readonly reason: string;
  readonly message: string;
  /** Of its DisruptionTarget condition, when it is ended for the sake of others (COND-7). */
  readonly disruption?: string;
  /**
   * The conditions are judged on a pod that has failed. Only a deadline is heard that early (generateAPIPodStatus); what else ends a pod has its
   * word put on top of a status judged without it (SyncTerminatingPod's podStatusFn). pkg/kubelet/kubelet_pods.go and kubelet.go, 1.34.
   */
  readonly isJudgedOn?: true;
}

/** pkg/kubelet/active_deadline.go, 1.34. */
const REASON = "DeadlineExceeded";
const MESSAGE = "Pod was active on the node longer than the specified deadline";

/** When the pod's activeDeadlineSeconds are over, counted from its start on the node (PHASE-9); null without such. */
export function deadlineMs(pod: Pod, status: PodStatus | null): number | null {
  const { activeDeadlineSeconds } = pod.spec;
  if (activeDeadlineSeconds === undefined) return null;
  const startedAtMs = parseTime(status?.startTime ?? "");
  return startedAtMs === null ? null : startedAtMs + activeDeadlineSeconds * 1000;
}

export function deadlineEviction(
  pod: Pod,
  status: PodStatus | null,
  nowMs: number,
): Eviction | null {
  const deadline = deadlineMs(pod, status);
  return deadline === null || nowMs < deadline
    ? null
    : { reason: REASON, message: MESSAGE, isJudgedOn: true };
}
