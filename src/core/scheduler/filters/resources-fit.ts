import { requestsOf } from "../resource-amounts.js";
import type { Filter } from "./filter.js";

/** Everything the pod requests must be free on the node, and one more pod allowed (SCHED-2, SCHED-5). */
export const resourcesFit: Filter = {
  plugin: "NodeResourcesFit",
  helpedBy: () => ["node-added", "node-allocatable"],
  /** noderesources/fit.go isSchedulableAfterPodEvent, 1.34: one is gone, or takes less of what this one asks for. */
  helpedByPod({ requests }, { before, after }) {
    if (before === null || after === null) return after === null;
    if (before.spec === after.spec) return false;
    const taken = requestsOf(before);
    const left = requestsOf(after);
    return [...requests.keys()].some((name) => (left.get(name) ?? 0) < (taken.get(name) ?? 0));
  },
  check(pod, node) {
    const reasons: string[] = [];
    let resolvable = true;
    if (node.pods.size + 1 > (node.allocatable.get("pods") ?? 0)) reasons.push("Too many pods");
    for (const [name, wanted] of pod.requests) {
      const allocatable = node.allocatable.get(name) ?? 0;
      if (wanted === 0 || wanted <= allocatable - (node.requested.get(name) ?? 0)) continue;
      reasons.push(`Insufficient ${name}`);
      if (wanted > allocatable) resolvable = false;
    }
    return reasons.length === 0 ? null : { plugin: this.plugin, reasons, resolvable };
  },
};
