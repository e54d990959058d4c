import { parseTime, type Pod } from "../api/index.js";
import { rejectionOf, type Rejection } from "./filters/index.js";
import { preemptionMessage } from "./fit-error.js";
import { copyOf, type NodeInfo, type PodInfo } from "./node-info.js";

/** Which pods of which node make room for a pod, or why no eviction helps (the tail of FailedScheduling, SCHED-6). */
export type Preemption =
  | { readonly node: string; readonly victims: readonly Pod[] }
  | { readonly node: null; readonly message: string };

/**
 * Looks for the node where evicting pods of lower priority hurts least (SCHED-10; pkg/scheduler/framework/preemption and
 * plugins/defaultpreemption, 1.34). Pure: the caller evicts. Disruption budgets are not counted.
 */
export const preempt = (
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  rejections: ReadonlyMap<NodeInfo, Rejection>,
): Preemption => {
  if (pod.pod.spec.preemptionPolicy === "Never") {
    return { node: null, message: "not eligible due to preemptionPolicy=Never." };
  }
  const waiting = nodes.find(({ name }) => name === pod.pod.status.nominatedNodeName);
  if (waiting !== undefined && hasTerminatingVictim(waiting, pod)) {
    return { node: null, message: "not eligible due to a terminating pod on the nominated node." };
  }
  const candidates = nodes
    .filter((node) => rejections.get(node)?.resolvable === true)
    .flatMap((node) => victimsOn(pod, node) ?? []);
  const best = candidates.reduce<Candidate | null>(
    (chosen, each) => (chosen === null || hurtsLess(each, chosen) ? each : chosen),
    null,
  );
  return best ?? { node: null, message: preemptionMessage([...rejections.values()]) };
};

interface Candidate {
  readonly node: string;
  readonly victims: readonly Pod[];
}

/** default_preemption.go SelectVictimsOnNode, 1.34: take all lower ones away, then let back, the most important first, whoever still fits. */
const victimsOn = (pod: PodInfo, node: NodeInfo): Candidate | null => {
  const lower = [...node.pods.values()].filter(
    (other) => priorityOf(other.pod) < priorityOf(pod.pod),
  );
  if (lower.length === 0) return null;
  const trial = copyOf(node);
  for (const { pod: victim } of lower) trial.removePod(victim.metadata.uid);
  if (rejectionOf(pod, trial) !== null) return null;
  const victims: Pod[] = [];
  for (const { pod: candidate } of lower.sort(byImportance)) {
    trial.addPod(candidate);
    if (rejectionOf(pod, trial) === null) continue;
    trial.removePod(candidate.metadata.uid);
    victims.push(candidate);
  }
  return { node: node.name, victims };
};

/** preemption.go pickOneNodeForPreemption, 1.34: lowest top priority, lowest sum, fewest victims, latest start of the most important one. */
const hurtsLess = (a: Candidate, b: Candidate): boolean => {
  const criteria = [
    topPriority(a) - topPriority(b),
    sumOfPriorities(a) - sumOfPriorities(b),
    a.victims.length - b.victims.length,
    earliestStartOfTop(b) - earliestStartOfTop(a),
  ];
  return (criteria.find((difference) => difference !== 0) ?? 0) < 0;
};

const topPriority = ({ victims }: Candidate): number => Math.max(...victims.map(priorityOf));

/** Shifted so that many pods of negative priority do not look cheaper than one. */
const sumOfPriorities = ({ victims }: Candidate): number =>
  victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0);

const earliestStartOfTop = (candidate: Candidate): number =>
  Math.min(
    ...candidate.victims
      .filter((victim) => priorityOf(victim) === topPriority(candidate))
      .map(startOf),
  );

const hasTerminatingVictim = (node: NodeInfo, pod: PodInfo): boolean =>
  [...node.pods.values()].some(
    (other) =>
      other.pod.metadata.deletionTimestamp !== undefined &&
      priorityOf(other.pod) < priorityOf(pod.pod),
  );

/** pkg/scheduler/util/utils.go MoreImportantPod, 1.34: higher priority, then the longer it runs. */
const byImportance = (a: PodInfo, b: PodInfo): number =>
  priorityOf(b.pod) - priorityOf(a.pod) || startOf(a.pod) - startOf(b.pod);

const priorityOf = (pod: Pod): number => pod.spec.priority ?? 0;

const startOf = (pod: Pod): number =>
  parseTime(pod.status.startTime ?? pod.metadata.creationTimestamp) ?? 0;
