import { formatTime, type PersistentVolume, type PersistentVolumeClaim } from "../../api/index.js";
import { withStatusOf } from "../status-part.js";
import type { Strategy } from "../strategy.js";

/** pkg/registry/core/persistentvolumeclaim/strategy.go, 1.34 */
export const persistentVolumeClaimStrategy: Strategy<PersistentVolumeClaim> = {
  returnsDeleted: true,
  prepareForCreate: (claim) => ({ ...claim, status: { phase: "Pending" } }),
  prepareForUpdate: (next, previous) => withStatusOf(next, previous),
  prepareForStatusUpdate: (next, previous) => ({ ...next, spec: previous.spec }),
};

/** pkg/registry/core/persistentvolume/strategy.go, 1.34 */
export const persistentVolumeStrategy: Strategy<PersistentVolume> = {
  returnsDeleted: true,
  prepareForCreate: (volume, { nowMs }) => ({
    ...volume,
    status: { phase: "Pending", lastPhaseTransitionTime: formatTime(nowMs) },
  }),
  prepareForUpdate: (next, previous) => withStatusOf(next, previous),
  prepareForStatusUpdate(next, previous, { nowMs }) {
    const isNewPhase = next.status.phase !== previous.status.phase;
    const changedAt = isNewPhase ? formatTime(nowMs) : previous.status.lastPhaseTransitionTime;
    return {
      ...next,
      spec: previous.spec,
      status: {
        ...next.status,
        ...(changedAt === undefined ? {} : { lastPhaseTransitionTime: changedAt }),
      },
    };
  },
};
