import {
  parseTime,
  type Deployment,
  type DeploymentCondition,
  type DeploymentStatus,
  type ReplicaSet,
} from "../../api/index.js";
import {
  findCondition,
  newCondition,
  REASON,
  withCondition,
  withoutCondition,
} from "./deployment-conditions.js";
import type { Sets } from "./replica-sets.js";
import { maxUnavailable, progressDeadlineOf, sumOf, wantedOf } from "./rollout-numbers.js";

/** What a Deployment says of its sets. pkg/controller/deployment/sync.go calculateStatus, 1.34 */
export const nextDeploymentStatus = (
  deployment: Deployment,
  { current, old }: Sets,
  nowMs: number,
): DeploymentStatus => {
  const sets = current === null ? old : [...old, current];
  const available = sumOf(sets, ({ status }) => status.availableReplicas ?? 0);
  const isEnough = available >= wantedOf(deployment) - maxUnavailable(deployment);
  const { collisionCount, conditions = [] } = deployment.status;
  const counts = {
    availableReplicas: available,
    readyReplicas: sumOf(sets, ({ status }) => status.readyReplicas ?? 0),
    replicas: sumOf(sets, ({ status }) => status.replicas),
    unavailableReplicas: Math.max(0, sumOf(sets, wantedOf) - available),
    updatedReplicas: current?.status.replicas ?? 0,
  };
  const { generation } = deployment.metadata;
  return {
    ...withoutZeros(counts),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: [
      ...withCondition(
        conditions,
        isEnough
          ? newCondition(
              "Available",
              "True",
              "MinimumReplicasAvailable",
              "Deployment has minimum availability.",
              nowMs,
            )
          : newCondition(
              "Available",
              "False",
              "MinimumReplicasUnavailable",
              "Deployment does not have minimum availability.",
              nowMs,
            ),
      ),
    ],
  };
};

/** The status while a rollout goes on: how it gets along, too. pkg/controller/deployment/progress.go syncRolloutStatus, 1.34 */
export const nextRolloutStatus = (
  deployment: Deployment,
  sets: Sets,
  nowMs: number,
): DeploymentStatus => {
  const status = nextDeploymentStatus(deployment, sets, nowMs);
  const progressed = withProgress(deployment, status, sets.current, nowMs);
  const failure = failureOf(sets);
  const conditions =
    failure === null
      ? withoutCondition(progressed, "ReplicaFailure")
      : withCondition(progressed, failure);
  return { ...status, conditions: [...conditions] };
};

/** Milliseconds until a rollout that stands still is to be looked at again; null when it is over. progress.go requeueStuckDeployment, 1.34 */
export const untilStuckMs = (
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): number | null => {
  const deadline = progressDeadlineOf(deployment);
  const condition = findCondition(deployment.status.conditions ?? [], "Progressing");
  if (deadline === null || condition === undefined) return null;
  if (isComplete(deployment, status) || condition.reason === REASON.timedOut) return null;
  const updatedMs = parseTime(condition.lastUpdateTime ?? "") ?? nowMs;
  return Math.max(0, updatedMs + deadline * 1000 - nowMs) + 1000;
};

/** deployment_util.go DeploymentComplete, 1.34 */
export const isComplete = (deployment: Deployment, status: DeploymentStatus): boolean => {
  const wanted = wantedOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
};

const withProgress = (
  deployment: Deployment,
  status: DeploymentStatus,
  current: ReplicaSet | null,
  nowMs: number,
): readonly DeploymentCondition[] => {
  const { conditions = [] } = status;
  const before = findCondition(deployment.status.conditions ?? [], "Progressing");
  const deadline = progressDeadlineOf(deployment);
  if (deadline === null) return withoutCondition(conditions, "Progressing");
  if (before?.reason === REASON.available && hasNoOldPods(status)) return conditions;
  const subject =
    current === null
      ? `Deployment ${JSON.stringify(deployment.metadata.name)}`
      : `ReplicaSet ${JSON.stringify(current.metadata.name)}`;
  const condition = (isFine: boolean, reason: string, what: string): DeploymentCondition =>
    newCondition("Progressing", isFine ? "True" : "False", reason, `${subject} ${what}`, nowMs);
  if (isComplete(deployment, status)) {
    const done = condition(true, REASON.available, "has successfully progressed.");
    return withCondition(conditions, done);
  }
  if (isProgressing(deployment.status, status)) {
    const moved = condition(true, REASON.replicaSetUpdated, "is progressing.");
    // The time of the update is that of the last progress, so the condition is a new one each time.
    const since = before?.status === "True" ? before.lastTransitionTime : undefined;
    return withCondition(withoutCondition(conditions, "Progressing"), {
      ...moved,
      ...(since === undefined ? {} : { lastTransitionTime: since }),
    });
  }
  return isTimedOut(conditions, deadline, nowMs)
    ? withCondition(conditions, condition(false, REASON.timedOut, "has timed out progressing."))
    : conditions;
};

const hasNoOldPods = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): boolean =>
  replicas === updatedReplicas;

/** deployment_util.go DeploymentProgressing, 1.34 */
const isProgressing = (before: DeploymentStatus, after: DeploymentStatus): boolean => {
  const oldOnes = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number =>
    replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldOnes(after) < oldOnes(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
};

/** deployment_util.go DeploymentTimedOut, 1.34 */
const isTimedOut = (
  conditions: readonly DeploymentCondition[],
  deadlineSeconds: number,
  nowMs: number,
): boolean => {
  const condition = findCondition(conditions, "Progressing");
  if (condition === undefined || condition.reason === REASON.available) return false;
  if (condition.reason === REASON.timedOut) return true;
  const updatedMs = parseTime(condition.lastUpdateTime ?? "") ?? nowMs;
  return updatedMs + deadlineSeconds * 1000 < nowMs;
};

/** Of the new set, else of any. progress.go getReplicaFailures, 1.34 */
const failureOf = ({ current, old }: Sets): DeploymentCondition | null => {
  for (const { status } of current === null ? old : [current, ...old]) {
    const found = status.conditions?.find(({ type }) => type === "ReplicaFailure");
    if (found === undefined) continue;
    const { lastTransitionTime = null } = found;
    return { ...found, lastUpdateTime: lastTransitionTime, lastTransitionTime };
  }
  return null;
};

const withoutZeros = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
