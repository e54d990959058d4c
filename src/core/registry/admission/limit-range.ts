import {
  amountsOf,
  asInteger,
  asMilli,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  podLimits,
  podRequests,
  type LimitRangeItem,
  type PersistentVolumeClaim,
  type Pod,
  type ResourceAmounts,
} from "../../api/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";
import { limitRangesOf } from "./limit-range-defaults.js";

interface Usage {
  readonly requests: ResourceAmounts;
  readonly limits: ResourceAmounts;
}

/** @throws StatusError 403 when a container or the pod is out of bounds. plugin/pkg/admission/limitranger/admission.go PodValidateLimitFunc, 1.34 */
export const checkPodLimits = (pod: Pod, context: WriteContext): void => {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(
    ({ resources }): Usage => ({
      requests: amountsOf(resources?.requests),
      limits: amountsOf(resources?.limits),
    }),
  );
  for (const { spec } of limitRangesOf(context)) {
    const problems = spec.limits.flatMap((item) => {
      if (item.type === "Container") return containers.flatMap((usage) => problemsOf(item, usage));
      if (item.type !== "Pod") return [];
      return problemsOf(item, { requests: podRequests(pod), limits: podLimits(pod) });
    });
    refuse(pod, problems, context);
  }
};

/** PersistentVolumeClaimValidateLimitFunc: only what is asked for has bounds. */
export const checkClaimLimits = (claim: PersistentVolumeClaim, context: WriteContext): void => {
  const requests = amountsOf(claim.spec.resources?.requests);
  for (const { spec } of limitRangesOf(context)) {
    const problems = spec.limits
      .filter(({ type }) => type === "PersistentVolumeClaim")
      .flatMap((item) => [
        ...each(item.min, (name, bound) => belowMinimum(item.type, name, bound, requests)),
        ...each(item.max, (name, bound) => {
          const request = requests.get(name);
          if (request === undefined || compareQuantities(request, parseQuantity(bound)) <= 0)
            return null;
          return `maximum ${name} usage per ${item.type} is ${bound}, but request is ${formatQuantity(request)}`;
        }),
      ]);
    refuse(claim, problems, context);
  }
};

const refuse = (
  object: Pod | PersistentVolumeClaim,
  problems: readonly string[],
  { resource }: WriteContext,
): void => {
  const texts = [...new Set(problems)];
  if (texts.length === 0) return;
  const why = texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
  throw admissionForbids(resource, object, why);
};

const problemsOf = (item: LimitRangeItem, { requests, limits }: Usage): string[] => [
  ...each(item.min, (name, bound) => belowMinimum(item.type, name, bound, requests, limits)),
  ...each(item.max, (name, bound) => aboveMaximum(item.type, name, bound, requests, limits)),
  ...each(item.maxLimitRequestRatio, (name, bound) =>
    aboveRatio(item.type, name, bound, requests, limits),
  ),
];

const each = (
  bounds: Readonly<Record<string, string>> | undefined,
  check: (name: string, bound: string) => string | null,
): string[] =>
  Object.entries(bounds ?? {})
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, bound]) => check(name, bound) ?? []);

const belowMinimum = (
  type: string,
  name: string,
  bound: string,
  requests: ResourceAmounts,
  limits: ResourceAmounts = new Map(),
): string | null => {
  const minimum = parseQuantity(bound);
  const text = `minimum ${name} usage per ${type} is ${formatQuantity(minimum)}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (request === undefined) return `${text}.  No request is specified`;
  if (compareQuantities(request, minimum) < 0) {
    return `${text}, but request is ${formatQuantity(request)}`;
  }
  if (limit !== undefined && compareQuantities(limit, minimum) < 0) {
    return `${text}, but limit is ${formatQuantity(limit)}`;
  }
  return null;
};

const aboveMaximum = (
  type: string,
  name: string,
  bound: string,
  requests: ResourceAmounts,
  limits: ResourceAmounts,
): string | null => {
  const maximum = parseQuantity(bound);
  const text = `maximum ${name} usage per ${type} is ${formatQuantity(maximum)}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (limit === undefined) return `${text}.  No limit is specified`;
  if (compareQuantities(limit, maximum) > 0) {
    return `${text}, but limit is ${formatQuantity(limit)}`;
  }
  if (request !== undefined && compareQuantities(request, maximum) > 0) {
    return `${text}, but request is ${formatQuantity(request)}`;
  }
  return null;
};

const aboveRatio = (
  type: string,
  name: string,
  bound: string,
  requests: ResourceAmounts,
  limits: ResourceAmounts,
): string | null => {
  const maximum = parseQuantity(bound);
  const text = `${name} max limit to request ratio per ${type} is ${formatQuantity(maximum)}`;
  const request = requests.get(name);
  const limit = limits.get(name);
  if (request === undefined || asInteger(request) === 0) {
    return `${text}, but no request is specified or request is 0`;
  }
  if (limit === undefined || asInteger(limit) === 0) {
    return `${text}, but no limit is specified or limit is 0`;
  }
  const ratio = asMilli(limit) / asMilli(request);
  if (ratio * 1000 <= asMilli(maximum)) return null;
  return `${text}, but provided ratio is ${ratio.toFixed(6)}`;
};
