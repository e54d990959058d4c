import {
  groupResourceOf,
  parseQuantity,
  podLimits,
  podRequests,
  quantityFromInteger,
  resourceByStorage,
  type KubeObject,
  type PersistentVolumeClaim,
  type Pod,
  type Quantity,
  type Service,
} from "../../api/index.js";

/** Amounts by the names that a quota may use: `pods`, `requests.cpu`, `count/configmaps`. */
export type Usage = ReadonlyMap<string, Quantity>;

/** Kinds whose objects a quota counts. pkg/quota/v1/evaluator/core/registry.go, 1.34 */
const COUNTED: readonly string[] = [
  "pods",
  "services",
  "persistentvolumeclaims",
  "configmaps",
  "secrets",
  "resourcequotas",
  "deployments.apps",
  "replicasets.apps",
];

export const isCounted = (storage: string): boolean => COUNTED.includes(storage);

/** What one object counts for. */
export const usageOf = (object: KubeObject, storage: string): Usage => {
  const one = quantityFromInteger(1);
  const usage = new Map([[`count/${groupResourceOf(resourceByStorage(storage))}`, one]]);
  switch (storage) {
    case "pods":
      if (!isTerminal(object as Pod)) addPod(usage, object as Pod);
      break;
    case "services":
      usage.set(storage, one);
      addService(usage, object as Service);
      break;
    case "persistentvolumeclaims": {
      usage.set(storage, one);
      const storageRequest = (object as PersistentVolumeClaim).spec.resources?.requests?.[
        "storage"
      ];
      if (storageRequest !== undefined)
        usage.set("requests.storage", parseQuantity(storageRequest));
      break;
    }
    case "deployments.apps":
    case "replicasets.apps":
      break;
    default:
      usage.set(storage, one);
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
