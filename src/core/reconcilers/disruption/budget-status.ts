import {
  formatTime,
  parseTime,
  type Condition,
  type Pod,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
} from "../../api/index.js";
import { DISRUPTED_POD_TIMEOUT_MS } from "../limits.js";

export interface BudgetCount {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
}

/** pkg/controller/disruption/disruption.go, 1.34: getExpectedPodCount. @param scale of the controllers of all selected pods. */
export function expectedCount(
  { spec }: PodDisruptionBudget,
  podCount: number,
  scale: number,
): BudgetCount {
  const { maxUnavailable, minAvailable } = spec;
  if (maxUnavailable !== undefined) {
    const desiredHealthy = Math.max(0, scale - scaledUp(maxUnavailable, scale));
    return { expectedPods: scale, desiredHealthy };
  }
  if (typeof minAvailable === "number") {
    return { expectedPods: podCount, desiredHealthy: minAvailable };
  }
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  return { expectedPods: scale, desiredHealthy: scaledUp(minAvailable, scale) };
}

/** Whether the number of pods that should be there is that of their controllers. */
export const countsByScale = ({ spec }: PodDisruptionBudget): boolean =>
  spec.maxUnavailable !== undefined || typeof spec.minAvailable === "string";

/** A number, or a percentage rounded up. apimachinery util/intstr, 0.34: GetScaledValueFromIntOrPercent. */
const scaledUp = (value: number | string, total: number): number =>
  typeof value === "number" ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);

export interface DisruptedPods {
  readonly kept: Readonly<Record<string, string>>;
  /** Pods whose eviction was let through and who are still not being deleted. */
  readonly overdue: readonly Pod[];
  /** When to look again; null when nothing is awaited. */
  readonly recheckAtMs: number | null;
}

/** disruption.go, 1.34: buildDisruptedPodMap. */
export function disruptedPods(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): DisruptedPods {
  const kept: Record<string, string> = {};
  const overdue: Pod[] = [];
  let recheckAtMs: number | null = null;
  for (const pod of pods) {
    const since = status.disruptedPods?.[pod.metadata.name];
    if (since === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    const dueMs = (parseTime(since) ?? 0) + DISRUPTED_POD_TIMEOUT_MS;
    if (dueMs < nowMs) {
      overdue.push(pod);
      continue;
    }
    kept[pod.metadata.name] = since;
    recheckAtMs = Math.min(recheckAtMs ?? dueMs, dueMs);
  }
  return { kept, overdue, recheckAtMs };
}

/** disruption.go, 1.34: countHealthyPods. */
export const countHealthy = (
  pods: readonly Pod[],
  disrupted: Readonly<Record<string, string>>,
): number =>
  pods.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      disrupted[metadata.name] === undefined &&
      status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true,
  ).length;

/** disruption.go, 1.34: updatePdbStatus. Null when nothing is to be written. */
export function nextStatus(
  budget: PodDisruptionBudget,
  { expectedPods, desiredHealthy }: BudgetCount,
  currentHealthy: number,
  disrupted: Readonly<Record<string, string>>,
  nowMs: number,
): PodDisruptionBudgetStatus | null {
  const { status, metadata } = budget;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const observedGeneration = metadata.generation ?? 0;
  const next: PodDisruptionBudgetStatus = {
    observedGeneration,
    ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: conditionsFor(
      status.conditions ?? [],
      disruptionsAllowed > 0,
      observedGeneration,
      nowMs,
    ),
  };
  return isSameStatus(status, next) ? null : next;
}

/** disruption.go, 1.34: failSafe. Nothing is allowed while nobody can tell how many pods there should be; what was counted before stays. */
export const failedStatus = (
  { status }: PodDisruptionBudget,
  message: string,
  nowMs: number,
): PodDisruptionBudgetStatus => ({
  ...status,
  disruptionsAllowed: 0,
  conditions: withCondition(
    status.conditions ?? [],
    {
      status: "False",
      reason: "SyncFailed",
      message,
      observedGeneration: status.observedGeneration ?? 0,
    },
    nowMs,
  ),
});

/** component-helpers apps/poddisruptionbudget/helpers.go, 0.34: UpdateDisruptionAllowedCondition. */
const conditionsFor = (
  before: readonly Condition[],
  isAllowed: boolean,
  observedGeneration: number,
  nowMs: number,
): Condition[] =>
  withCondition(
    before,
    {
      status: isAllowed ? "True" : "False",
      reason: isAllowed ? "SufficientPods" : "InsufficientPods",
      message: "",
      observedGeneration,
    },
    nowMs,
  );

/** apimachinery api/meta/conditions.go, 0.34: SetStatusCondition. */
function withCondition(
  before: readonly Condition[],
  next: Pick<Condition, "status" | "reason" | "message"> & { observedGeneration: number },
  nowMs: number,
): Condition[] {
  const old = before.find(({ type }) => type === "DisruptionAllowed");
  const { status, reason, message, observedGeneration } = next;
  const condition: Condition = {
    type: "DisruptionAllowed",
    status,
    // Zero is left out, as Go does it.
    ...(observedGeneration === 0 ? {} : { observedGeneration }),
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : formatTime(nowMs),
    reason,
    message,
  };
  return old === undefined
    ? [...before, condition]
    : before.map((other) => (other === old ? condition : other));
}

const isSameStatus = (a: PodDisruptionBudgetStatus, b: PodDisruptionBudgetStatus): boolean =>
  a.observedGeneration === b.observedGeneration &&
  a.disruptionsAllowed === b.disruptionsAllowed &&
  a.currentHealthy === b.currentHealthy &&
  a.desiredHealthy === b.desiredHealthy &&
  a.expectedPods === b.expectedPods &&
  isSameMap(a.disruptedPods ?? {}, b.disruptedPods ?? {}) &&
  isUpToDate(a);

const isSameMap = (
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, time]) => b[name] === time);

/** helpers.go, 0.34: ConditionsAreUpToDate. */
const isUpToDate = ({
  conditions,
  observedGeneration,
  disruptionsAllowed = 0,
}: PodDisruptionBudgetStatus): boolean =>
  conditions?.some(
    (condition) =>
      condition.type === "DisruptionAllowed" &&
      condition.observedGeneration === observedGeneration &&
      condition.status === (disruptionsAllowed > 0 ? "True" : "False"),
  ) === true;
