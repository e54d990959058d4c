import { formatTime, type DeploymentCondition } from "../../api/index.js";

export type ConditionType = "Available" | "Progressing" | "ReplicaFailure";

/** Reasons of Progressing. pkg/controller/deployment/util/deployment_util.go, 1.34. */
export const REASON = {
  replicaSetUpdated: "ReplicaSetUpdated",
  failedCreate: "ReplicaSetCreateError",
  newReplicaSet: "NewReplicaSetCreated",
  foundReplicaSet: "FoundNewReplicaSet",
  available: "NewReplicaSetAvailable",
  timedOut: "ProgressDeadlineExceeded",
  paused: "DeploymentPaused",
  resumed: "DeploymentResumed",
} as const;

export const findCondition = (
  conditions: readonly DeploymentCondition[],
  type: ConditionType,
): DeploymentCondition | undefined => conditions.find((condition) => condition.type === type);

export const withoutCondition = (
  conditions: readonly DeploymentCondition[],
  type: ConditionType,
): readonly DeploymentCondition[] => conditions.filter((condition) => condition.type !== type);

/** Same file, SetDeploymentCondition: one of the same status and reason stays as it is, whatever its message. */
export const withCondition = (
  conditions: readonly DeploymentCondition[],
  condition: DeploymentCondition,
): readonly DeploymentCondition[] => {
  const before = conditions.find(({ type }) => type === condition.type);
  if (before?.status === condition.status && before.reason === condition.reason) return conditions;
  const { lastTransitionTime = null } = before ?? {};
  const isSameStatus = before?.status === condition.status;
  return [
    ...conditions.filter(({ type }) => type !== condition.type),
    isSameStatus ? { ...condition, lastTransitionTime } : condition,
  ];
};

export const newCondition = (
  type: ConditionType,
  status: "True" | "False" | "Unknown",
  reason: string,
  message: string,
  nowMs: number,
): DeploymentCondition => ({
  type,
  status,
  lastUpdateTime: formatTime(nowMs),
  lastTransitionTime: formatTime(nowMs),
  reason,
  message,
});
