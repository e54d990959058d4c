import type { NodeInfo, PodInfo } from "../node-info.js";
import { MAX_SCORE } from "./score.js";

/** Weight of PodTopologySpread. pkg/scheduler/apis/config/v1/default_plugins.go, 1.34 */
export const SPREAD_WEIGHT = 2;
const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";
/** pkg/scheduler/framework/plugins/podtopologyspread/plugin.go systemDefaultConstraints, 1.34 */
const HOSTNAME_SKEW = 3;
const ZONE_SKEW = 5;

/**
 * How well each node keeps a pod apart from others of its kind, 0…100, by the cluster's default constraints; null for a pod that is to be kept apart
 * from none. pkg/scheduler/framework/plugins/podtopologyspread/scoring.go, 1.34
 * @param all also the nodes where it can not go: their pods count in their zone
 */
export const spreadScores = (
  pod: PodInfo,
  feasible: readonly NodeInfo[],
  all: readonly NodeInfo[],
): number[] | null => {
  if (pod.spreadSelector === undefined) return null;
  const zones = countByZone(pod, feasible, all);
  const hostWeight = Math.log(feasible.length + 2);
  const zoneWeight = Math.log(zones.size + 2);
  const raw = feasible.map((node) => {
    const zone = zoneOf(node);
    const ofHost = hasHostname(node) ? countOn(pod, node) * hostWeight + (HOSTNAME_SKEW - 1) : 0;
    const ofZone = zone === undefined ? 0 : (zones.get(zone) ?? 0) * zoneWeight + (ZONE_SKEW - 1);
    return Math.round(ofHost + ofZone);
  });
  const highest = Math.max(...raw);
  const lowest = Math.min(...raw);
  return raw.map((value) =>
    highest === 0 ? MAX_SCORE : Math.trunc((MAX_SCORE * (highest + lowest - value)) / highest),
  );
};

const countByZone = (
  pod: PodInfo,
  feasible: readonly NodeInfo[],
  all: readonly NodeInfo[],
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const node of feasible) {
    const zone = zoneOf(node);
    if (zone !== undefined) counts.set(zone, 0);
  }
  if (counts.size === 0) return counts;
  for (const node of all) {
    const zone = zoneOf(node) ?? "";
    const count = counts.get(zone);
    if (count !== undefined) counts.set(zone, count + countOn(pod, node));
  }
  return counts;
};

/** Pods of its kind on a node, without those on their way out. common.go countPodsMatchSelector, 1.34 */
const countOn = ({ pod, spreadSelector }: PodInfo, node: NodeInfo): number => {
  let count = 0;
  for (const { pod: other } of node.pods.values()) {
    const { namespace, labels, deletionTimestamp } = other.metadata;
    if (namespace !== pod.metadata.namespace || deletionTimestamp !== undefined) continue;
    if (spreadSelector?.matches(labels) === true) count += 1;
  }
  return count;
};

const zoneOf = ({ node }: NodeInfo): string | undefined => node?.metadata.labels?.[ZONE];

const hasHostname = ({ node }: NodeInfo): boolean =>
  node?.metadata.labels?.[HOSTNAME] !== undefined;
