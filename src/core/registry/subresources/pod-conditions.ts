import { formatTime, type Pod, type PodCondition, type PodStatus } from "../../api/index.js";

/** The status with this condition in place; a transition takes the time of the write. pkg/api/v1/pod/util.go UpdatePodCondition, 1.34 */
export const withCondition = (
  { status, metadata }: Pod,
  condition: Pick<PodCondition, "type" | "status" | "reason" | "message">,
  nowMs: number,
): PodStatus => {
  const conditions = status.conditions ?? [];
  const before = conditions.find(({ type }) => type === condition.type);
  const isTransition = before?.status !== condition.status;
  const { generation } = metadata;
  const next: PodCondition = {
    lastProbeTime: null,
    lastTransitionTime: isTransition ? formatTime(nowMs) : before.lastTransitionTime,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...condition,
  } as PodCondition;
  return {
    ...status,
    conditions:
      before === undefined
        ? [...conditions, next]
        : conditions.map((other) => (other === before ? next : other)),
  };
};
