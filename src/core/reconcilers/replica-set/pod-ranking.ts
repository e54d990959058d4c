import { isSidecar, parseTime, type ContainerStatus, type Pod } from "../../api/index.js";
import { isReady } from "../endpoints/pod-address.js";
import { isActive, readySinceMs } from "./pod-availability.js";

/** staging/src/k8s.io/api/core/v1/annotation_key_constants.go PodDeletionCost, 1.34 */
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const MAX_INT32 = 2_147_483_647;
const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/**
 * Which pods go when there are too many. pkg/controller/replicaset/replica_set.go getPodsToDelete, 1.34
 * @param related all pods of replica sets with the same controller: a node that has many of them can spare one
 */
export const podsToDelete = (
  pods: readonly Pod[],
  related: readonly Pod[],
  count: number,
  nowMs: number,
): readonly Pod[] => {
  if (count >= pods.length) return pods;
  const onNode = new Map<string, number>();
  for (const pod of related.filter(isActive)) {
    const node = pod.spec.nodeName ?? "";
    onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const ranked = pods.map((pod) => ({ pod, rank: onNode.get(pod.spec.nodeName ?? "") ?? 0 }));
  return ranked
    .toSorted((a, b) => compare(a, b, nowMs))
    .slice(0, count)
    .map(({ pod }) => pod);
};

interface Ranked {
  readonly pod: Pod;
  readonly rank: number;
}

/** pkg/controller/controller_utils.go ActivePodsWithRanks.Less, 1.34: in this order, the first difference decides. */
const compare = (a: Ranked, b: Ranked, nowMs: number): number => {
  const areBothReady = isReady(a.pod) && isReady(b.pod);
  return (
    Number(isAssigned(a.pod)) - Number(isAssigned(b.pod)) ||
    phaseRank(a.pod) - phaseRank(b.pod) ||
    Number(isReady(a.pod)) - Number(isReady(b.pod)) ||
    deletionCost(a.pod) - deletionCost(b.pod) ||
    b.rank - a.rank ||
    (areBothReady ? byAge(a.pod, b.pod, readySinceMs(a.pod), readySinceMs(b.pod), nowMs) : 0) ||
    byRestarts(a.pod, b.pod) ||
    byAge(a.pod, b.pod, createdMs(a.pod), createdMs(b.pod), nowMs)
  );
};

const isAssigned = ({ spec }: Pod): boolean => (spec.nodeName ?? "") !== "";

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

const phaseRank = ({ status }: Pod): number => PHASES[status.phase ?? ""] ?? 0;

/** pkg/apis/core/v1/helper/helpers.go GetDeletionCostFromPodAnnotations, 1.34: what is no int32 counts as none. */
const deletionCost = ({ metadata }: Pod): number => {
  const text = metadata.annotations?.[DELETION_COST] ?? "";
  if (!/^-?(0|[1-9]\d*)$/.test(text)) return 0;
  const cost = Number(text);
  return Math.abs(cost) > MAX_INT32 ? 0 : cost;
};

/** The younger goes first, as long as their ages differ in magnitude; else chance, which is in the uid. */
const byAge = (a: Pod, b: Pod, aMs: number | null, bMs: number | null, nowMs: number): number => {
  if (aMs === bMs) return 0;
  if (aMs === null || bMs === null) return aMs === null ? -1 : 1;
  const difference = magnitude(nowMs - aMs) - magnitude(nowMs - bMs);
  if (difference !== 0) return difference;
  return a.metadata.uid < b.metadata.uid ? -1 : 1;
};

/** controller_utils.go logarithmicRankDiff, 1.34: of nanoseconds. */
const magnitude = (ageMs: number): number =>
  ageMs > 0 ? Math.floor(Math.log2(ageMs * NANOSECONDS_PER_MILLISECOND)) : -1;

const createdMs = ({ metadata }: Pod): number | null => parseTime(metadata.creationTimestamp);

/** controller_utils.go compareMaxContainerRestarts, 1.34 */
const byRestarts = (a: Pod, b: Pod): number => {
  const [aRegular, aSidecar] = maxRestarts(a);
  const [bRegular, bSidecar] = maxRestarts(b);
  return bRegular - aRegular || bSidecar - aSidecar;
};

const maxRestarts = ({ spec, status }: Pod): readonly [regular: number, sidecar: number] => {
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const most = (statuses: readonly ContainerStatus[]): number =>
    statuses.reduce((count, { restartCount }) => Math.max(count, restartCount), 0);
  return [
    most(status.containerStatuses ?? []),
    most((status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name))),
  ];
};
