import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  subtractQuantities,
  ZERO_QUANTITY,
  type KubeObject,
  type Pod,
  type Quantity,
  type ResourceQuota,
} from "../../api/index.js";
import type { ObjectStore } from "../../store/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";
import { isInScope } from "./quota-scope.js";
import { isCounted, usageOf, type Usage } from "./quota-usage.js";

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
  if (namespace === "" || !isCounted(resource.storage)) return;
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
