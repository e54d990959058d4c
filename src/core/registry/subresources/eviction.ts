import {
  badRequest,
  decode,
  forbidden,
  formatTime,
  tooManyRequests,
  type DeleteOptions as EvictionDeleteOptions,
  type Eviction,
  type Pod,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
  type StatusError,
} from "../../api/index.js";
import type { ApiResponse, CreateRequest, DeleteOptions } from "../api-request.js";
import { checkDeletePreconditions, deleteObject } from "../delete.js";
import { readObject } from "../read-object.js";
import type { RegistryCore } from "../registry-core.js";
import type { WriteContext } from "../strategy.js";
import { budgetsOf, currentStatusOf, isReady, withDisruptionAllowed } from "./disruption-budget.js";
import { created } from "./outcome.js";
import { withCondition } from "./pod-conditions.js";

/** pkg/registry/core/pod/storage/eviction.go MaxDisruptedPodSize, 1.34 */
const MAX_DISRUPTED_PODS = 2000;

const EVICTION = {
  group: "policy",
  version: "v1",
  kind: "Eviction",
  schema: "io.k8s.api.policy.v1.Eviction",
};

/** API-20: deletes a pod when its disruption budget allows it. pkg/registry/core/pod/storage/eviction.go, 1.34 */
export const evict = (core: RegistryCore, request: CreateRequest): ApiResponse => {
  const { resource, namespace, name = "" } = request;
  const { object: eviction } = decode<Eviction>(EVICTION, request.body);
  if (eviction.metadata?.name !== name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
  const asked = core.contextOf(request);
  const dryRun = asked.dryRun || (eviction.deleteOptions?.dryRun ?? []).length > 0;
  const context: WriteContext = { ...asked, dryRun };
  const options = deleteOptionsOf(eviction.deleteOptions);
  const pod = readObject(core.store, resource, namespace, name) as Pod;
  if (ignoresBudget(pod)) {
    evictNow(core, pod, options, context);
    return created(context);
  }
  const budgets = budgetsOf(core.store, pod);
  if (budgets.length > 1) return severalBudgets(context);
  const [budget] = budgets;
  if (budget !== undefined && !isFreeOfBudget(core, budget, pod)) {
    takeDisruption(core, budget, pod, context);
  }
  evictNow(core, pod, options, context);
  return created(context);
};

const deleteOptionsOf = (options: EvictionDeleteOptions | undefined): DeleteOptions => {
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions } = options ?? {};
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy === undefined
      ? {}
      : {
          propagationPolicy: propagationPolicy as NonNullable<DeleteOptions["propagationPolicy"]>,
        }),
    ...(orphanDependents === undefined ? {} : { orphanDependents }),
    ...(preconditions === undefined ? {} : { preconditions }),
  };
};

/** A pod that does not run, or will not for long, disrupts nothing more. */
const ignoresBudget = ({ status, metadata }: Pod): boolean =>
  status.phase === "Succeeded" ||
  status.phase === "Failed" ||
  status.phase === "Pending" ||
  metadata.deletionTimestamp !== undefined;

/** An unready pod counts for nothing as long as the others are enough. */
const isFreeOfBudget = (core: RegistryCore, budget: PodDisruptionBudget, pod: Pod): boolean => {
  if (isReady(pod)) return false;
  if (budget.spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = currentStatusOf(core.store, budget);
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
};

/** @throws StatusError 429 when no disruption is allowed. */
const takeDisruption = (
  core: RegistryCore,
  budget: PodDisruptionBudget,
  pod: Pod,
  { dryRun, nowMs }: WriteContext,
): void => {
  const { name } = budget.metadata;
  const status = currentStatusOf(core.store, budget);
  if ((status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
    throw budgetRefuses(
      10,
      `The disruption budget ${name} is still being processed by the server.`,
    );
  }
  const { disruptionsAllowed = 0, disruptedPods = {} } = status;
  if (disruptionsAllowed < 0) {
    throw forbidden("poddisruptionbudget.policy", name, "pdb disruptions allowed is negative");
  }
  if (Object.keys(disruptedPods).length > MAX_DISRUPTED_PODS) {
    throw forbidden(
      "poddisruptionbudget.policy",
      name,
      "DisruptedPods map too big - too many evictions not confirmed by PDB controller",
    );
  }
  if (disruptionsAllowed === 0) throw budgetRefuses(0, denialOf(name, status));
  if (dryRun) return;
  const next = {
    ...status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...disruptedPods, [pod.metadata.name]: formatTime(nowMs) },
  };
  core.store.update("poddisruptionbudgets.policy", {
    ...budget,
    status: disruptionsAllowed === 1 ? withDisruptionAllowed(next, budget, nowMs) : next,
  } as PodDisruptionBudget);
};

/** What was counted is not to be trusted where the count failed. eviction.go, 1.34: checkAndDecrement. */
const denialOf = (name: string, status: PodDisruptionBudgetStatus): string => {
  const { desiredHealthy = 0, currentHealthy = 0, conditions = [] } = status;
  const { reason, message = "" } =
    conditions.find((each) => each.type === "DisruptionAllowed" && each.status === "False") ?? {};
  const denied = `The disruption budget ${name} does not allow evicting pods currently`;
  if (message !== "" && reason === "SyncFailed")
    return `${denied} because it failed sync: ${message}`;
  if (currentHealthy <= desiredHealthy) {
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  return message === "" ? denied : `${denied} (${reason ?? ""}): ${message}`;
};

const budgetRefuses = (retryAfterSeconds: number, message: string): StatusError =>
  tooManyRequests(
    "Cannot evict pod as it would violate the pod's disruption budget.",
    retryAfterSeconds,
    [{ reason: "DisruptionBudget", message }],
  );

/** Says why the pod goes, then deletes it. */
const evictNow = (
  core: RegistryCore,
  pod: Pod,
  options: DeleteOptions,
  context: WriteContext,
): void => {
  checkDeletePreconditions(pod, options, context.resource);
  if (!context.dryRun) markEvicted(core, pod, context);
  // The condition was a change of our own: the version that was asked for is not the current one any more.
  const { uid } = options.preconditions ?? {};
  const preconditions = uid === undefined ? {} : { uid };
  deleteObject(core, pod.metadata.name, { ...options, preconditions }, context);
};

const markEvicted = (core: RegistryCore, pod: Pod, { resource, nowMs }: WriteContext): void => {
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  const marked: Pod = { ...pod, status: withCondition(pod, condition, nowMs) };
  core.store.update(resource.storage, marked);
};

/** Kubernetes answers 201 with a Status that says 500. */
const severalBudgets = ({ warnings }: WriteContext): ApiResponse => ({
  code: 201,
  body: {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message:
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    code: 500,
  },
  warnings,
});
