import type { Pod } from "../../api/index.js";
import type { NodeInfo, PodInfo } from "../node-info.js";
import {
  speaksOf,
  type AffinityTerm,
  type NamespaceLabels,
  type WeightedAffinityTerm,
} from "../topology/affinity-terms.js";
import { labelsOf } from "../topology/spread-constraints.js";
import { MAX_SCORE, type ClusterScore } from "./score.js";

/** pkg/scheduler/apis/config/v1/defaults.go, 1.34: what it is worth to a pod that it meets another's required affinity. */
const HARD_POD_AFFINITY_WEIGHT = 1;

/** How welcome a pod is on each node, and how it likes those there. interpodaffinity/scoring.go, 1.34 */
export const interPodAffinityScore: ClusterScore = {
  plugin: "InterPodAffinity",
  weight: 2,
  rate(pod, feasible, all) {
    const points = new Points();
    for (const node of all) {
      for (const other of othersToAsk(pod, node)) tally(points, pod, other, node);
    }
    if (points.isEmpty) return null;
    const raw = feasible.map((node) => points.of(node));
    const lowest = Math.min(...raw);
    const range = Math.max(...raw) - lowest;
    return raw.map((value) =>
      range === 0 ? 0 : Math.trunc(MAX_SCORE * ((value - lowest) / range)),
    );
  },
};

const othersToAsk = ({ affinity }: PodInfo, node: NodeInfo): Iterable<PodInfo> => {
  const hasWishes = affinity.preferred.length + affinity.preferredAnti.length > 0;
  return (hasWishes ? node.pods : node.podsWithAffinity).values();
};

/** scoring.go processExistingPod, 1.34 */
const tally = (points: Points, info: PodInfo, other: PodInfo, node: NodeInfo): void => {
  const { pod, namespaceLabels = NO_LABELS } = info;
  const { affinity: theirs, pod: their } = other;
  const rate = <T extends AffinityTerm>(
    owner: Pod,
    spokenOf: Pod,
    terms: readonly T[],
    pointsOf: (term: T) => number,
  ): void => {
    for (const term of terms)
      if (speaksOf(term, owner, spokenOf, namespaceLabels)) points.add(node, term, pointsOf(term));
  };
  rate(pod, their, info.affinity.preferred, liked);
  rate(pod, their, info.affinity.preferredAnti, disliked);
  rate(their, pod, theirs.required, () => HARD_POD_AFFINITY_WEIGHT);
  rate(their, pod, theirs.preferred, liked);
  rate(their, pod, theirs.preferredAnti, disliked);
};

const liked = ({ weight }: WeightedAffinityTerm): number => weight;
const disliked = ({ weight }: WeightedAffinityTerm): number => -weight;

const NO_LABELS: NamespaceLabels = () => undefined;

/** Points by topology key and value. */
class Points {
  readonly #byKey = new Map<string, Map<string, number>>();

  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  add(node: NodeInfo, { topologyKey }: AffinityTerm, points: number): void {
    const value = labelsOf(node)[topologyKey];
    if (value === undefined) return;
    const byValue = this.#byKey.get(topologyKey) ?? new Map<string, number>();
    this.#byKey.set(topologyKey, byValue.set(value, (byValue.get(value) ?? 0) + points));
  }

  of(node: NodeInfo): number {
    const labels = labelsOf(node);
    let sum = 0;
    for (const [key, byValue] of this.#byKey) {
      const value = labels[key];
      if (value !== undefined) sum += byValue.get(value) ?? 0;
    }
    return sum;
  }
}
