import { MAX_SCORE, type Score } from "./score.js";

/** NodeResourcesFit with LeastAllocated: the mean share of cpu and memory still free (noderesources/least_allocated.go, 1.34). */
export const leastAllocated: Score = {
  plugin: "NodeResourcesFit",
  weight: 1,
  scale: "as-is",
  rate(pod, node) {
    let sum = 0;
    let counted = 0;
    for (const name of ["cpu", "memory"]) {
      const allocatable = node.allocatable.get(name) ?? 0;
      if (allocatable === 0) continue;
      const requested =
        (node.scoringRequested.get(name) ?? 0) + (pod.scoringRequests.get(name) ?? 0);
      sum +=
        requested > allocatable
          ? 0
          : Math.floor(((allocatable - requested) * MAX_SCORE) / allocatable);
      counted += 1;
    }
    return counted === 0 ? 0 : Math.floor(sum / counted);
  },
};
