import type { NodeInfo, PodInfo } from "../node-info.js";
import {
  countMatching,
  hasAllKeys,
  HOSTNAME,
  includesNode,
  labelsOf,
  type SpreadConstraint,
} from "../topology/spread-constraints.js";
import { MAX_SCORE, type ClusterScore } from "./score.js";

/**
 * How well each node keeps a pod apart from others of its kind, by the constraints that should hold for it: its own, or the cluster's default ones.
 * pkg/scheduler/framework/plugins/podtopologyspread/scoring.go, 1.34
 */
export const topologySpread: ClusterScore = {
  plugin: "PodTopologySpread",
  weight: 2,
  rate(pod, feasible, all) {
    const { softSpread: constraints = [] } = pod;
    if (constraints.length === 0) return null;
    const isKnown = mayBeRated(pod, constraints);
    const rated = feasible.filter(isKnown);
    const parts = constraints.map((each) => scoreBy(each, pod, rated, all.filter(isKnown)));
    const raw = new Map(
      rated.map((node) => [node, Math.round(parts.reduce((sum, part) => sum + part(node), 0))]),
    );
    const highest = Math.max(0, ...raw.values());
    const lowest = Math.min(...raw.values());
    return feasible.map((node) => {
      const value = raw.get(node);
      if (value === undefined) return 0;
      if (highest === 0) return MAX_SCORE;
      return Math.trunc((MAX_SCORE * (highest + lowest - value)) / highest);
    });
  },
};

/** Nodes without one of the labels are left out where the pod has asked itself: the default ones are to work in a cluster without zones. */
const mayBeRated = (
  { pod }: PodInfo,
  constraints: readonly SpreadConstraint[],
): ((node: NodeInfo) => boolean) => {
  const hasAsked = (pod.spec.topologySpreadConstraints ?? []).length > 0;
  return (node) => !hasAsked || hasAllKeys(node, constraints);
};

/** The more pods in a node's domain the higher; a skew that is allowed waters differences down. scoring.go scoreForCount, 1.34 */
const scoreBy = (
  constraint: SpreadConstraint,
  { pod }: PodInfo,
  rated: readonly NodeInfo[],
  all: readonly NodeInfo[],
): ((node: NodeInfo) => number) => {
  const { topologyKey, selector, maxSkew } = constraint;
  const countOn = (node: NodeInfo): number => countMatching(node, selector, pod.metadata.namespace);
  if (topologyKey === HOSTNAME) {
    const weight = weightOf(rated.length);
    return (node) =>
      labelsOf(node)[HOSTNAME] === undefined ? 0 : countOn(node) * weight + (maxSkew - 1);
  }
  const counts = new Map<string, number>(
    rated.map((node) => [labelsOf(node)[topologyKey] ?? "", 0]),
  );
  for (const node of all) {
    const count = counts.get(labelsOf(node)[topologyKey] ?? "");
    if (count === undefined || node.node === null) continue;
    if (!includesNode(constraint, pod, node.node)) continue;
    counts.set(labelsOf(node)[topologyKey] ?? "", count + countOn(node));
  }
  const weight = weightOf(counts.size);
  return (node) => {
    const value = labelsOf(node)[topologyKey];
    return value === undefined ? 0 : (counts.get(value) ?? 0) * weight + (maxSkew - 1);
  };
};

/** scoring.go topologyNormalizingWeight, 1.34: a label with few values is not drowned by one with many. */
const weightOf = (domains: number): number => Math.log(domains + 2);
