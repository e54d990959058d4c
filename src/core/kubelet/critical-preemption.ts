import {
  amountsOf,
  podRequests,
  wholeAmount,
  ZERO_QUANTITY,
  type Node,
  type Pod,
} from "../api/index.js";
import { isCriticalPod } from "./admission.js";

/** What is missing, by resource: thousandths of a CPU, whole units of the rest, pods. */
type Missing = ReadonlyMap<string, number>;

/**
 * The pods that have to go so that a critical one fits (ADM-6); null when no set of them is enough. Those of the lower QoS class go first, and of
 * each class as few as will do. pkg/kubelet/preemption/preemption.go, 1.34: getPodsToPreempt.
 */
export function preemptionVictims(
  pod: Pod,
  node: Node,
  others: readonly Pod[],
): readonly Pod[] | null {
  const missing = missingFor(pod, node, others);
  const preemptable = others.filter((other) => canPreempt(pod, other));
  const ofClass = (qosClass: string): readonly Pod[] =>
    preemptable.filter(({ status }) => (status.qosClass ?? "BestEffort") === qosClass);
  const bestEffort = ofClass("BestEffort");
  const burstable = ofClass("Burstable");
  const guaranteed = ofClass("Guaranteed");
  if (without(missing, [...bestEffort, ...burstable, ...guaranteed]).size > 0) return null;
  const fromGuaranteed = nearest(guaranteed, without(missing, [...bestEffort, ...burstable]));
  const fromBurstable = nearest(burstable, without(missing, [...bestEffort, ...fromGuaranteed]));
  const fromBestEffort = nearest(
    bestEffort,
    without(missing, [...fromBurstable, ...fromGuaranteed]),
  );
  return [...fromBestEffort, ...fromBurstable, ...fromGuaranteed];
}

/** pkg/kubelet/types/pod_update.go, 1.34: Preemptable. */
const canPreempt = (pod: Pod, other: Pod): boolean =>
  !isCriticalPod(other) || (pod.spec.priority ?? 0) > (other.spec.priority ?? 0);

const requested = (pod: Pod, resource: string): number =>
  resource === "pods" ? 1 : wholeAmount(resource, podRequests(pod).get(resource) ?? ZERO_QUANTITY);

function missingFor(pod: Pod, node: Node, others: readonly Pod[]): Missing {
  const missing = new Map<string, number>();
  for (const [resource, allocatable] of amountsOf(node.status.allocatable)) {
    const used = others.reduce((sum, other) => sum + requested(other, resource), 0);
    const lack = requested(pod, resource) + used - wholeAmount(resource, allocatable);
    if (lack > 0 && requested(pod, resource) > 0) missing.set(resource, lack);
  }
  return missing;
}

function without(missing: Missing, victims: readonly Pod[]): Missing {
  const left = new Map<string, number>();
  for (const [resource, lack] of missing) {
    const freed = victims.reduce((sum, victim) => sum + requested(victim, resource), 0);
    if (lack > freed) left.set(resource, lack - freed);
  }
  return left;
}

/** One by one the pod that comes nearest to what is missing; of equal ones the smaller. getPodsToPreemptByDistance. */
function nearest(candidates: readonly Pod[], missing: Missing): readonly Pod[] {
  const victims: Pod[] = [];
  let left = missing;
  while (left.size > 0) {
    const rest = candidates.filter((candidate) => !victims.includes(candidate));
    const [best] = [...rest].sort(
      (a, b) => distance(a, left) - distance(b, left) || size(a, left) - size(b, left),
    );
    if (best === undefined) break;
    victims.push(best);
    left = without(missing, victims);
  }
  return victims;
}

/** How far a pod is from freeing all that is missing: the squares of the shares that it leaves. */
const distance = (pod: Pod, missing: Missing): number =>
  [...missing].reduce((sum, [resource, lack]) => {
    const share = (lack - Math.min(lack, requested(pod, resource))) / lack;
    return sum + share * share;
  }, 0);

const size = (pod: Pod, missing: Missing): number =>
  [...missing.keys()].reduce((sum, resource) => sum + requested(pod, resource), 0);
