import type { Pod } from "../../api/index.js";
import type { NodeInfo, PodInfo } from "../node-info.js";

/**
 * What may make a pod fit that did not: which change in the cluster is worth another try. The node's are told apart as in
 * pkg/scheduler/backend/queue and framework/events.go, 1.34: cordoning counts as a change of taints (nodeSchedulingPropertiesChange).
 */
export type ClusterChange =
  | "node-added"
  | "node-allocatable"
  | "node-gone"
  | "node-labels"
  | "node-taints"
  | "volume-changed"
  | ClaimChange;

/** A claim of this namespace and name. */
export type ClaimChange = `claim:${string}/${string}`;

/** A pod with a node has come (before: null), has changed, or has gone (after: null). */
export interface PodChange {
  readonly before: Pod | null;
  readonly after: Pod | null;
}

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
  /** Whether this change of another pod does; without it, none. */
  helpedByPod?(pod: PodInfo, change: PodChange): boolean;
  check(pod: PodInfo, node: NodeInfo): Rejection | null;
}
