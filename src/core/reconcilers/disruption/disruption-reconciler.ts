import {
  formatTime,
  isStatusError,
  labelSelectorFrom,
  objectReference,
  parseTime,
  type LabelSelector,
  type Pod,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
} from "../../api/index.js";
import { EventRecorder, Informer, WorkQueue, type Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { ignoreRefusal } from "../ignore-refusal.js";
import { DISRUPTED_POD_TIMEOUT_MS } from "../limits.js";
import type { ReconcilerContext } from "../reconciler-context.js";
import {
  countHealthy,
  countsByScale,
  disruptedPods,
  expectedCount,
  failedStatus,
  nextStatus,
} from "./budget-status.js";
import { scaleOf } from "./pod-scale.js";

const BUDGETS = "poddisruptionbudgets.policy";

/** Keeps what budgets allow up to date, and takes back conditions of disruptions that did not come. pkg/controller/disruption/disruption.go, 1.34. */
export const startDisruptionReconciler = (context: ReconcilerContext): void => {
  const { engine, client, informers } = context;
  const budgets = new Informer<PodDisruptionBudget>(client, BUDGETS);
  const events = new EventRecorder({ engine, client, component: "controllermanager" });
  const queue = new WorkQueue(engine);
  const stale = new WorkQueue(engine);
  const noteBudget = ({ metadata }: PodDisruptionBudget): void => {
    queue.add(`${metadata.namespace}/${metadata.name}`);
  };
  const notePod = (pod: Pod): void => {
    const selecting = budgets.list().filter((budget) => selects(budget, pod));
    noteSeveral(events, pod, selecting);
    for (const budget of selecting) noteBudget(budget);
    const waitMs = untilStaleMs(pod, engine.nowMs);
    if (waitMs !== null) stale.addAfter(`${pod.metadata.namespace}/${pod.metadata.name}`, waitMs);
  };
  budgets.addHandlers({ onAdd: noteBudget, onUpdate: noteBudget });
  informers.pods.addHandlers({ onAdd: notePod, onUpdate: notePod, onDelete: notePod });
  budgets.start();
  queue.startWorker("disruption", function* (key): Call<void> {
    const [namespace = "", name = ""] = key.split("/");
    const budget = budgets.get(namespace, name);
    if (budget === undefined) return;
    const recheckAtMs = yield* syncBudget(context, events, budget);
    if (recheckAtMs !== null) queue.addAfter(key, recheckAtMs - engine.nowMs + 1);
  });
  stale.startWorker("stale-disruption", function* (key): Call<void> {
    const [namespace = "", name = ""] = key.split("/");
    const pod = informers.pods.get(namespace, name);
    const waitMs = pod === undefined ? null : untilStaleMs(pod, engine.nowMs);
    if (pod === undefined || waitMs === null) return;
    if (waitMs > 0) stale.addAfter(key, waitMs);
    else yield* ignoreRefusal(client.updateStatus("pods", withoutDisruption(pod, engine.nowMs)));
  });
};

/** disruption.go, 1.34: getPdbForPod. The event is emitted at each look; there, only the one chosen is synced at once. */
function noteSeveral(
  events: EventRecorder,
  pod: Pod,
  [chosen, ...others]: readonly PodDisruptionBudget[],
): void {
  if (chosen === undefined || others.length === 0) return;
  const [namespace, name] = [pod.metadata.namespace, pod.metadata.name].map((text) =>
    JSON.stringify(text),
  );
  const which = JSON.stringify(chosen.metadata.name);
  const text = `Pod ${namespace ?? ""}/${name ?? ""} matches multiple PodDisruptionBudgets.  Chose ${which} arbitrarily.`;
  events.emit(objectReference(pod), "Warning", "MultiplePodDisruptionBudgets", text);
}

/** disruption.go, 1.34: trySync. Returns when to look again. */
function* syncBudget(
  { engine, client, informers }: ReconcilerContext,
  events: EventRecorder,
  budget: PodDisruptionBudget,
): Call<number | null> {
  const about = objectReference(budget);
  const pods = informers.pods.list().filter((pod) => selects(budget, pod));
  if (pods.length === 0) events.emit(about, "Normal", "NoPods", "No matching pods found");
  let scale = 0;
  if (countsByScale(budget)) {
    const found = yield* scaleOf(client, pods);
    if ("failure" in found) {
      const text = `Failed to calculate the number of expected pods: ${found.failure}`;
      events.emit(about, "Warning", "CalculateExpectedPodCountFailed", text);
      yield* writeStatus(client, budget, failedStatus(budget, found.failure, engine.nowMs));
      return null;
    }
    if (found.unmanaged > 0) events.emit(about, "Warning", "UnmanagedPods", unmanagedText(budget));
    scale = found.scale;
  }
  const disrupted = disruptedPods(budget, pods, engine.nowMs);
  for (const pod of disrupted.overdue) {
    const { namespace } = budget.metadata;
    // Upstream says the namespace twice.
    const text = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
    events.emit(objectReference(pod), "Warning", "NotDeleted", text);
  }
  const count = expectedCount(budget, pods.length, scale);
  const healthy = countHealthy(pods, disrupted.kept);
  const status = nextStatus(budget, count, healthy, disrupted.kept, engine.nowMs);
  if (status !== null) yield* writeStatus(client, budget, status);
  return disrupted.recheckAtMs;
}

function* writeStatus(
  client: Client,
  budget: PodDisruptionBudget,
  status: PodDisruptionBudgetStatus,
): Call<void> {
  try {
    yield* client.updateStatus(BUDGETS, { ...budget, status });
  } catch (error) {
    // Changed meanwhile: its watch event brings it back.
    if (!isStatusError(error)) throw error;
  }
}

const selects = ({ metadata, spec }: PodDisruptionBudget, pod: Pod): boolean =>
  metadata.namespace === pod.metadata.namespace &&
  labelSelectorFrom(spec.selector).matches(pod.metadata.labels);

/** disruption.go, 1.34: nonTerminatingPodHasStaleDisruptionCondition. Null when there is nothing to take back. */
function untilStaleMs({ metadata, status }: Pod, nowMs: number): number | null {
  if (metadata.deletionTimestamp !== undefined) return null;
  if (status.phase === "Succeeded" || status.phase === "Failed") return null;
  const condition = status.conditions?.find(({ type }) => type === "DisruptionTarget");
  if (condition?.status !== "True" || condition.reason === "TerminationByKubelet") return null;
  const sinceMs = parseTime(condition.lastTransitionTime ?? "") ?? nowMs;
  return Math.max(0, sinceMs + DISRUPTED_POD_TIMEOUT_MS - nowMs);
}

const withoutDisruption = (pod: Pod, nowMs: number): Pod => ({
  ...pod,
  status: {
    ...pod.status,
    conditions: (pod.status.conditions ?? []).map((condition) =>
      condition.type === "DisruptionTarget"
        ? {
            type: "DisruptionTarget",
            status: "False",
            lastProbeTime: null,
            lastTransitionTime: formatTime(nowMs),
          }
        : condition,
    ),
  },
});

const unmanagedText = ({ spec }: PodDisruptionBudget): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${goSelector(spec.selector)}) were found to be unmanaged. As a result, the status of the PDB ` +
  'cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.';

/** As Go prints a *metav1.LabelSelector. apimachinery meta/v1/generated.pb.go, 0.34: String. */
function goSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return "nil";
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
    .join("");
  const expressions = (selector.matchExpressions ?? [])
    .map(
      ({ key, operator, values = [] }) =>
        `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
    )
    .join("");
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
