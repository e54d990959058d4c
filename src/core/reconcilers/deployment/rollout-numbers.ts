import type { Deployment, ReplicaSet } from "../../api/index.js";

/** staging/src/k8s.io/api/apps/v1, 1.34: a deadline or limit of this much is none. */
const MAX_INT32 = 2_147_483_647;

/** pkg/controller/deployment/util/deployment_util.go, 1.34: HasProgressDeadline. Seconds; null without one. */
export const progressDeadlineOf = ({ spec }: Deployment): number | null =>
  limitOf(spec.progressDeadlineSeconds);

/** HasRevisionHistoryLimit, same file. Null without one. */
export const historyLimitOf = ({ spec }: Deployment): number | null =>
  limitOf(spec.revisionHistoryLimit);

const limitOf = (value: number | undefined): number | null =>
  value === undefined || value === MAX_INT32 ? null : value;

export const wantedOf = ({ spec }: Deployment | ReplicaSet): number => spec.replicas ?? 0;

export const isRollingUpdate = ({ spec }: Deployment): boolean =>
  spec.strategy?.type === "RollingUpdate";

/** Pods beyond those wished for that may be there at a time. MaxSurge, same file */
export const maxSurge = (deployment: Deployment): number =>
  isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;

/** Pods of those wished for that may be missing at a time. MaxUnavailable, same file */
export const maxUnavailable = (deployment: Deployment): number => {
  const wanted = wantedOf(deployment);
  if (!isRollingUpdate(deployment) || wanted === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, wanted);
};

/** ResolveFenceposts, same file: percentages of nothing would let nothing move. */
const fenceposts = ({ spec }: Deployment): { surge: number; unavailable: number } => {
  const wanted = spec.replicas ?? 0;
  const { maxSurge: most = 0, maxUnavailable: fewest = 0 } = spec.strategy?.rollingUpdate ?? {};
  const surge = share(most, wanted, Math.ceil);
  const unavailable = share(fewest, wanted, Math.floor);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
};

/** apimachinery pkg/util/intstr/intstr.go GetScaledValueFromIntOrPercent, 0.34 */
const share = (amount: number | string, total: number, round: (value: number) => number): number =>
  typeof amount === "number" ? amount : round((Number(amount.replace("%", "")) * total) / 100);

/** How many the new set may have next. NewRSNewReplicas, same file. @param inSets all that the sets want now, the new one's included */
export const nextOfNewSet = (deployment: Deployment, current: number, inSets: number): number => {
  const wanted = wantedOf(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const room = wanted + maxSurge(deployment) - inSets;
  return room <= 0 ? current : current + Math.min(room, wanted - current);
};

export const sumOf = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number =>
  sets.reduce((sum, set) => sum + count(set), 0);
