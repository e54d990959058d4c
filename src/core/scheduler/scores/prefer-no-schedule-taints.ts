import { isTolerated } from "../../api/index.js";
import type { Score } from "./score.js";

/** The fewer PreferNoSchedule taints that the pod does not tolerate, the better. */
export const preferNoScheduleTaints: Score = {
  plugin: "TaintToleration",
  weight: 3,
  scale: "lowest-is-100",
  rate({ pod }, { node }) {
    const taints = node?.spec.taints ?? [];
    return taints.filter(
      (taint) => taint.effect === "PreferNoSchedule" && !isTolerated(taint, pod.spec.tolerations),
    ).length;
  },
};
