import type { Filter } from "./filter.js";

/** Words of interpodaffinity/filtering.go, 1.34. */
const REASONS = {
  affinity: "node(s) didn't match pod affinity rules",
  "anti-affinity": "node(s) didn't match pod anti-affinity rules",
  "existing-anti-affinity": "node(s) didn't satisfy existing pods anti-affinity rules",
};

/** A pod goes where the pods are that it needs beside it, and not where those are that it, or that they, do not want. */
export const interPodAffinity: Filter = {
  plugin: "InterPodAffinity",
  helpedBy: () => ["node-added", "node-labels", "node-taints"],
  helpedByPod: (pod, change) => pod.neighbours?.isHelpedBy(change) ?? false,
  check(pod, node) {
    const problem = pod.neighbours?.check(node) ?? null;
    if (problem === null) return null;
    return {
      plugin: this.plugin,
      reasons: [REASONS[problem]],
      resolvable: problem !== "affinity",
    };
  },
};
