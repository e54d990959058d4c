import { asInteger, podRequests, type Pod } from "../../api/index.js";
import type { PodUsage } from "./pod-usage.js";
import type { EvictionResource } from "./thresholds.js";

/** A pod that may be evicted, with what it uses. */
export interface Candidate {
  readonly pod: Pod;
  readonly usage: PodUsage;
}

/**
 * EVICT-3: first those that use more than they asked for, of these those of low priority, of these those with the largest excess.
 * pkg/kubelet/eviction/helpers.go, 1.34: rankMemoryPressure, rankDiskPressureFunc.
 */
export const evictionOrder = <T extends Candidate>(
  candidates: readonly T[],
  resource: EvictionResource,
): readonly T[] =>
  [...candidates].sort(
    (a, b) =>
      Number(excessOf(b, resource) > 0) - Number(excessOf(a, resource) > 0) ||
      (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) ||
      excessOf(b, resource) - excessOf(a, resource),
  );

const excessOf = ({ pod, usage }: Candidate, resource: EvictionResource): number => {
  const request = podRequests(pod).get(resource);
  return usageOf(usage, resource) - (request === undefined ? 0 : asInteger(request));
};

const usageOf = (usage: PodUsage, resource: EvictionResource): number => {
  switch (resource) {
    case "memory":
      return usage.memoryBytes;
    case "ephemeral-storage":
      return usage.diskBytes;
    case "inodes":
      return usage.inodes;
  }
};
