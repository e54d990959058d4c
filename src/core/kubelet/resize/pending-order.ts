import { compareQuantities, podRequests, ZERO_QUANTITY, type Pod } from "../../api/index.js";
import type { PodHandle } from "../pod-handle.js";

/**
 * Which resize is looked at first: those that ask for no more, then by priority, then guaranteed pods; else those that wait longest (the order
 * given). allocation_manager.go, 1.34: sortPendingResizes.
 */
export const pendingOrder = (handles: readonly PodHandle[]): readonly PodHandle[] =>
  [...handles].sort(
    (a, b) =>
      Number(asksForMore(a)) - Number(asksForMore(b)) ||
      priorityOf(b.wanted) - priorityOf(a.wanted) ||
      Number(isGuaranteed(b.wanted)) - Number(isGuaranteed(a.wanted)),
  );

const asksForMore = ({ pod, wanted }: PodHandle): boolean => {
  const before = podRequests(pod);
  const after = podRequests(wanted);
  return ["cpu", "memory"].some(
    (name) =>
      compareQuantities(after.get(name) ?? ZERO_QUANTITY, before.get(name) ?? ZERO_QUANTITY) > 0,
  );
};

const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0;

const isGuaranteed = ({ status }: Pod): boolean => status.qosClass === "Guaranteed";
