import { MAX_SCORE, type Score } from "./score.js";

/** Prefers nodes whose cpu and memory are used to a like share (noderesources/balanced_allocation.go, 1.34). */
export const balancedAllocation: Score = {
  plugin: "NodeResourcesBalancedAllocation",
  weight: 1,
  scale: "as-is",
  rate(pod, node) {
    // A pod that requests nothing is not scored (balanced_allocation.go PreScore, 1.34: best-effort pods are skipped).
    if (!pod.requests.get("cpu") && !pod.requests.get("memory")) return 0;
    const shares: number[] = [];
    for (const name of ["cpu", "memory"]) {
      const allocatable = node.allocatable.get(name) ?? 0;
      if (allocatable === 0) continue;
      shares.push(
        Math.min(
          1,
          ((node.requested.get(name) ?? 0) + (pod.requests.get(name) ?? 0)) / allocatable,
        ),
      );
    }
    const deviation = shares.length === 2 ? Math.abs((shares[0] ?? 0) - (shares[1] ?? 0)) / 2 : 0;
    return Math.floor((1 - deviation) * MAX_SCORE);
  },
};
