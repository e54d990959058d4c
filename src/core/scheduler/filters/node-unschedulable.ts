import { isTolerated } from "../../api/index.js";
import type { Filter } from "./filter.js";

/** A cordoned node takes only pods that tolerate the taint of cordoned nodes (SCHED-9). */
export const nodeUnschedulable: Filter = {
  plugin: "NodeUnschedulable",
  helpedBy: () => ["node-added", "node-taints"],
  check(pod, { node }) {
    if (node?.spec.unschedulable !== true) return null;
    const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
    if (isTolerated(taint, pod.pod.spec.tolerations)) return null;
    return { plugin: this.plugin, reasons: ["node(s) were unschedulable"], resolvable: false };
  },
};
