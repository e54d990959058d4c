import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  groupResourceOf,
  parseQuantity,
  podLimits,
  podQosClass,
  podRequests,
  quantityFromInteger,
  resourceByStorage,
  subtractQuantities,
  ZERO_QUANTITY,
  type KubeObject,
  type PersistentVolumeClaim,
  type Pod,
  type Quantity,
  type ResourceQuota,
  type Service,
} from "../../api/index.js";
import type { ObjectStore } from "../../store/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";

type Usage = ReadonlyMap<string, Quantity>;

/**
 * Refuses what would take a namespace over a ResourceQuota. apiserver admission/plugin/resourcequota/controller.go, 1.34. What is used is counted
 * from the objects themselves, so that it is right at once.
 */
export const checkQuotas = (
  object: KubeObject,
  previous: KubeObject | null,
  context: WriteContext,
): void => {
  const { namespace, store, resource } = context;
  if (namespace === "" || !COUNTED.has(resource.storage)) return;
  const quotas = store.list("resourcequotas", namespace) as ResourceQuota[];
  for (const quota of quotas) checkQuota(quota, object, previous, context);
};

const checkQuota = (
  quota: ResourceQuota,
  object: KubeObject,
  previous: KubeObject | null,
  context: WriteContext,
): void => {
  const { resource, store, namespace } = context;
  const hard = quota.spec.hard ?? {};
  if (!isInScope(quota, object, resource.storage)) return;
  const usage = usageOf(object, resource.storage);
  const concerned = Object.keys(hard).filter(
    (name) => usage.has(name) || isDemanded(name, resource.storage),
  );
  if (concerned.length === 0) return;
  if (previous === null) checkDemands(quota, concerned, object, context);
  const before = previous === null ? null : usageOf(previous, resource.storage);
  const requested = new Map(
    concerned.flatMap((name) => {
      const more = subtractQuantities(
        usage.get(name) ?? ZERO_QUANTITY,
        before?.get(name) ?? ZERO_QUANTITY,
      );
      return more.nanos > 0n ? [[name, more] as const] : [];
    }),
  );
  const used = usedBy(store, namespace, quota, resource.storage);
  const exceeded = [...requested]
    .filter(([name, more]) => {
      const total = addQuantities(used.get(name) ?? ZERO_QUANTITY, more);
      return compareQuantities(total, parseQuantity(hard[name] ?? "0")) > 0;
    })
    .map(([name]) => name)
    .toSorted();
  if (exceeded.length === 0) return;
  const show = (amounts: Usage): string =>
    exceeded
      .map((name) => `${name}=${formatQuantity(amounts.get(name) ?? ZERO_QUANTITY)}`)
      .join(",");
  const limited = new Map(exceeded.map((name) => [name, parseQuantity(hard[name] ?? "0")]));
  throw admissionForbids(
    resource,
    object,
    `exceeded quota: ${quota.metadata.name}, requested: ${show(requested)}, used: ${show(used)}, limited: ${show(limited)}`,
  );
};

/** Kinds whose objects are counted by a quota. pkg/quota/v1/evaluator/core/registry.go, 1.34 */
const COUNTED = new Map<string, string | null>([
  ["pods", "pods"],
  ["services", "services"],
  ["persistentvolumeclaims", "persistentvolumeclaims"],
  ["configmaps", "configmaps"],
  ["secrets", "secrets"],
  ["resourcequotas", "resourcequotas"],
]);

/** Compute resources must be named by every container when a quota counts them. */
const isDemanded = (name: string, storage: string): boolean =>
  storage === "pods" && DEMANDED.includes(name);

const DEMANDED = [
  "cpu",
  "memory",
  "requests.cpu",
  "requests.memory",
  "limits.cpu",
  "limits.memory",
];

/** pkg/quota/v1/evaluator/core/pods.go Constraints, 1.34 */
const checkDemands = (
  quota: ResourceQuota,
  concerned: readonly string[],
  object: KubeObject,
  { resource }: WriteContext,
): void => {
  if (resource.storage !== "pods") return;
  const { containers, initContainers = [] } = (object as Pod).spec;
  const missing = concerned
    .filter((name) => DEMANDED.includes(name))
    .toSorted()
    .flatMap((name) => {
      const side = name.startsWith("limits.") ? "limits" : "requests";
      const amount = name.slice(name.indexOf(".") + 1);
      const without = [...containers, ...initContainers].filter(
        ({ resources }) => resources?.[side]?.[amount] === undefined,
      );
      return without.length === 0
        ? []
        : [`${name} for: ${without.map((one) => one.name).join(",")}`];
    });
  if (missing.length === 0) return;
  throw admissionForbids(
    resource,
    object,
    `failed quota: ${quota.metadata.name}: must specify ${missing.join("; ")}`,
  );
};

const usedBy = (
  store: ObjectStore,
  namespace: string,
  quota: ResourceQuota,
  storage: string,
): Map<string, Quantity> => {
  const total = new Map<string, Quantity>();
  for (const object of store.list(storage, namespace)) {
    if (!isInScope(quota, object, storage)) continue;
    for (const [name, amount] of usageOf(object, storage)) {
      total.set(name, addQuantities(total.get(name) ?? ZERO_QUANTITY, amount));
    }
  }
  return total;
};

/** What one object counts for, by the names that a quota may use. */
const usageOf = (object: KubeObject, storage: string): Usage => {
  const plural = COUNTED.get(storage) ?? storage;
  const one = quantityFromInteger(1);
  const usage = new Map([[`count/${groupResourceOf(resourceByStorage(storage))}`, one]]);
  switch (storage) {
    case "pods":
      if (!isTerminal(object as Pod)) addPod(usage, object as Pod);
      break;
    case "services":
      usage.set(plural, one);
      addService(usage, object as Service);
      break;
    case "persistentvolumeclaims": {
      usage.set(plural, one);
      const storageRequest = (object as PersistentVolumeClaim).spec.resources?.requests?.[
        "storage"
      ];
      if (storageRequest !== undefined)
        usage.set("requests.storage", parseQuantity(storageRequest));
      break;
    }
    default:
      usage.set(plural, one);
  }
  return usage;
};

const isTerminal = ({ status }: Pod): boolean =>
  status.phase === "Succeeded" || status.phase === "Failed";

const addPod = (usage: Map<string, Quantity>, pod: Pod): void => {
  usage.set("pods", quantityFromInteger(1));
  for (const [name, amount] of podRequests(pod)) {
    if (name === "cpu" || name === "memory" || name === "ephemeral-storage")
      usage.set(name, amount);
    usage.set(`requests.${name}`, amount);
  }
  for (const [name, amount] of podLimits(pod)) usage.set(`limits.${name}`, amount);
};

/** pkg/quota/v1/evaluator/core/services.go, 1.34 */
const addService = (usage: Map<string, Quantity>, { spec }: Service): void => {
  const ports = quantityFromInteger(spec.ports?.length ?? 0);
  if (spec.type === "NodePort") usage.set("services.nodeports", ports);
  if (spec.type !== "LoadBalancer") return;
  usage.set("services.loadbalancers", quantityFromInteger(1));
  if (spec.allocateLoadBalancerNodePorts !== false) usage.set("services.nodeports", ports);
};

/** pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc, 1.34 */
const isInScope = ({ spec }: ResourceQuota, object: KubeObject, storage: string): boolean => {
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
