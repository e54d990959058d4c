import type { RandomStream } from "../engine/index.js";
import { rejectionOf, type Rejection } from "./filters/index.js";
import { MIN_FEASIBLE_NODES, MIN_FEASIBLE_PERCENT } from "./limits.js";
import type { NodeInfo, PodInfo } from "./node-info.js";
import { scoreNodes } from "./scores/index.js";

/** Where a pod goes, or why it goes nowhere. */
export type Placement =
  | { readonly node: string }
  | { readonly node: null; readonly rejections: ReadonlyMap<NodeInfo, Rejection> };

/**
 * Filters, scores and picks (pkg/scheduler/schedule_one.go schedulePod, 1.34). Of many nodes only as many feasible ones are looked for as
 * upstream does, beginning at `startIndex`; among the best, chance decides.
 */
export const place = (
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  startIndex: number,
  random: RandomStream,
): Placement & { examined: number } => {
  const wanted = feasibleNodesToFind(nodes.length);
  const feasible: NodeInfo[] = [];
  const rejections = new Map<NodeInfo, Rejection>();
  let examined = 0;
  for (; examined < nodes.length && feasible.length < wanted; examined += 1) {
    const node = nodes[(startIndex + examined) % nodes.length];
    if (node === undefined) continue;
    const rejection = rejectionOf(pod, node);
    if (rejection === null) feasible.push(node);
    else rejections.set(node, rejection);
  }
  const chosen = pickBest(feasible, scoreOf(pod, feasible, nodes), random);
  return chosen === null ? { node: null, rejections, examined } : { node: chosen.name, examined };
};

const scoreOf = (
  pod: PodInfo,
  feasible: readonly NodeInfo[],
  all: readonly NodeInfo[],
): readonly number[] =>
  feasible.length > 1 ? scoreNodes(pod, feasible, all) : feasible.map(() => 0);

/** schedule_one.go numFeasibleNodesToFind, 1.34: 50 % less one point per 125 nodes, at least 5 % and at least 100 nodes. */
const feasibleNodesToFind = (nodeCount: number): number => {
  if (nodeCount < MIN_FEASIBLE_NODES) return nodeCount;
  const percent = Math.max(MIN_FEASIBLE_PERCENT, 50 - Math.floor(nodeCount / 125));
  return Math.max(MIN_FEASIBLE_NODES, Math.floor((nodeCount * percent) / 100));
};

/** Reservoir sampling among the best, as selectHost does. */
const pickBest = (
  nodes: readonly NodeInfo[],
  scores: readonly number[],
  random: RandomStream,
): NodeInfo | null => {
  let best: NodeInfo | null = null;
  let bestScore = -Infinity;
  let ties = 0;
  nodes.forEach((node, index) => {
    const score = scores[index] ?? 0;
    if (score > bestScore) {
      best = node;
      bestScore = score;
      ties = 1;
    } else if (score === bestScore) {
      ties += 1;
      if (random.below(ties) === 0) best = node;
    }
  });
  return best;
};
