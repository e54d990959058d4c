import type { NodeInfo, PodInfo } from "../node-info.js";

/** What may make a pod fit that did not: which change in the cluster is worth another try. */
export type ClusterChange =
  "node-added" | "node-changed" | "pod-gone" | "pod-changed" | "volume-changed" | ClaimChange;

/** A claim of this namespace and name. */
export type ClaimChange = `claim:${string}/${string}`;

/** Why a node is no place for a pod. `resolvable`: evicting pods from it could help. */
export interface Rejection {
  readonly plugin: string;
  readonly reasons: readonly string[];
  readonly resolvable: boolean;
}

/** One predicate, named and worded as the plugin of pkg/scheduler/framework/plugins, 1.34. Null: the node will do. */
export interface Filter {
  readonly plugin: string;
  readonly helpedBy: readonly ClusterChange[];
  check(pod: PodInfo, node: NodeInfo): Rejection | null;
}
