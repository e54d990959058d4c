import type { Deployment, ReplicaSet } from "../../api/index.js";
import { byCreation, bySize, isActiveSet, type Sets } from "./replica-sets.js";
import { desiredReplicasOf, maxReplicasOf } from "./revisions.js";
import {
  isRollingUpdate,
  maxSurge,
  maxUnavailable,
  nextOfNewSet,
  sumOf,
  wantedOf,
} from "./rollout-numbers.js";

/** A set by name, and how many pods it is to have. Two for the same set are done one after the other. */
export interface Scaling {
  readonly set: string;
  readonly replicas: number;
}

const scaling = ({ metadata }: ReplicaSet, replicas: number): Scaling => ({
  set: metadata.name,
  replicas,
});

/** Somebody changed how many pods there are to be. pkg/controller/deployment/sync.go isScalingEvent, 1.34 */
export const isScalingEvent = (deployment: Deployment, { current, old }: Sets): boolean =>
  [...old, ...(current === null ? [] : [current])].filter(isActiveSet).some((set) => {
    const desired = desiredReplicasOf(set);
    return desired !== null && desired !== wantedOf(deployment);
  });

/** pkg/controller/deployment/sync.go scale, 1.34: one set is given what is wished for; several share it by size. */
export const planScaling = (deployment: Deployment, sets: Sets): readonly Scaling[] => {
  const { current, old } = sets;
  const wanted = wantedOf(deployment);
  const single = activeOrLatest(sets);
  if (single !== null) return wantedOf(single) === wanted ? [] : [scaling(single, wanted)];
  const active = old.filter(isActiveSet);
  if (current !== null && isSaturated(deployment, current))
    return active.map((set) => scaling(set, 0));
  if (!isRollingUpdate(deployment)) return [];
  return shares(
    deployment,
    [...active, ...(current === null ? [] : [current])].filter(isActiveSet),
  );
};

/** deployment_util.go FindActiveOrLatest, 1.34 */
const activeOrLatest = ({ current, old }: Sets): ReplicaSet | null => {
  const [newest] = old.toSorted(byCreation).reverse();
  const [only, ...others] = [...old, ...(current === null ? [] : [current])].filter(isActiveSet);
  if (only === undefined) return current ?? newest ?? null;
  return others.length === 0 ? only : null;
};

/** deployment_util.go IsSaturated, 1.34 */
const isSaturated = (deployment: Deployment, set: ReplicaSet): boolean => {
  const wanted = wantedOf(deployment);
  return (
    wantedOf(set) === wanted &&
    desiredReplicasOf(set) === wanted &&
    (set.status.availableReplicas ?? 0) === wanted
  );
};

/** What is added or taken is spread over the sets by their size; what rounding leaves goes to the largest. */
const shares = (deployment: Deployment, sets: readonly ReplicaSet[]): readonly Scaling[] => {
  const wanted = wantedOf(deployment);
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  const toAdd = allowed - sumOf(sets, wantedOf);
  const sorted = toAdd === 0 ? sets : sets.toSorted(bySize(toAdd > 0));
  let added = 0;
  const planned = sorted.map((set) => {
    const part = proportionOf(set, deployment, toAdd, added);
    added += part;
    return { set, replicas: wantedOf(set) + part };
  });
  return planned.map(({ set, replicas }, index) =>
    scaling(set, index === 0 ? Math.max(0, replicas + toAdd - added) : replicas),
  );
};

/** deployment_util.go GetReplicaSetProportion, 1.34 */
const proportionOf = (
  set: ReplicaSet,
  deployment: Deployment,
  toAdd: number,
  added: number,
): number => {
  if (wantedOf(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const fraction = fractionOf(set, deployment);
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
};

/** deployment_util.go getReplicaSetFraction, 1.34 */
const fractionOf = (set: ReplicaSet, deployment: Deployment): number => {
  const size = wantedOf(set);
  if (wantedOf(deployment) === 0) return -size;
  const annotated = maxReplicasOf(set) ?? 0;
  const before = annotated === 0 ? (deployment.status.replicas ?? 0) : annotated;
  if (before === 0) return 0;
  return Math.round((size * (wantedOf(deployment) + maxSurge(deployment))) / before) - size;
};

/** What a rolling update does next: first the new set grows, then the old ones shrink. pkg/controller/deployment/rolling.go, 1.34 */
export const planRollingUpdate = (
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): readonly Scaling[] => {
  const wanted = wantedOf(deployment);
  const inSets = sumOf([...old, current], wantedOf);
  const size = wantedOf(current);
  const next = size > wanted ? wanted : nextOfNewSet(deployment, size, inSets);
  if (next !== size) return [scaling(current, next)];
  return planOldSets(deployment, current, old.filter(isActiveSet));
};

/** rolling.go reconcileOldReplicaSets, 1.34: pods that are not available go first, without regard to age of their set. */
const planOldSets = (
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): readonly Scaling[] => {
  const fewest = wantedOf(deployment) - maxUnavailable(deployment);
  const missingInNew = wantedOf(current) - availableOf(current);
  const mayGo = sumOf([...old, current], wantedOf) - fewest - missingInNew;
  if (old.length === 0 || mayGo <= 0) return [];
  const sorted = old.toSorted(byCreation);
  const sizes = new Map(sorted.map((set) => [set, wantedOf(set)]));
  const plan: Scaling[] = [];
  const shrink = (set: ReplicaSet, count: number): number => {
    const size = (sizes.get(set) ?? 0) - count;
    sizes.set(set, size);
    plan.push(scaling(set, size));
    return count;
  };
  let gone = 0;
  for (const set of sorted) {
    const unhealthy = wantedOf(set) - availableOf(set);
    if (gone < mayGo && unhealthy > 0) gone += shrink(set, Math.min(mayGo - gone, unhealthy));
  }
  // What is available beyond the least that must be may go, too.
  const spare = sumOf([...old, current], availableOf) - fewest;
  let taken = 0;
  for (const set of sorted) {
    const size = sizes.get(set) ?? 0;
    if (taken < spare && size > 0) taken += shrink(set, Math.min(size, spare - taken));
  }
  return plan;
};

const availableOf = ({ status }: ReplicaSet): number => status.availableReplicas ?? 0;
