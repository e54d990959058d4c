import type { Container, ContainerStatus, PodSpec, PodStatus } from "../generated/core-v1.js";
import {
  addQuantities,
  asInteger,
  asMilli,
  compareQuantities,
  parseQuantity,
} from "../meta/quantity.js";
import type { Quantity } from "../meta/quantity.js";
import { isSidecar } from "./container-kinds.js";

/** Amounts by resource name: `cpu`, `memory`, `ephemeral-storage`, `example.com/gpu`. */
export type ResourceAmounts = ReadonlyMap<string, Quantity>;

/** What the arithmetic reads of a pod; status only matters with `useStatus`. */
export interface PodForResources {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

export interface PodResourcesOptions {
  /** Counts what the node has already given to a pod in the middle of a resize. */
  readonly useStatus?: boolean;
  readonly excludeOverhead?: boolean;
  /** Stands in for requests that a container does not name (the scheduler's scores). */
  readonly nonMissingRequests?: ResourceAmounts;
  readonly excludePodLevel?: boolean;
}

type Side = "requests" | "limits";

/** SCHED-2: what a pod asks for as a whole. k8s.io/component-helpers resource/helpers.go PodRequests, 1.34 */
export function podRequests(
  pod: PodForResources,
  options: PodResourcesOptions = {},
): ResourceAmounts {
  const [only, ...others] = Object.keys(options);
  if (only === undefined) return remembered(asSpecified, pod.spec, () => computeRequests(pod, {}));
  const isWithStatus = others.length === 0 && options.useStatus === true;
  if (!isWithStatus) return computeRequests(pod, options);
  return remembered(withStatus, pod, () => computeRequests(pod, options));
}

/** Every pod of a node is asked for each one that comes. Objects are immutable, so what was worked out once holds. */
const asSpecified = new WeakMap<object, ResourceAmounts>();
const withStatus = new WeakMap<object, ResourceAmounts>();
const amounts = new WeakMap<object, ResourceAmounts>();

function remembered(
  cache: WeakMap<object, ResourceAmounts>,
  object: object,
  compute: () => ResourceAmounts,
): ResourceAmounts {
  const known = cache.get(object);
  if (known !== undefined) return known;
  const computed = compute();
  cache.set(object, computed);
  return computed;
}

function computeRequests(
  pod: PodForResources,
  options: PodResourcesOptions,
): Map<string, Quantity> {
  const requests = aggregateContainers(pod, "requests", options);
  if (options.excludePodLevel !== true) overridePodLevel(requests, pod.spec.resources?.requests);
  if (options.excludeOverhead !== true) addAll(requests, amountsOf(pod.spec.overhead));
  return requests;
}

/** What a pod may use as a whole; overhead counts where there is a limit. PodLimits, 1.34 */
export function podLimits(
  pod: PodForResources,
  options: PodResourcesOptions = {},
): Map<string, Quantity> {
  const limits = aggregateContainers(pod, "limits", options);
  if (options.excludePodLevel !== true) overridePodLevel(limits, pod.spec.resources?.limits);
  if (options.excludeOverhead === true) return limits;
  for (const [name, overhead] of amountsOf(pod.spec.overhead)) {
    const limit = limits.get(name);
    if (limit !== undefined && limit.nanos !== 0n) limits.set(name, addQuantities(limit, overhead));
  }
  return limits;
}

/** max(apps + sidecars, each init step with the sidecars before it), per resource. AggregateContainerRequests, 1.34 */
export function aggregateContainers(
  pod: PodForResources,
  side: Side,
  options: PodResourcesOptions = {},
): Map<string, Quantity> {
  const total = new Map<string, Quantity>();
  for (const container of pod.spec.containers) {
    addAll(total, containerAmounts(pod, container, side, options, true));
  }
  const sidecars = new Map<string, Quantity>();
  const largestStep = new Map<string, Quantity>();
  for (const container of pod.spec.initContainers ?? []) {
    const sidecar = isSidecar(container);
    const amounts = containerAmounts(pod, container, side, options, sidecar);
    if (sidecar) {
      addAll(total, amounts);
      addAll(sidecars, amounts);
      keepLarger(largestStep, sidecars);
    } else {
      const step = new Map(amounts);
      addAll(step, sidecars);
      keepLarger(largestStep, step);
    }
  }
  keepLarger(total, largestStep);
  return total;
}

/** Resources that `spec.resources` may name: cpu, memory and huge pages. */
export function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

/** True when `spec.resources` names a resource that counts. */
export function hasPodLevelResources(spec: PodSpec): boolean {
  const { requests = {}, limits = {} } = spec.resources ?? {};
  return Object.keys({ ...requests, ...limits }).some(isPodLevelResource);
}

export function amountsOf(list: Readonly<Record<string, string>> | undefined): ResourceAmounts {
  if (list === undefined) return NOTHING;
  return remembered(
    amounts,
    list,
    () => new Map(Object.entries(list).map(([name, text]) => [name, parseQuantity(text)])),
  );
}

const NOTHING: ResourceAmounts = new Map();

/** An amount as the scheduler counts it: thousandths of a CPU, whole units of the rest. */
export function wholeAmount(resource: string, quantity: Quantity): number {
  return resource === "cpu" ? asMilli(quantity) : asInteger(quantity);
}

function containerAmounts(
  pod: PodForResources,
  container: Container,
  side: Side,
  options: PodResourcesOptions,
  mayResize: boolean,
): ResourceAmounts {
  const status =
    options.useStatus === true && mayResize ? statusOf(pod.status, container) : undefined;
  const found =
    status?.resources === undefined
      ? amountsOf(container.resources?.[side])
      : resizingAmounts(pod, container, status, side);
  const { nonMissingRequests } = options;
  if (side === "limits" || nonMissingRequests === undefined) return found;
  const all = new Map(found);
  for (const [name, quantity] of nonMissingRequests) {
    if (!all.has(name)) all.set(name, quantity);
  }
  return all;
}

/** While a resize is under way the larger of wanted and given counts; one that can't be done does not count. */
function resizingAmounts(
  pod: PodForResources,
  container: Container,
  status: ContainerStatus,
  side: Side,
): ResourceAmounts {
  const found = new Map(amountsOf(status.resources?.[side]));
  if (side === "requests") keepLarger(found, amountsOf(status.allocatedResources));
  if (!isResizeInfeasible(pod.status)) keepLarger(found, amountsOf(container.resources?.[side]));
  return found;
}

function isResizeInfeasible(status: PodStatus | undefined): boolean {
  const pending = status?.conditions?.find(({ type }) => type === "PodResizePending");
  return pending?.reason === "Infeasible";
}

function statusOf(
  status: PodStatus | undefined,
  container: Container,
): ContainerStatus | undefined {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return statuses.find(({ name }) => name === container.name);
}

function overridePodLevel(
  amounts: Map<string, Quantity>,
  podLevel: Readonly<Record<string, string>> | undefined,
): void {
  for (const [name, quantity] of amountsOf(podLevel)) {
    if (isPodLevelResource(name)) amounts.set(name, quantity);
  }
}

function addAll(total: Map<string, Quantity>, amounts: ResourceAmounts): void {
  for (const [name, quantity] of amounts) {
    const sum = total.get(name);
    total.set(name, sum === undefined ? quantity : addQuantities(sum, quantity));
  }
}

function keepLarger(kept: Map<string, Quantity>, amounts: ResourceAmounts): void {
  for (const [name, quantity] of amounts) {
    const other = kept.get(name);
    if (other === undefined || compareQuantities(quantity, other) > 0) kept.set(name, quantity);
  }
}
