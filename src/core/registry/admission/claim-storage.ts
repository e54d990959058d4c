import {
  amountsOf,
  compareQuantities,
  type KubeObject,
  type PersistentVolumeClaim,
  type StorageClass,
} from "../../api/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";

const STORAGE = "storageclasses.storage.k8s.io";
const DEFAULT_ANNOTATION = "storageclass.kubernetes.io/is-default-class";
const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** A claim that names no class gets the default one, the newest should there be several. plugin/pkg/admission/storage/storageclass/setdefault, 1.34 */
export const withDefaultStorageClass = (
  claim: PersistentVolumeClaim,
  { store }: WriteContext,
): PersistentVolumeClaim => {
  const isNamed =
    claim.spec.storageClassName !== undefined ||
    claim.metadata.annotations?.[CLASS_ANNOTATION] !== undefined;
  if (isNamed) return claim;
  const [newest] = (store.list(STORAGE) as StorageClass[])
    .filter(({ metadata }) => metadata.annotations?.[DEFAULT_ANNOTATION] === "true")
    .toSorted((left, right) => newestFirst(left, right));
  if (newest === undefined) return claim;
  return {
    ...claim,
    spec: { ...claim.spec, storageClassName: newest.metadata.name },
  };
};

const newestFirst = (
  { metadata: left }: StorageClass,
  { metadata: right }: StorageClass,
): number => {
  if (left.creationTimestamp === right.creationTimestamp) return left.name < right.name ? -1 : 1;
  return left.creationTimestamp > right.creationTimestamp ? -1 : 1;
};

/** A bound claim grows only where its class allows it. plugin/pkg/admission/storage/persistentvolume/resize/admission.go, 1.34 */
export const checkClaimGrowth = (
  next: PersistentVolumeClaim,
  previous: PersistentVolumeClaim,
  { resource, store }: WriteContext,
): void => {
  const after = amountsOf(next.spec.resources?.requests).get("storage");
  const before = amountsOf(previous.spec.resources?.requests).get("storage");
  if (after === undefined || before === undefined || compareQuantities(after, before) <= 0) return;
  const name = next.spec.storageClassName ?? "";
  const storageClass = store.get(STORAGE, "", name) as StorageClass | undefined;
  if (storageClass?.allowVolumeExpansion === true) return;
  throw admissionForbids(
    resource,
    next,
    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
  );
};

/** What is in use does not go: plugin/pkg/admission/storage/storageobjectinuseprotection, 1.34 */
export const withFinalizer = <T extends KubeObject>(object: T, finalizer: string): T => {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
};
