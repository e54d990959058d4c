import type { NodeInfo, PodInfo } from "../node-info.js";
import { balancedAllocation } from "./balanced-allocation.js";
import { imageLocality } from "./image-locality.js";
import { interPodAffinityScore } from "./inter-pod-affinity.js";
import { leastAllocated } from "./least-allocated.js";
import { preferredNodeAffinity } from "./preferred-node-affinity.js";
import { MAX_SCORE, type ClusterScore, type Score } from "./score.js";
import { preferNoScheduleTaints } from "./prefer-no-schedule-taints.js";
import { topologySpread } from "./topology-spread.js";

/** Weights of pkg/scheduler/apis/config/v1/default_plugins.go, 1.34. */
const scores: readonly Score[] = [
  preferNoScheduleTaints,
  preferredNodeAffinity,
  leastAllocated,
  balancedAllocation,
  imageLocality,
];

const clusterScores: readonly ClusterScore[] = [topologySpread, interPodAffinityScore];

/** The sum of all weighted scores of each node, in the order given. @param all the nodes of the cluster, these among them */
export const scoreNodes = (
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  all: readonly NodeInfo[],
): number[] => {
  const totals = new Array<number>(nodes.length).fill(0);
  for (const score of scores) {
    const raw = nodes.map((node) => score.rate(pod, node));
    const scaled = scale(score, raw);
    scaled.forEach((value, index) => (totals[index] = (totals[index] ?? 0) + value * score.weight));
  }
  for (const { weight, rate } of clusterScores) {
    rate(pod, nodes, all)?.forEach((value, index) => {
      totals[index] = (totals[index] ?? 0) + value * weight;
    });
  }
  return totals;
};

/** pkg/scheduler/framework/plugins/helper/normalize_score.go, 1.34. */
const scale = (score: Score, raw: readonly number[]): readonly number[] => {
  if (score.scale === "as-is") return raw;
  const highest = Math.max(...raw);
  if (highest === 0) return score.scale === "lowest-is-100" ? raw.map(() => MAX_SCORE) : raw;
  return raw.map((value) => {
    const share = Math.floor((value * MAX_SCORE) / highest);
    return score.scale === "lowest-is-100" ? MAX_SCORE - share : share;
  });
};
