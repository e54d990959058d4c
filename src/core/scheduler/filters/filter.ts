import type { NodeInfo, PodInfo } from "../node-info.js";

/**
 * What may make a pod fit that did not: which change in the cluster is worth another try. The node's are told apart as in
 * pkg/scheduler/backend/queue and framework/events.go, 1.34: cordoning counts as a change of taints (nodeSchedulingPropertiesChange).
 */
export type ClusterChange =
  | "node-added"
  | "node-allocatable"
  | "node-labels"
  | "node-taints"
  | "pod-gone"
  | "pod-changed"
  | "volume-changed"
  | HostPortChange
  | ClaimChange;

/** A pod is gone that had this host port. */
export type HostPortChange = `host-port:${string}/${number}`;

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
  /** Of the changes, those that make another try worth its while for this pod: the plugin's EventsToRegister and queueing hints. */
  helpedBy(pod: PodInfo): readonly ClusterChange[];
  check(pod: PodInfo, node: NodeInfo): Rejection | null;
}
