import {
  addQuantities,
  amountsOf,
  isTolerated,
  matchesNodeAffinity,
  podRequests,
  wholeAmount,
  ZERO_QUANTITY,
  type Node,
  type Pod,
  type Quantity,
} from "../api/index.js";
import { conflictingPort } from "./host-ports.js";
import { isTerminalPhase } from "./status/pod-phase.js";

/** Why a pod may not run on this node: reason and message of its status and of the event (ADM-2). */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

export interface NodeConditionsForAdmission {
  readonly memoryPressure: boolean;
  readonly diskPressure: boolean;
  readonly pidPressure: boolean;
  /** A graceful shutdown is under way. */
  readonly isShuttingDown: boolean;
}

/**
 * Whether a node takes a pod; null when it does. Only the first thing that stands against it is told (ADM-3). `others` are the pods it has
 * taken. pkg/kubelet/lifecycle/predicate.go and eviction/eviction_manager.go, 1.34.
 */
export function rejectionOf(
  pod: Pod,
  node: Node,
  others: readonly Pod[],
  conditions: NodeConditionsForAdmission,
): Rejection | null {
  return (
    underPressure(pod, conditions) ??
    shuttingDown(conditions) ??
    wrongOperatingSystem(pod, node) ??
    notEnough(pod, node, others) ??
    wrongNode(pod, node) ??
    portTaken(pod, others) ??
    untolerated(pod, node)
  );
}

const SYSTEM_CRITICAL_PRIORITY = 2_000_000_000;

/** pkg/kubelet/types/pod_update.go, 1.34: IsCriticalPod. */
export const isCriticalPod = (pod: Pod): boolean =>
  (pod.spec.priority ?? 0) >= SYSTEM_CRITICAL_PRIORITY;

/** ADM-5. */
function underPressure(pod: Pod, conditions: NodeConditionsForAdmission): Rejection | null {
  const pressing = [
    ...(conditions.memoryPressure ? ["MemoryPressure"] : []),
    ...(conditions.diskPressure ? ["DiskPressure"] : []),
    ...(conditions.pidPressure ? ["PIDPressure"] : []),
  ];
  if (pressing.length === 0 || isCriticalPod(pod)) return null;
  if (pressing.length === 1 && conditions.memoryPressure && survivesMemoryPressure(pod)) {
    return null;
  }
  // The space at the end is upstream's: eviction/helpers.go, nodeConditionMessageFmt.
  return {
    reason: "Evicted",
    message: `The node had condition: [${pressing.join(" ")}]. `,
  };
}

const survivesMemoryPressure = (pod: Pod): boolean =>
  pod.status.qosClass !== "BestEffort" ||
  isTolerated(
    { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" },
    pod.spec.tolerations,
  );

const shuttingDown = ({ isShuttingDown }: NodeConditionsForAdmission): Rejection | null =>
  isShuttingDown
    ? { reason: "NodeShutdown", message: "Pod was rejected as the node is shutting down." }
    : null;

function wrongOperatingSystem(pod: Pod, node: Node): Rejection | null {
  const wanted = pod.spec.nodeSelector?.["kubernetes.io/os"];
  const label = node.metadata.labels?.["kubernetes.io/os"];
  if (wanted !== undefined && wanted !== label) {
    return {
      reason: "PodOSSelectorNodeLabelDoesNotMatch",
      message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    };
  }
  return pod.spec.os !== undefined && pod.spec.os.name !== "linux"
    ? {
        reason: "PodOSNotSupported",
        message: "Failed to admit pod as the OS field doesn't match node OS",
      }
    : null;
}

/** ADM-3: first the number of pods, then resource by resource. pkg/scheduler/framework/plugins/noderesources/fit.go, 1.34: Fits. */
function notEnough(pod: Pod, node: Node, others: readonly Pod[]): Rejection | null {
  const allocatable = amountsOf(node.status.allocatable);
  const maxPods = wholeAmount("pods", allocatable.get("pods") ?? ZERO_QUANTITY);
  if (others.length + 1 > maxPods) return outOf("pods", 1, others.length, maxPods);
  const requests = podRequests(pod);
  // fit.go, 1.34: fitsRequest stops here for a pod that asks for nothing.
  if ([...requests.values()].every(({ nanos }) => nanos === 0n)) return null;
  const used = sum(others.map((other) => podRequests(other, { useStatus: true })));
  const names = ["cpu", "memory", "ephemeral-storage"];
  const extended = [...requests.keys()].filter(
    // Those that the node does not know are left to the scheduler: removeMissingExtendedResources.
    (name) => !names.includes(name) && allocatable.has(name),
  );
  for (const name of [...names, ...extended]) {
    const requested = wholeAmount(name, requests.get(name) ?? ZERO_QUANTITY);
    const inUse = wholeAmount(name, used.get(name) ?? ZERO_QUANTITY);
    const capacity = wholeAmount(name, allocatable.get(name) ?? ZERO_QUANTITY);
    if (requested > 0 && requested > capacity - inUse) {
      return outOf(name, requested, inUse, capacity);
    }
  }
  return null;
}

const outOf = (name: string, requested: number, used: number, capacity: number): Rejection => ({
  reason: `OutOf${name}`,
  message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
});

function sum(amounts: readonly ReadonlyMap<string, Quantity>[]): ReadonlyMap<string, Quantity> {
  const total = new Map<string, Quantity>();
  for (const entry of amounts) {
    for (const [name, quantity] of entry) {
      total.set(name, addQuantities(total.get(name) ?? ZERO_QUANTITY, quantity));
    }
  }
  return total;
}

const failed = (predicate: string, why: string): Rejection => ({
  reason: predicate,
  message: `Predicate ${predicate} failed: ${why}`,
});

function wrongNode(pod: Pod, node: Node): Rejection | null {
  if (!matchesNodeAffinity(pod.spec, node)) {
    return failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
  }
  return pod.spec.nodeName === node.metadata.name
    ? null
    : failed("NodeName", "node(s) didn't match the requested node name");
}

const portTaken = (pod: Pod, others: readonly Pod[]): Rejection | null =>
  conflictingPort(pod, others) === null
    ? null
    : failed("NodePorts", "node(s) didn't have free ports for the requested pod ports");

/** Only NoExecute matters to a kubelet. */
function untolerated(pod: Pod, node: Node): Rejection | null {
  const taints = (node.spec.taints ?? []).filter(({ effect }) => effect === "NoExecute");
  return taints.every((taint) => isTolerated(taint, pod.spec.tolerations))
    ? null
    : failed("TaintToleration", "node(s) had taints that the pod didn't tolerate");
}

/** ADM-1: pods that are over or on their way out are not asked. */
export const isToBeAdmitted = (pod: Pod): boolean =>
  !isTerminalPhase(pod.status.phase) && pod.metadata.deletionTimestamp === undefined;
