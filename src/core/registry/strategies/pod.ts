import { podQosClass, type Pod, type PodCondition, type PodStatus } from "../../api/index.js";
import { withMetadata } from "../object-metadata.js";
import type { Strategy } from "../strategy.js";
import { withFirstGeneration, withNextGeneration } from "./generation.js";
import { withMatchLabelKeys } from "./pod-label-keys.js";
import { podWarnings } from "./pod-warnings.js";

/** pkg/registry/core/pod/strategy.go, 1.34 */
export const podStrategy: Strategy<Pod> = {
  returnsDeleted: true,
  /** DEF-11, DEF-12, SCHED-7 */
  prepareForCreate(pod) {
    const status: PodStatus = { phase: "Pending", qosClass: podQosClass(pod.spec) };
    const isGated = (pod.spec.schedulingGates ?? []).length > 0;
    return withMatchLabelKeys({
      ...withFirstGeneration(pod),
      status: isGated ? { ...status, conditions: [GATED] } : status,
    });
  },
  warningsOnCreate: podWarnings,
  prepareForUpdate: (next, previous) =>
    withNextGeneration({ ...next, status: previous.status }, previous, specOf),
  /** API-18 */
  prepareForStatusUpdate: (next, previous) => ({
    ...withMetadata(next, {
      deletionTimestamp: undefined,
      ownerReferences: previous.metadata.ownerReferences,
    }),
    spec: previous.spec,
    status: withKeptGenerations(next.status, previous.status),
  }),
  /** API-13 */
  gracePeriodSeconds({ spec, status }, options) {
    const isNowhere = (spec.nodeName ?? "") === "";
    if (isNowhere || status.phase === "Failed" || status.phase === "Succeeded") return 0;
    const seconds = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
    return seconds < 0 ? 1 : seconds;
  },
};

export const specOf = (pod: Pod): unknown => pod.spec;

const GATED: PodCondition = {
  type: "PodScheduled",
  status: "False",
  reason: "SchedulingGated",
  message: "Scheduling is blocked due to non-empty scheduling gates",
};

/** A client that knows neither the QoS class nor observed generations does not take them away. */
const withKeptGenerations = (next: PodStatus, previous: PodStatus): PodStatus => {
  const { qosClass = previous.qosClass, observedGeneration = previous.observedGeneration } = next;
  return {
    ...next,
    ...(qosClass === undefined ? {} : { qosClass }),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(next.conditions === undefined
      ? {}
      : { conditions: withKeptObservations(next.conditions, previous.conditions ?? []) }),
  };
};

const withKeptObservations = (
  next: PodCondition[],
  previous: readonly PodCondition[],
): PodCondition[] => {
  const isComplete = next.every((condition) => condition.observedGeneration !== undefined);
  if (isComplete || previous.length === 0) return next;
  return next.map((condition) => {
    if (condition.observedGeneration !== undefined) return condition;
    const before = previous.find(({ type }) => type === condition.type)?.observedGeneration;
    return before === undefined ? condition : { ...condition, observedGeneration: before };
  });
};
