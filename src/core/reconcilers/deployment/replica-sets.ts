import {
  semanticEqual,
  type Deployment,
  type PodTemplateSpec,
  type ReplicaSet,
} from "../../api/index.js";
import { revisionOf } from "./revisions.js";
import { wantedOf } from "./rollout-numbers.js";

/** staging/src/k8s.io/api/apps/v1/types.go DefaultDeploymentUniqueLabelKey, 1.34 */
export const HASH_LABEL = "pod-template-hash";

/** The set of the Deployment's present template, and all others. */
export interface Sets {
  readonly current: ReplicaSet | null;
  readonly old: readonly ReplicaSet[];
}

/** Of several sets with this template the oldest counts. deployment_util.go FindNewReplicaSet, FindOldReplicaSets, 1.34 */
export const splitSets = ({ spec }: Deployment, sets: readonly ReplicaSet[]): Sets => {
  const current =
    sets.toSorted(byCreation).find((set) => isSameTemplate(set.spec.template, spec.template)) ??
    null;
  return { current, old: sets.filter(({ metadata }) => metadata.uid !== current?.metadata.uid) };
};

/** deployment_util.go EqualIgnoreHash, 1.34 */
export const isSameTemplate = (
  a: PodTemplateSpec | undefined,
  b: PodTemplateSpec | undefined,
): boolean => {
  if (!semanticEqual(a?.spec, b?.spec)) return false;
  return semanticEqual(metadataWithoutHash(a), metadataWithoutHash(b));
};

const metadataWithoutHash = (template: PodTemplateSpec | undefined): unknown => {
  const { labels, ...metadata } = template?.metadata ?? {};
  const kept = Object.entries(labels ?? {}).filter(([key]) => key !== HASH_LABEL);
  return { ...metadata, labels: kept.length === 0 ? undefined : Object.fromEntries(kept) };
};

export const isActiveSet = (set: ReplicaSet): boolean => wantedOf(set) > 0;

/** pkg/controller/controller_utils.go ReplicaSetsByCreationTimestamp, 1.34 */
export const byCreation = ({ metadata: a }: ReplicaSet, { metadata: b }: ReplicaSet): number =>
  compareText(a.creationTimestamp, b.creationTimestamp) || compareText(a.name, b.name);

/** deployment_util.go ReplicaSetsByRevision, 1.34 */
export const byRevision = (a: ReplicaSet, b: ReplicaSet): number =>
  revisionOf(a) - revisionOf(b) || byCreation(a, b);

/** Larger ones first; of one size the newer, or the older, first. controller_utils.go ReplicaSetsBySizeNewer, ReplicaSetsBySizeOlder, 1.34 */
export const bySize =
  (isNewerFirst: boolean) =>
  (a: ReplicaSet, b: ReplicaSet): number =>
    wantedOf(b) - wantedOf(a) || (isNewerFirst ? byCreation(b, a) : byCreation(a, b));

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
