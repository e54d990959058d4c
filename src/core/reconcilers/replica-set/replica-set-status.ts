import {
  formatTime,
  semanticEqual,
  type Pod,
  type ReplicaSet,
  type ReplicaSetCondition,
  type ReplicaSetStatus,
} from "../../api/index.js";
import { untilAvailableMs } from "./pod-availability.js";

const REPLICA_FAILURE = "ReplicaFailure";

/**
 * What a ReplicaSet says of its pods. pkg/controller/replicaset/replica_set_utils.go calculateStatus, 1.34
 * @param pods its active ones
 * @param failure why it could not make or delete pods; null when it could
 */
export const nextReplicaSetStatus = (
  { spec, status, metadata }: ReplicaSet,
  pods: readonly Pod[],
  failure: string | null,
  nowMs: number,
): ReplicaSetStatus => {
  const labels = spec.template?.metadata?.labels ?? {};
  const { minReadySeconds = 0 } = spec;
  let fullyLabeled = 0;
  let ready = 0;
  let available = 0;
  for (const pod of pods) {
    if (hasLabels(pod, labels)) fullyLabeled += 1;
    const waitMs = untilAvailableMs(pod, minReadySeconds, nowMs);
    if (waitMs !== null) ready += 1;
    if (waitMs === 0) available += 1;
  }
  const conditions = nextConditions(status.conditions ?? [], spec, pods.length, failure, nowMs);
  return {
    ...(available === 0 ? {} : { availableReplicas: available }),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(fullyLabeled === 0 ? {} : { fullyLabeledReplicas: fullyLabeled }),
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    replicas: pods.length,
  };
};

/** Whether a status need not be written. updateReplicaSetStatus, same file */
export const isSameStatus = (status: ReplicaSetStatus, next: ReplicaSetStatus): boolean =>
  semanticEqual(
    { ...next, terminatingReplicas: undefined },
    { ...status, terminatingReplicas: undefined },
  );

/** Milliseconds until the next of the ready pods becomes available; null when none will. */
export const untilNextAvailableMs = (
  { spec: { minReadySeconds = 0 } }: ReplicaSet,
  pods: readonly Pod[],
  nowMs: number,
): number | null => {
  // Then they are available as soon as they are ready.
  if (minReadySeconds === 0) return null;
  const waits = pods.flatMap((pod) => {
    const waitMs = untilAvailableMs(pod, minReadySeconds, nowMs);
    return waitMs === null || waitMs === 0 || waitMs === Number.POSITIVE_INFINITY ? [] : [waitMs];
  });
  return waits.length === 0 ? null : Math.min(...waits);
};

const hasLabels = ({ metadata }: Pod, labels: Readonly<Record<string, string>>): boolean => {
  for (const key in labels) if (metadata.labels?.[key] !== labels[key]) return false;
  return true;
};

/** The first failure stays until there is none. */
const nextConditions = (
  conditions: readonly ReplicaSetCondition[],
  { replicas = 0 }: ReplicaSet["spec"],
  podCount: number,
  failure: string | null,
  nowMs: number,
): ReplicaSetCondition[] => {
  const isKnown = conditions.some(({ type }) => type === REPLICA_FAILURE);
  if (failure === null) return conditions.filter(({ type }) => type !== REPLICA_FAILURE);
  if (isKnown) return [...conditions];
  const condition: ReplicaSetCondition = {
    type: REPLICA_FAILURE,
    status: "True",
    lastTransitionTime: formatTime(nowMs),
    reason: podCount < replicas ? "FailedCreate" : podCount > replicas ? "FailedDelete" : "",
    message: failure,
  };
  return [...conditions, condition];
};
