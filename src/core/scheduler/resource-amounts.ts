import {
  amountsOf as quantitiesOf,
  parseQuantity,
  podRequests,
  wholeAmount,
  type Pod,
  type ResourceAmounts as Quantities,
} from "../api/index.js";

/** Amounts by resource name: cpu in milli, everything else in its base unit. */
export type ResourceAmounts = ReadonlyMap<string, number>;

/** pkg/scheduler/util/pod_resources.go, 1.34: what scoring assumes of a container that requests nothing. */
const DEFAULT_REQUESTS: Quantities = new Map([
  ["cpu", parseQuantity("100m")],
  ["memory", parseQuantity("200Mi")],
]);

export const amountsOf = (
  quantities: Readonly<Record<string, string>> | undefined,
): ResourceAmounts => asNumbers(quantitiesOf(quantities));

/** What the pod takes from its node (SCHED-2). */
export const requestsOf = (pod: Pod): ResourceAmounts => asNumbers(podRequests(pod));

/** What scoring takes into account: each container without a request counts as a small one. */
export const scoringRequestsOf = (pod: Pod): ResourceAmounts =>
  asNumbers(podRequests(pod, { nonMissingRequests: DEFAULT_REQUESTS }));

const asNumbers = (quantities: Quantities): ResourceAmounts =>
  new Map([...quantities].map(([name, quantity]) => [name, wholeAmount(name, quantity)]));
