import { formatTime, type Pod, type PodCondition, type PodStatus } from "../../api/index.js";

import { isOwnedByKubelet } from "./pod-conditions.js";
import { isTerminalPhase } from "./pod-phase.js";

/** Conditions that several components write. pkg/kubelet/types/pod_status.go, 1.34: PodConditionSharedByKubelet. */
const SHARED = "DisruptionTarget";

/** Sets what only time and history can: startTime, and lastTransitionTime of conditions whose status is new (COND-1, NET-2). */
export function withTimes(status: PodStatus, before: PodStatus, nowMs: number): PodStatus {
  return {
    ...status,
    startTime: before.startTime ?? status.startTime ?? formatTime(nowMs),
    conditions: (status.conditions ?? []).map((condition) =>
      withTransitionTime(condition, before, nowMs),
    ),
  };
}

function withTransitionTime(
  condition: PodCondition,
  before: PodStatus,
  nowMs: number,
): PodCondition {
  const isTimed = isOwnedByKubelet(condition.type) || condition.type === SHARED;
  if (!isTimed) return condition;
  const last = before.conditions?.find(({ type }) => type === condition.type);
  const lastTransitionTime =
    last?.status === condition.status && last.lastTransitionTime !== undefined
      ? last.lastTransitionTime
      : formatTime(nowMs);
  return { ...condition, lastTransitionTime };
}

/** Fields of a status that the kubelet writes; what else is in there is left alone. */
const OWNED_FIELDS = [
  "observedGeneration",
  "phase",
  "reason",
  "message",
  "hostIP",
  "hostIPs",
  "podIP",
  "podIPs",
  "startTime",
  "qosClass",
  "initContainerStatuses",
  "containerStatuses",
  "ephemeralContainerStatuses",
  "resize",
] as const;
const OWNED: ReadonlySet<string> = new Set(OWNED_FIELDS);

/**
 * What to write, given what is in the API. A pod whose containers may still run is not shown as terminal yet. pkg/kubelet/status/status_manager.go,
 * 1.34: mergePodStatus.
 */
export function mergePodStatus(
  inApi: PodStatus,
  ours: PodStatus,
  couldHaveRunningContainers: boolean,
  nowMs: number,
): PodStatus {
  const becomesTerminal = !isTerminalPhase(inApi.phase) && isTerminalPhase(ours.phase);
  const isHeld = becomesTerminal && couldHaveRunningContainers;
  const merged = othersFields(inApi);
  for (const field of OWNED_FIELDS) {
    const isPhase = field === "phase" || field === "reason" || field === "message";
    const value = isPhase && isHeld ? inApi[field] : ours[field];
    if (value !== undefined) merged[field] = value;
  }
  const mayShowDisruption = becomesTerminal && !couldHaveRunningContainers;
  merged["conditions"] = mergeConditions(inApi, ours, mayShowDisruption, nowMs);
  const status = merged as PodStatus;
  return isTerminalPhase(status.phase) ? withoutReady(status, nowMs) : status;
}

/** What is not the kubelet's, to be added to. */
function othersFields(inApi: PodStatus): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(inApi)) if (!OWNED.has(field)) fields[field] = value;
  return fields;
}

/** Others' conditions first, as they stand in the API, then the kubelet's. */
function mergeConditions(
  inApi: PodStatus,
  ours: PodStatus,
  mayShowDisruption: boolean,
  nowMs: number,
): PodCondition[] {
  const merged = (inApi.conditions ?? []).filter(({ type }) => !isOwnedByKubelet(type));
  for (const condition of ours.conditions ?? []) {
    if (isOwnedByKubelet(condition.type)) {
      merged.push(condition);
    } else if (condition.type === SHARED && mayShowDisruption) {
      const timed = withTransitionTime(condition, inApi, nowMs);
      const at = merged.findIndex(({ type }) => type === SHARED);
      if (at >= 0) merged[at] = timed;
      else merged.push(timed);
    }
  }
  return merged;
}

/** No terminal pod is ready, even if the kubelet has not come round to saying so. */
function withoutReady(status: PodStatus, nowMs: number): PodStatus {
  const reason = status.phase === "Succeeded" ? "PodCompleted" : "PodFailed";
  return {
    ...status,
    conditions: (status.conditions ?? []).map((condition) => {
      const isReady = condition.type === "Ready" || condition.type === "ContainersReady";
      if (!isReady || condition.status !== "True") return condition;
      const lastTransitionTime = formatTime(nowMs);
      return {
        type: condition.type,
        status: "False",
        reason,
        lastTransitionTime,
        ...(condition.observedGeneration === undefined
          ? {}
          : { observedGeneration: condition.observedGeneration }),
      };
    }),
  };
}

/** A pod may be taken out of the API: its deletion was asked for, all is down and shown so (TERM-9). */
export const canBeDeleted = (pod: Pod, isFinished: boolean): boolean =>
  pod.metadata.deletionTimestamp !== undefined && isTerminalPhase(pod.status.phase) && isFinished;
