import { asInteger, asMilli, parseQuantity, podRequests, type Pod } from "../api/index.js";

/** Amounts by resource name: cpu in milli, everything else in its base unit. */
export type ResourceAmounts = ReadonlyMap<string, number>;

/** pkg/scheduler/util/pod_resources.go, 1.34: what scoring assumes of a container that requests nothing. */
const DEFAULT_MILLI_CPU_REQUEST = 100;
const DEFAULT_MEMORY_REQUEST_BYTES = 200 * 1024 * 1024;

export const amountsOf = (
  quantities: Readonly<Record<string, string>> | undefined,
): ResourceAmounts =>
  new Map(Object.entries(quantities ?? {}).map(([name, text]) => [name, amountOf(name, text)]));

/** What the pod takes from its node (SCHED-2). */
export const requestsOf = (pod: Pod): ResourceAmounts => amountsOf(podRequests(pod));

/** What scoring takes into account: each container without a request counts as a small one. */
export const scoringRequestsOf = (pod: Pod): ResourceAmounts => {
  const requests = requestsOf(pod);
  const without = (name: string): number =>
    pod.spec.containers.filter((container) => container.resources?.requests?.[name] === undefined)
      .length;
  return new Map([
    ["cpu", (requests.get("cpu") ?? 0) + without("cpu") * DEFAULT_MILLI_CPU_REQUEST],
    ["memory", (requests.get("memory") ?? 0) + without("memory") * DEFAULT_MEMORY_REQUEST_BYTES],
  ]);
};

const amountOf = (name: string, text: string): number => {
  const quantity = parseQuantity(text);
  return name === "cpu" ? asMilli(quantity) : asInteger(quantity);
};
