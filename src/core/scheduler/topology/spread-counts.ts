import type { Pod } from "../../api/index.js";
import type { NodeInfo } from "../node-info.js";
import {
  countMatching,
  hasAllKeys,
  includesNode,
  labelsOf,
  spreadConstraintsOf,
  type SpreadConstraint,
} from "./spread-constraints.js";

/** Null: the node will do. */
type SpreadProblem = "missing-label" | "skew" | null;

/** How many pods each topology value has by each constraint that must hold for a pod. podtopologyspread/filtering.go preFilterState, 1.34 */
export class SpreadCounts {
  /** The lowest count by each constraint, as long as it holds. */
  readonly #lowest = new Map<number, number>();

  private constructor(
    private readonly pod: Pod,
    private readonly constraints: readonly SpreadConstraint[],
    private readonly counts: readonly Map<string, number>[],
  ) {}

  /** Null for a pod that asks for nothing. @param nodes all nodes of the cluster */
  static of(pod: Pod, nodes: readonly NodeInfo[]): SpreadCounts | null {
    const constraints = spreadConstraintsOf(pod, "DoNotSchedule");
    if (constraints.length === 0) return null;
    const result = new SpreadCounts(
      pod,
      constraints,
      constraints.map(() => new Map<string, number>()),
    );
    for (const node of nodes) {
      result.#addNode(node, ({ selector }) =>
        countMatching(node, selector, pod.metadata.namespace),
      );
    }
    return result;
  }

  check(node: NodeInfo): SpreadProblem {
    const labels = labelsOf(node);
    for (const [
      index,
      { topologyKey, maxSkew, minDomains, selector },
    ] of this.constraints.entries()) {
      const value = labels[topologyKey];
      if (value === undefined) return "missing-label";
      const count = this.counts[index]?.get(value) ?? 0;
      const itself = selector.matches(this.pod.metadata.labels) ? 1 : 0;
      if (count + itself - this.#lowestOf(index, minDomains) > maxSkew) return "skew";
    }
    return null;
  }

  /** As if a pod were on a node (1), or were not (-1). filtering.go updateWithPod, 1.34 */
  add(other: Pod, node: NodeInfo, sign: 1 | -1): void {
    if (other.metadata.namespace !== this.pod.metadata.namespace) return;
    this.#addNode(node, ({ selector }) => (selector.matches(other.metadata.labels) ? sign : 0));
  }

  copy(): SpreadCounts {
    const counts = this.counts.map((each) => new Map(each));
    return new SpreadCounts(this.pod, this.constraints, counts);
  }

  /** filtering.go minMatchNum, 1.34: where there are too few domains, one that is not there yet is the emptiest. */
  #lowestOf(index: number, minDomains: number): number {
    const counts = this.counts[index];
    if (counts === undefined || counts.size < minDomains) return 0;
    const known = this.#lowest.get(index);
    if (known !== undefined) return known;
    let lowest = Infinity;
    for (const count of counts.values()) lowest = Math.min(lowest, count);
    this.#lowest.set(index, lowest);
    return lowest;
  }

  #addNode(info: NodeInfo, amountOf: (constraint: SpreadConstraint) => number): void {
    const { node } = info;
    if (node === null || !hasAllKeys(info, this.constraints)) return;
    const labels = labelsOf(info);
    this.#lowest.clear();
    for (const [index, constraint] of this.constraints.entries()) {
      if (!includesNode(constraint, this.pod, node)) continue;
      const counts = this.counts[index];
      const value = labels[constraint.topologyKey] ?? "";
      counts?.set(value, (counts.get(value) ?? 0) + amountOf(constraint));
    }
  }
}
