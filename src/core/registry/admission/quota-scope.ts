import { podQosClass, type KubeObject, type Pod, type ResourceQuota } from "../../api/index.js";

/** Whether a quota with scopes is about this object. pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc, 1.34 */
export const isInScope = (
  { spec }: ResourceQuota,
  object: KubeObject,
  storage: string,
): boolean => {
  const scopes = [
    ...(spec.scopes ?? []).map((scopeName) => ({
      scopeName,
      operator: "Exists",
      values: [] as string[],
    })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ];
  if (scopes.length === 0) return true;
  if (storage !== "pods") return false;
  return scopes.every(({ scopeName, operator, values }) =>
    scopeHolds(object as Pod, scopeName, operator, values ?? []),
  );
};

const scopeHolds = (
  pod: Pod,
  scope: string,
  operator: string,
  values: readonly string[],
): boolean => {
  const isBestEffort = podQosClass(pod.spec) === "BestEffort";
  const isTerminating = pod.spec.activeDeadlineSeconds !== undefined;
  switch (scope) {
    case "BestEffort":
      return isBestEffort;
    case "NotBestEffort":
      return !isBestEffort;
    case "Terminating":
      return isTerminating;
    case "NotTerminating":
      return !isTerminating;
    case "PriorityClass":
      return priorityScopeHolds(pod.spec.priorityClassName ?? "", operator, values);
    default:
      return false;
  }
};

const priorityScopeHolds = (name: string, operator: string, values: readonly string[]): boolean => {
  switch (operator) {
    case "In":
      return values.includes(name);
    case "NotIn":
      return !values.includes(name);
    case "Exists":
      return name !== "";
    case "DoesNotExist":
      return name === "";
    default:
      return false;
  }
};
