import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from "../generated/core-v1.js";
import { labelSelectorFrom } from "../meta/label-selector.js";
import { compareQuantities, parseQuantity } from "../meta/quantity.js";

/** Names that the parts of Kubernetes agree on. component-helpers storage/volume/pv_helpers.go, 0.34 */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
export const STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner";
export const BETA_STORAGE_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
/** staging/src/k8s.io/api/storage/v1: a class whose volumes somebody makes by hand. */
export const NO_PROVISIONER = "kubernetes.io/no-provisioner";
/** Rancher's local path provisioner, which kind and k3s come with: what the default class of a new cluster uses. */
export const LOCAL_PATH_PROVISIONER = "rancher.io/local-path";
/** pkg/volume/util/finalizer.go, 1.34 */
export const CLAIM_PROTECTION = "kubernetes.io/pvc-protection";
export const VOLUME_PROTECTION = "kubernetes.io/pv-protection";

const BETA_CLASS = "volume.beta.kubernetes.io/storage-class";

/** component-helpers storage/volume/helpers.go, 0.34: GetPersistentVolumeClaimClass and GetPersistentVolumeClass. */
export const storageClassNameOf = ({
  metadata,
  spec,
}: PersistentVolume | PersistentVolumeClaim): string =>
  metadata.annotations?.[BETA_CLASS] ?? spec.storageClassName ?? "";

/** The claim that a volume of a pod stands for, by name; null for a volume of another kind. component-helpers storage/ephemeral, 0.34 */
export const claimNameOf = (pod: Pod, volume: Volume): string | null => {
  if (volume.persistentVolumeClaim !== undefined) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral === undefined ? null : `${pod.metadata.name}-${volume.name}`;
};

/** Names of all claims that a pod uses. */
export const claimNamesOf = (pod: Pod): readonly string[] =>
  (pod.spec.volumes ?? []).flatMap((volume) => claimNameOf(pod, volume) ?? []);

/** Whether a claim was made for this pod's ephemeral volume, rather than by somebody who gave it the same name. */
export const isClaimOfPod = (pod: Pod, claim: PersistentVolumeClaim): boolean =>
  (claim.metadata.ownerReferences ?? []).some(
    ({ uid, controller }) => uid === pod.metadata.uid && controller === true,
  );

/** Whether a volume names a claim. component-helpers storage/volume/pv_helpers.go, 0.34: IsVolumeBoundToClaim. */
export const isBoundTo = (
  { spec: { claimRef } }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean =>
  claimRef !== undefined &&
  claimRef.name === metadata.name &&
  claimRef.namespace === metadata.namespace &&
  ((claimRef.uid ?? "") === "" || claimRef.uid === metadata.uid);

/** A claim whose binding is complete. */
export const isFullyBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  (spec.volumeName ?? "") !== "" && metadata.annotations?.[BIND_COMPLETED] !== undefined;

export interface MatchOptions {
  /** Whether a volume can be used from the node that the claim is to be used on. */
  readonly isReachable?: (volume: PersistentVolume) => boolean;
  /** Who waits for the first consumer leaves the choice to the scheduler. */
  readonly onlyReserved?: boolean;
}

/**
 * The smallest volume that will do, one reserved for the claim before all others. component-helpers storage/volume/pv_helpers.go, 0.34:
 * FindMatchingVolume.
 */
export const findMatchingVolume = (
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  { isReachable, onlyReserved = false }: MatchOptions = {},
): PersistentVolume | null => {
  let smallest: PersistentVolume | null = null;
  for (const volume of volumes) {
    if (!isLargeEnough(claim, volume)) continue;
    const isWithinReach = isReachable?.(volume) ?? true;
    if (isBoundTo(volume, claim)) return isWithinReach ? volume : null;
    if (onlyReserved || !isWithinReach || !mayTake(claim, volume)) continue;
    if (smallest === null || isSmaller(volume, smallest)) smallest = volume;
  }
  return smallest;
};

/** And of the right kind, and there to stay. */
const isLargeEnough = (claim: PersistentVolumeClaim, { metadata, spec }: PersistentVolume) =>
  metadata.deletionTimestamp === undefined &&
  (spec.volumeMode ?? "Filesystem") === (claim.spec.volumeMode ?? "Filesystem") &&
  compareQuantities(sizeOf(spec.capacity), sizeOf(claim.spec.resources?.requests)) >= 0;

const mayTake = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean => {
  const { spec, metadata, status } = volume;
  if (status.phase !== "Available" || spec.claimRef !== undefined) return false;
  if (storageClassNameOf(claim) !== storageClassNameOf(volume)) return false;
  const { selector, accessModes = [] } = claim.spec;
  if (selector !== undefined && !labelSelectorFrom(selector).matches(metadata.labels)) return false;
  return accessModes.every((mode) => (spec.accessModes ?? []).includes(mode));
};

const sizeOf = (amounts: Readonly<Record<string, string>> | undefined) =>
  parseQuantity(amounts?.storage ?? "0");

const isSmaller = (left: PersistentVolume, right: PersistentVolume): boolean =>
  compareQuantities(sizeOf(left.spec.capacity), sizeOf(right.spec.capacity)) < 0;
