import type { NodeInfo, PodInfo } from "../node-info.js";

/** One preference: a raw number per node, brought to 0…100 over all feasible nodes, times its weight in the default profile. */
export interface Score {
  readonly plugin: string;
  readonly weight: number;
  rate(pod: PodInfo, node: NodeInfo): number;
  /** How raw numbers become 0…100; `as-is` when `rate` gives that already. */
  readonly scale: "as-is" | "highest-is-100" | "lowest-is-100";
}

/** A preference that depends on the pods of all nodes. */
export interface ClusterScore {
  readonly plugin: string;
  readonly weight: number;
  /**
   * 0…100 for each node where the pod can go; null where it has no preference.
   * @param all also the nodes where it can not go: their pods count too
   */
  rate(
    pod: PodInfo,
    feasible: readonly NodeInfo[],
    all: readonly NodeInfo[],
  ): readonly number[] | null;
}

export const MAX_SCORE = 100;
