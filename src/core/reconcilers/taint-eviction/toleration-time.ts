import { isTolerated, tolerates, type Taint, type Toleration } from "../../api/index.js";

/** How long a pod may stay on a node with these NoExecute taints, in milliseconds (NODE-6): 0 is not at all, Infinity is for ever. */
export const toleratedMs = (
  taints: readonly Taint[],
  tolerations: readonly Toleration[] | undefined,
): number => {
  const evicting = taints.filter(({ effect }) => effect === "NoExecute");
  if (!evicting.every((taint) => isTolerated(taint, tolerations))) return 0;
  // pkg/controller/tainteviction/taint_eviction.go getMinTolerationTime, 1.34: the shortest of those used; a negative time is none.
  const used = (tolerations ?? []).filter((toleration) =>
    evicting.some((taint) => tolerates(toleration, taint)),
  );
  const times = used.flatMap(({ tolerationSeconds }) =>
    tolerationSeconds === undefined ? [] : [tolerationSeconds],
  );
  return times.length === 0 ? Infinity : Math.max(0, Math.min(...times)) * 1000;
};
