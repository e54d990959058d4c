import type { Filter } from "./filter.js";

/** The pod's volumes are reachable from the node, or can be made there (SCHED-5). */
export const volumeBinding: Filter = {
  plugin: "VolumeBinding",
  helpedBy: () => ["node-added", "node-labels", "volume-changed"],
  /** A claim that only one pod may use is free again. */
  helpedByPod: (_, { after }) => after === null,
  check: (pod, node) => pod.volumes?.check(node) ?? null,
};
