import type { Pod } from "../../api/index.js";
import { withMetadata } from "../object-metadata.js";
import type { Strategy } from "../strategy.js";

/** pkg/registry/core/pod/strategy.go, 1.34 */
export const podStrategy: Strategy<Pod> = {
  returnsDeleted: true,
  prepareForCreate: (pod) => ({
    ...withMetadata(pod, { generation: 1 }),
    status: { phase: "Pending", qosClass: "BestEffort" },
  }),
  prepareForUpdate: (next, previous) => ({ ...next, status: previous.status }),
  prepareForStatusUpdate: (next, previous) => ({
    ...withMetadata(next, {
      deletionTimestamp: undefined,
      ownerReferences: previous.metadata.ownerReferences,
    }),
    spec: previous.spec,
  }),
  /** API-13 */
  gracePeriodSeconds({ spec, status }, options) {
    const isNowhere = (spec.nodeName ?? "") === "";
    if (isNowhere || status.phase === "Failed" || status.phase === "Succeeded") return 0;
    const seconds = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
    return seconds < 0 ? 1 : seconds;
  },
};
