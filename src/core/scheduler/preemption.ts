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
  const trial = new Trial(pod, node);
  for (const victim of lower) trial.take(victim);
  if (!trial.fits()) return null;
  const victims: Pod[] = [];
  for (const candidate of lower.sort(byImportance)) {
    trial.letBack(candidate);
    if (trial.fits()) continue;
    trial.take(candidate);
    victims.push(candidate.pod);
  }
  return { node: node.name, victims };
};

/** One node without some of its pods, and what that means to a pod that is to go there. */
class Trial {
  readonly #node: NodeInfo;
  readonly #pod: PodInfo;

  constructor(pod: PodInfo, node: NodeInfo) {
    this.#node = copyOf(node);
    const { spread, neighbours } = pod;
    this.#pod = {
      ...pod,
      ...(spread === undefined ? {} : { spread: spread.copy() }),
      ...(neighbours === undefined ? {} : { neighbours: neighbours.copy() }),
    };
  }

  fits(): boolean {
    return rejectionOf(this.#pod, this.#node) === null;
  }

  take(victim: PodInfo): void {
    this.#node.removePod(victim.pod.metadata.uid);
    this.#count(victim, -1);
  }

  letBack(candidate: PodInfo): void {
    this.#node.addPod(candidate.pod);
    this.#count(candidate, 1);
  }

  #count(other: PodInfo, sign: 1 | -1): void {
    this.#pod.spread?.add(other.pod, this.#node, sign);
    this.#pod.neighbours?.add(other, this.#node, sign);
  }
}

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
