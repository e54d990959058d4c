import type { Pod } from "../../api/index.js";
import type { PodChange } from "../filters/filter.js";
import type { NodeInfo, PodInfo } from "../node-info.js";
import {
  affinityTermsOf,
  speakAllOf,
  speaksOf,
  type AffinityTerm,
  type NamespaceLabels,
} from "./affinity-terms.js";
import { labelsOf } from "./spread-constraints.js";

/** Null: the node will do. */
type AffinityProblem = "affinity" | "anti-affinity" | "existing-anti-affinity" | null;

/** Numbers of pods by topology key and value; what comes to nothing is not there. */
type PairCounts = Map<string, number>;

/**
 * How many pods there are by topology value that a pod must have beside it, must not, and that must not have it beside them.
 * interpodaffinity/filtering.go preFilterState, 1.34
 */
export class AffinityCounts {
  private constructor(
    private readonly info: PodInfo,
    private readonly namespaceLabels: NamespaceLabels,
    private readonly wanted: PairCounts,
    private readonly unwanted: PairCounts,
    private readonly unwelcoming: PairCounts,
  ) {}

  /** Null where nobody has a say. @param nodes all nodes of the cluster */
  static of(
    info: PodInfo,
    nodes: readonly NodeInfo[],
    namespaceLabels: NamespaceLabels,
  ): AffinityCounts | null {
    const asksItself = info.affinity.required.length + info.affinity.requiredAnti.length > 0;
    const counts = new AffinityCounts(info, namespaceLabels, new Map(), new Map(), new Map());
    for (const node of nodes) {
      const others = asksItself ? node.pods : node.podsWithAffinity;
      for (const other of others.values()) counts.add(other, node, 1);
    }
    return asksItself || counts.unwelcoming.size > 0 ? counts : null;
  }

  check(node: NodeInfo): AffinityProblem {
    const labels = labelsOf(node);
    const has = (counts: PairCounts, key: string): boolean =>
      labels[key] !== undefined && counts.has(pairOf(key, labels[key]));
    if (!this.#hasCompany(labels)) return "affinity";
    const { requiredAnti } = this.info.affinity;
    if (requiredAnti.some(({ topologyKey }) => has(this.unwanted, topologyKey)))
      return "anti-affinity";
    return Object.keys(labels).some((key) => has(this.unwelcoming, key))
      ? "existing-anti-affinity"
      : null;
  }

  /** As if a pod were on a node (1), or were not (-1). filtering.go updateWithPod, 1.34 */
  add({ pod: other, affinity }: PodInfo, node: NodeInfo, sign: 1 | -1): void {
    const labels = labelsOf(node);
    const { pod } = this.info;
    const { required, requiredAnti } = this.info.affinity;
    const speaks = (term: AffinityTerm, owner: Pod, spokenOf: Pod): boolean =>
      speaksOf(term, owner, spokenOf, this.namespaceLabels);
    if (speakAllOf(required, pod, other, this.namespaceLabels))
      for (const { topologyKey } of required) count(this.wanted, labels, topologyKey, sign);
    for (const term of requiredAnti)
      if (speaks(term, pod, other)) count(this.unwanted, labels, term.topologyKey, sign);
    for (const term of affinity.requiredAnti)
      if (speaks(term, other, pod)) count(this.unwelcoming, labels, term.topologyKey, sign);
  }

  /**
   * interpodaffinity/plugin.go isSchedulableAfterPodChange, 1.34; that also looks whether all the terms speak of a pod that goes, so that who waits for
   * one of two waits five minutes, and forgets pods that do not want this one.
   */
  isHelpedBy({ before, after }: PodChange): boolean {
    const { pod } = this.info;
    const { required, requiredAnti } = this.info.affinity;
    const isWanted = (other: Pod): boolean =>
      speakAllOf(required, pod, other, this.namespaceLabels);
    const isUnwanted = (other: Pod): boolean =>
      requiredAnti.some((term) => speaksOf(term, pod, other, this.namespaceLabels));
    const isUnwelcoming = (other: Pod): boolean =>
      affinityTermsOf(other).requiredAnti.some((term) =>
        speaksOf(term, other, pod, this.namespaceLabels),
      );
    if (after !== null && isWanted(after) && (before === null || !isWanted(before))) return true;
    if (before === null) return false;
    if (after === null) return isUnwanted(before) || isUnwelcoming(before);
    return isUnwanted(before) && !isUnwanted(after);
  }

  copy(): AffinityCounts {
    return new AffinityCounts(
      this.info,
      this.namespaceLabels,
      new Map(this.wanted),
      new Map(this.unwanted),
      new Map(this.unwelcoming),
    );
  }

  /** filtering.go satisfyPodAffinity, 1.34: the first of pods that want each other's company may go where there is none. */
  #hasCompany(labels: Readonly<Record<string, string>>): boolean {
    const { required } = this.info.affinity;
    if (required.some(({ topologyKey }) => labels[topologyKey] === undefined)) return false;
    const { pod } = this.info;
    return (
      required.every(({ topologyKey: key }) => this.wanted.has(pairOf(key, labels[key] ?? ""))) ||
      (this.wanted.size === 0 && speakAllOf(required, pod, pod, this.namespaceLabels))
    );
  }
}

const pairOf = (key: string, value: string): string => `${key}=${value}`;

const count = (
  counts: PairCounts,
  labels: Readonly<Record<string, string>>,
  key: string,
  sign: 1 | -1,
): void => {
  const value = labels[key];
  if (value === undefined) return;
  const pair = pairOf(key, value);
  const next = (counts.get(pair) ?? 0) + sign;
  if (next === 0) counts.delete(pair);
  else counts.set(pair, next);
};
