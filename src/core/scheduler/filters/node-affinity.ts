import { matchesNodeAffinity } from "../../api/index.js";
import type { Filter } from "./filter.js";

/** nodeSelector and required node affinity must both match (SCHED-8). */
export const nodeAffinity: Filter = {
  plugin: "NodeAffinity",
  helpedBy: () => ["node-added", "node-labels"],
  check({ pod }, { node }) {
    if (node !== null && matchesNodeAffinity(pod.spec, node)) return null;
    return {
      plugin: this.plugin,
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
      resolvable: false,
    };
  },
};
