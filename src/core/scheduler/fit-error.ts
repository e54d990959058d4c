import type { Rejection } from "./filters/index.js";

/** pkg/scheduler/schedule_one.go, 1.34: ErrNoNodesAvailable. */
export const NO_NODES = "no nodes available to schedule pods";

/**
 * What the DynamicResources plugin, which is asked before DefaultPreemption, has to say of a pod without claims to devices.
 * pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go, 1.34: PostFilter; on by default from 1.34.
 */
const NO_DEVICES = "no new claims to deallocate";

/**
 * The FailedScheduling message (SCHED-4): how many nodes were rejected for each reason.
 * @param preemption why evicting pods is no help; null when it is under way, for then upstream adds nothing.
 */
export const fitErrorMessage = (
  rejections: readonly Rejection[],
  preemption: string | null,
): string => {
  const reasons = rejections.flatMap((rejection) => rejection.reasons);
  const tail = preemption === null ? "" : ` ${NO_DEVICES}, preemption: ${preemption}`;
  return availability(rejections.length, reasons) + tail;
};

/**
 * Where no node was looked at, since none could do: FitError with a PreFilterMsg. DynamicResources was not asked before and so misses what it
 * would have kept; its error, just "not found", takes the place of what preemption would say (1.34: PostFilter, framework/cycle_state.go: Read).
 */
export const preFilterMessage = (nodeCount: number, reason: string): string =>
  `0/${nodeCount} nodes are available: ${reason}. not found`;

/** Why evicting pods would not make room (SCHED-6), in the form of a fit error of its own. */
export const preemptionMessage = (rejections: readonly Rejection[]): string =>
  availability(
    rejections.length,
    rejections.map(({ resolvable }) =>
      resolvable
        ? "No preemption victims found for incoming pod"
        : "Preemption is not helpful for scheduling",
    ),
  );

/** pkg/scheduler/framework/types.go, 1.34: FitError.Error sorts the "count reason" strings as text. */
const availability = (nodeCount: number, reasons: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodeCount} nodes are available: ${parts.join(", ")}.`;
};
