import { matchesNodeSelectorTerm } from "../../api/index.js";
import type { Score } from "./score.js";

/** The sum of the weights of the preferred terms that the node matches. */
export const preferredNodeAffinity: Score = {
  plugin: "NodeAffinity",
  weight: 2,
  scale: "highest-is-100",
  rate({ pod }, { node }) {
    const preferred =
      pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (node === null) return 0;
    let sum = 0;
    for (const { weight, preference } of preferred)
      if (matchesNodeSelectorTerm(preference, node)) sum += weight;
    return sum;
  },
};
