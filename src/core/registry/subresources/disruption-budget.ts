import {
  formatTime,
  labelSelectorFrom,
  type Condition,
  type Pod,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
} from "../../api/index.js";
import type { ObjectStore } from "../../store/index.js";

const STORAGE = "poddisruptionbudgets.policy";

/** The budgets that select a pod; an empty selector selects every one of the namespace, none selects no pod. pkg/registry/core/pod/storage/eviction.go getPodDisruptionBudgets, 1.34 */
export const budgetsOf = (store: ObjectStore, pod: Pod): PodDisruptionBudget[] =>
  (store.list(STORAGE, pod.metadata.namespace) as PodDisruptionBudget[]).filter(({ spec }) =>
    labelSelectorFrom(spec.selector).matches(pod.metadata.labels),
  );

export const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;

/**
 * What the disruption controller says of a budget, or would say if it has not yet: pods are counted here then, so that an eviction right after
 * the budget's creation is judged as one a moment later. pkg/controller/disruption/disruption.go trySync, 1.34
 */
export const currentStatusOf = (
  store: ObjectStore,
  budget: PodDisruptionBudget,
): PodDisruptionBudgetStatus => {
  const generation = budget.metadata.generation ?? 0;
  if ((budget.status.observedGeneration ?? 0) >= generation) return budget.status;
  const selector = labelSelectorFrom(budget.spec.selector);
  const pods = (store.list("pods", budget.metadata.namespace) as Pod[]).filter(
    ({ metadata, status }) =>
      selector.matches(metadata.labels) &&
      status.phase !== "Succeeded" &&
      status.phase !== "Failed",
  );
  const { disruptedPods = {} } = budget.status;
  const currentHealthy = pods.filter(
    (pod) =>
      isReady(pod) &&
      pod.metadata.deletionTimestamp === undefined &&
      disruptedPods[pod.metadata.name] === undefined,
  ).length;
  const { expectedPods, desiredHealthy } = expectedOf(budget, pods.length);
  return {
    ...budget.status,
    observedGeneration: generation,
    expectedPods,
    desiredHealthy,
    currentHealthy,
    disruptionsAllowed: expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy),
  };
};

interface Expectation {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
}

/** Pods stand for the scale of their controllers. disruption.go getExpectedPodCount, 1.34 */
const expectedOf = ({ spec }: PodDisruptionBudget, podCount: number): Expectation => {
  if (spec.maxUnavailable !== undefined) {
    const unavailable = scaled(spec.maxUnavailable, podCount);
    return { expectedPods: podCount, desiredHealthy: Math.max(0, podCount - unavailable) };
  }
  return {
    expectedPods: podCount,
    desiredHealthy: spec.minAvailable === undefined ? 0 : scaled(spec.minAvailable, podCount),
  };
};

/** A number, or a percentage rounded up. apimachinery util/intstr GetScaledValueFromIntOrPercent, 1.34 */
const scaled = (value: number | string, total: number): number =>
  typeof value === "number" ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);

/** component-helpers apps/poddisruptionbudget/helpers.go UpdateDisruptionAllowedCondition, 1.34 */
export const withDisruptionAllowed = (
  status: PodDisruptionBudgetStatus,
  { metadata }: PodDisruptionBudget,
  nowMs: number,
): PodDisruptionBudgetStatus => {
  const isAllowed = (status.disruptionsAllowed ?? 0) > 0;
  const before = status.conditions?.find(({ type }) => type === "DisruptionAllowed");
  const value = isAllowed ? "True" : "False";
  const condition: Condition = {
    type: "DisruptionAllowed",
    status: value,
    reason: isAllowed ? "SufficientPods" : "InsufficientPods",
    message: "",
    lastTransitionTime: before?.status === value ? before.lastTransitionTime : formatTime(nowMs),
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
  };
  const others = (status.conditions ?? []).filter((other) => other !== before);
  return { ...status, conditions: [...others, condition] };
};
