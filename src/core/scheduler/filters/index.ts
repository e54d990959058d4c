import type { NodeInfo, PodInfo } from "../node-info.js";
import type { Filter, Rejection } from "./filter.js";
import { nodeAffinity } from "./node-affinity.js";
import { interPodAffinity } from "./inter-pod-affinity.js";
import { nodePorts } from "./node-ports.js";
import { nodeUnschedulable } from "./node-unschedulable.js";
import { podTopologySpread } from "./pod-topology-spread.js";
import { resourcesFit } from "./resources-fit.js";
import { taintToleration } from "./taint-toleration.js";
import { volumeBinding } from "./volume-binding.js";

/** In the order of the default profile (pkg/scheduler/apis/config/v1/default_plugins.go, 1.34): the first that rejects decides. */
export const filters: readonly Filter[] = [
  nodeUnschedulable,
  taintToleration,
  nodeAffinity,
  nodePorts,
  resourcesFit,
  volumeBinding,
  podTopologySpread,
  interPodAffinity,
];

/** Null when the node will do. */
export const rejectionOf = (pod: PodInfo, node: NodeInfo): Rejection | null => {
  for (const filter of filters) {
    const rejection = filter.check(pod, node);
    if (rejection !== null) return rejection;
  }
  return null;
};

export type { ClaimChange, ClusterChange, Filter, PodChange, Rejection } from "./filter.js";
