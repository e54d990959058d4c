import {
  isTolerated,
  labelSelectorFrom,
  matchesNodeAffinity,
  type LabelSelectorMatcher,
  type Node,
  type Pod,
} from "../../api/index.js";
import type { NodeInfo } from "../node-info.js";

/** One rule for how evenly pods are to lie over the values of a label of nodes. podtopologyspread/common.go topologySpreadConstraint, 1.34 */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: LabelSelectorMatcher;
  /** Nodes that the pod's own node selector and affinity rule out do not count. */
  readonly honorsAffinity: boolean;
  /** Nor do nodes with a taint that it does not tolerate. */
  readonly honorsTaints: boolean;
}

/** The constraints of one kind that a pod has itself; matchLabelKeys are in their selectors since it was created (1.34). */
export const spreadConstraintsOf = (
  { spec }: Pod,
  action: "DoNotSchedule" | "ScheduleAnyway",
): readonly SpreadConstraint[] =>
  (spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map((constraint) => ({
      topologyKey: constraint.topologyKey,
      maxSkew: constraint.maxSkew,
      minDomains: constraint.minDomains ?? 1,
      selector: labelSelectorFrom(constraint.labelSelector),
      honorsAffinity: constraint.nodeAffinityPolicy !== "Ignore",
      honorsTaints: constraint.nodeTaintsPolicy === "Honor",
    }));

/** What holds for a pod that says nothing itself. podtopologyspread/plugin.go systemDefaultConstraints, 1.34 */
export const defaultSpreadConstraints = (
  selector: LabelSelectorMatcher,
): readonly SpreadConstraint[] =>
  [
    { topologyKey: HOSTNAME, maxSkew: 3 },
    { topologyKey: "topology.kubernetes.io/zone", maxSkew: 5 },
  ].map((each) => ({
    ...each,
    minDomains: 1,
    selector,
    honorsAffinity: true,
    honorsTaints: false,
  }));

export const HOSTNAME = "kubernetes.io/hostname";

export const labelsOf = (node: NodeInfo): Readonly<Record<string, string>> =>
  node.node?.metadata.labels ?? {};

export const hasAllKeys = (node: NodeInfo, constraints: readonly SpreadConstraint[]): boolean => {
  const labels = labelsOf(node);
  return constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined);
};

/** common.go matchNodeInclusionPolicies, 1.34: whether the pods of a node count for a constraint. */
export const includesNode = (constraint: SpreadConstraint, pod: Pod, node: Node): boolean => {
  if (constraint.honorsAffinity && !matchesNodeAffinity(pod.spec, node)) return false;
  if (!constraint.honorsTaints) return true;
  return (node.spec.taints ?? []).every(
    (taint) =>
      taint.effect === "PreferNoSchedule" || isTolerated(taint, pod.spec.tolerations ?? []),
  );
};

/** Pods of a namespace on a node that a selector takes, without those on their way out. common.go countPodsMatchSelector, 1.34 */
export const countMatching = (
  node: NodeInfo,
  selector: LabelSelectorMatcher,
  namespace: string,
): number => {
  let count = 0;
  for (const { pod } of node.pods.values()) {
    const { metadata } = pod;
    if (metadata.namespace !== namespace || metadata.deletionTimestamp !== undefined) continue;
    if (selector.matches(metadata.labels)) count += 1;
  }
  return count;
};
