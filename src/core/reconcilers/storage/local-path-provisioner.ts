import {
  isStatusError,
  LOCAL_PATH_PROVISIONER,
  objectReference,
  PROVISIONED_BY,
  SELECTED_NODE,
  STORAGE_PROVISIONER,
  storageClassNameOf,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from "../../api/index.js";
import { EventRecorder, WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { ignoreRefusal } from "../ignore-refusal.js";
import { PROVISION_MS, PROVISIONER_WORKERS } from "../limits.js";
import type { ReconcilerContext } from "../reconciler-context.js";
import { claimRefOf } from "./claim-reference.js";

/** Where its volumes are on a node of kind. */
const ROOT = "/var/local-path-provisioner";
const MODES = ["ReadWriteOnce", "ReadWriteOncePod"];

/**
 * Makes volumes of directories on the node that a claim's first pod goes to, and takes them away: rancher/local-path-provisioner 0.0.31, as kind comes with
 * it. The directories themselves are the kubelet's to make and remove.
 */
export const startLocalPathProvisioner = (context: ReconcilerContext): void => {
  const { engine, client, informers } = context;
  const { claims, volumes, storageClasses } = informers;
  const queue = new WorkQueue(engine);
  const events = new EventRecorder({ engine, client, component: LOCAL_PATH_PROVISIONER });
  const look = (claim: PersistentVolumeClaim): void => {
    if (isWaiting(claim)) queue.add(`${claim.metadata.namespace}/${claim.metadata.name}`);
  };
  claims.addHandlers({ onAdd: look, onUpdate: look });
  const reclaim = (volume: PersistentVolume): void => {
    if (isToBeDeleted(volume)) queue.add(volume.metadata.name);
  };
  volumes.addHandlers({ onAdd: reclaim, onUpdate: reclaim });
  const work = function* (key: string): Call<void> {
    const slash = key.indexOf("/");
    if (slash < 0) {
      yield* removeVolume(context, key);
      return;
    }
    const find = (): PersistentVolumeClaim | undefined =>
      claims.get(key.slice(0, slash), key.slice(slash + 1));
    const claim = find();
    if (claim === undefined || !isWaiting(claim)) return;
    yield* storageClasses.waitForSync();
    const storageClass = storageClasses.get("", storageClassNameOf(claim));
    if (storageClass === undefined || volumes.get("", nameFor(claim)) !== undefined) return;
    const about = objectReference(claim);
    const started = `External provisioner is provisioning volume for claim "${key}"`;
    events.emit(about, "Normal", "Provisioning", started);
    const problem = problemWith(claim);
    if (problem !== null) {
      const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${problem}`;
      events.emit(about, "Warning", "ProvisioningFailed", message);
      return;
    }
    yield PROVISION_MS;
    const present = find();
    if (present?.metadata.uid !== claim.metadata.uid) return;
    const volume = volumeFor(present, storageClass);
    try {
      yield* client.create("persistentvolumes", "", volume);
    } catch (error) {
      if (!isStatusError(error)) throw error;
      return;
    }
    const message = `Successfully provisioned volume ${volume.metadata.name}`;
    events.emit(about, "Normal", "ProvisioningSucceeded", message);
  };
  for (let index = 0; index < PROVISIONER_WORKERS; index += 1)
    queue.startWorker(`local-path-provisioner/${String(index)}`, work);
};

const isWaiting = ({ metadata, spec, status }: PersistentVolumeClaim): boolean =>
  status.phase === "Pending" &&
  (spec.volumeName ?? "") === "" &&
  metadata.deletionTimestamp === undefined &&
  metadata.annotations?.[STORAGE_PROVISIONER] === LOCAL_PATH_PROVISIONER;

const isToBeDeleted = ({ metadata, spec, status }: PersistentVolume): boolean =>
  metadata.annotations?.[PROVISIONED_BY] === LOCAL_PATH_PROVISIONER &&
  spec.persistentVolumeReclaimPolicy === "Delete" &&
  status.phase === "Released";

const nameFor = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`;

/** provisioner.go, provisionFor, 0.0.31. */
const problemWith = ({ metadata, spec }: PersistentVolumeClaim): string | null => {
  if (spec.selector !== undefined) return "claim.Spec.Selector is not supported";
  if ((spec.accessModes ?? []).some((mode) => !MODES.includes(mode)))
    return "NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes";
  if ((spec.volumeMode ?? "Filesystem") !== "Filesystem")
    return "block volume provisioning is not supported";
  return metadata.annotations?.[SELECTED_NODE] === undefined
    ? "configuration error, no node was specified"
    : null;
};

const volumeFor = (claim: PersistentVolumeClaim, storageClass: StorageClass) => {
  const { metadata, spec } = claim;
  const node = metadata.annotations?.[SELECTED_NODE] ?? "";
  const name = nameFor(claim);
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name,
      annotations: {
        "local.path.provisioner/selected-node": node,
        [PROVISIONED_BY]: LOCAL_PATH_PROVISIONER,
      },
    },
    spec: {
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      accessModes: spec.accessModes ?? [],
      volumeMode: "Filesystem",
      capacity: { storage: spec.resources?.requests?.storage ?? "0" },
      hostPath: {
        path: `${ROOT}/${name}_${metadata.namespace}_${metadata.name}`,
        type: "DirectoryOrCreate",
      },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }],
            },
          ],
        },
      },
      claimRef: claimRefOf(claim),
      storageClassName: storageClass.metadata.name,
    },
  };
};

function* removeVolume({ client, informers }: ReconcilerContext, name: string): Call<void> {
  const volume = informers.volumes.get("", name);
  if (volume === undefined || !isToBeDeleted(volume)) return;
  yield PROVISION_MS;
  yield* ignoreRefusal(client.delete("persistentvolumes", "", name, { uid: volume.metadata.uid }));
}
