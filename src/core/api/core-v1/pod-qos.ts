import type { PodSpec } from "../generated/core-v1.js";
import { addQuantities, compareQuantities } from "../meta/quantity.js";
import type { Quantity } from "../meta/quantity.js";
import { amountsOf, hasPodLevelResources } from "./pod-resources.js";

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

const QOS_RESOURCES: readonly string[] = ["cpu", "memory"];

/** DEF-12: the quality-of-service class. pkg/apis/core/v1/helper/qos/qos.go ComputePodQOS, 1.34 */
export function podQosClass(spec: PodSpec): QosClass {
  const requests = new Map<string, Quantity>();
  const limits = new Map<string, Quantity>();
  const everyLimit = hasPodLevelResources(spec)
    ? collect(spec.resources ?? {}, requests, limits)
    : [...spec.containers, ...(spec.initContainers ?? [])]
        .map(({ resources }) => collect(resources ?? {}, requests, limits))
        .every((complete) => complete);
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  const equal = [...requests].every(([name, request]) => {
    const limit = limits.get(name);
    return limit !== undefined && compareQuantities(limit, request) === 0;
  });
  return everyLimit && equal && requests.size === limits.size ? "Guaranteed" : "Burstable";
}

/** Adds up what is not zero; true when both cpu and memory are limited. */
function collect(
  resources: { requests?: Record<string, string>; limits?: Record<string, string> },
  requests: Map<string, Quantity>,
  limits: Map<string, Quantity>,
): boolean {
  addPositive(requests, resources.requests);
  return addPositive(limits, resources.limits) === QOS_RESOURCES.length;
}

function addPositive(
  total: Map<string, Quantity>,
  list: Readonly<Record<string, string>> | undefined,
): number {
  let found = 0;
  for (const [name, quantity] of amountsOf(list)) {
    if (!QOS_RESOURCES.includes(name) || quantity.nanos <= 0n) continue;
    const sum = total.get(name);
    total.set(name, sum === undefined ? quantity : addQuantities(sum, quantity));
    found += 1;
  }
  return found;
}
