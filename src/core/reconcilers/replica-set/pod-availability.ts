import { parseTime, type Pod } from "../../api/index.js";
import { isReady } from "../endpoints/pod-address.js";

/** pkg/controller/controller_utils.go IsPodActive, 1.34 */
export const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  status.phase !== "Succeeded" &&
  status.phase !== "Failed";

/** Since when a pod is ready, Unix milliseconds; null when it is not, or does not say. */
export const readySinceMs = ({ status }: Pod): number | null => {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" ? parseTime(ready.lastTransitionTime ?? "") : null;
};

/**
 * How long until a pod counts as available, milliseconds: 0 when it does, for ever when it does not say since when it is ready; null when it is not
 * ready. pkg/api/v1/pod/util.go IsPodAvailable, 1.34: it must have been ready for longer than that.
 */
export const untilAvailableMs = (
  pod: Pod,
  minReadySeconds: number,
  nowMs: number,
): number | null => {
  if (!isReady(pod)) return null;
  if (minReadySeconds === 0) return 0;
  const sinceMs = readySinceMs(pod) ?? Number.POSITIVE_INFINITY;
  return Math.max(0, sinceMs + minReadySeconds * 1000 + 1 - nowMs);
};
