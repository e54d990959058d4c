import { spreadConstraintsOf } from "../topology/spread-constraints.js";
import type { Filter } from "./filter.js";

const REASON = "node(s) didn't match pod topology spread constraints";

/** A node may have only so many more pods of a kind than the emptiest one (its topologySpreadConstraints with DoNotSchedule). */
export const podTopologySpread: Filter = {
  plugin: "PodTopologySpread",
  helpedBy: () => ["node-added", "node-gone", "node-labels", "node-taints"],
  /** podtopologyspread/plugin.go isSchedulableAfterPodChange, 1.34 */
  helpedByPod({ pod }, { before, after }) {
    const constraints = spreadConstraintsOf(pod, "DoNotSchedule");
    const counts = (other: typeof before): boolean =>
      other?.metadata.namespace === pod.metadata.namespace &&
      constraints.some(({ selector }) => selector.matches(other.metadata.labels));
    return counts(before) !== counts(after);
  },
  check(pod, node) {
    const problem = pod.spread?.check(node) ?? null;
    if (problem === null) return null;
    return problem === "skew"
      ? { plugin: this.plugin, reasons: [REASON], resolvable: true }
      : {
          plugin: this.plugin,
          reasons: [`${REASON} (missing required label)`],
          resolvable: false,
        };
  },
};
