import type { Filter } from "./filter.js";
import { nodeAffinity } from "./node-affinity.js";
import { nodePorts } from "./node-ports.js";
import { nodeUnschedulable } from "./node-unschedulable.js";
import { resourcesFit } from "./resources-fit.js";
import { taintToleration } from "./taint-toleration.js";

/** In the order of the default profile (pkg/scheduler/apis/config/v1/default_plugins.go, 1.34): the first that rejects decides. */
export const filters: readonly Filter[] = [
  nodeUnschedulable,
  taintToleration,
  nodeAffinity,
  nodePorts,
  resourcesFit,
];

export type { ClusterChange, Filter, Rejection } from "./filter.js";
