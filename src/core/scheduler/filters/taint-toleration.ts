import { isTolerated } from "../../api/index.js";
import type { Filter } from "./filter.js";

/** The first taint of effect NoSchedule or NoExecute that the pod does not tolerate keeps it away (SCHED-5, SCHED-9). */
export const taintToleration: Filter = {
  plugin: "TaintToleration",
  helpedBy: () => ["node-added", "node-taints"],
  check(pod, { node }) {
    const taint = node?.spec.taints?.find(
      (each) => each.effect !== "PreferNoSchedule" && !isTolerated(each, pod.pod.spec.tolerations),
    );
    if (taint === undefined) return null;
    const reason = `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
    return { plugin: this.plugin, reasons: [reason], resolvable: false };
  },
};
