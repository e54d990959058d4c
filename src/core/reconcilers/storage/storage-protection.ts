import {
  CLAIM_PROTECTION,
  claimNamesOf,
  VOLUME_PROTECTION,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
} from "../../api/index.js";
import { WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { ignoreRefusal } from "../ignore-refusal.js";
import type { ReconcilerContext } from "../reconciler-context.js";

/** Holds claims that a pod uses, and volumes that a claim has. pkg/controller/volume/{pvcprotection,pvprotection}, 1.34 */
export const startStorageProtection = (context: ReconcilerContext): void => {
  const { engine, informers } = context;
  const { claims, volumes, pods } = informers;
  const claimQueue = new WorkQueue(engine);
  const volumeQueue = new WorkQueue(engine);
  const lookAtClaim = (claim: PersistentVolumeClaim): void => {
    if (isHeld(claim, CLAIM_PROTECTION))
      claimQueue.add(`${claim.metadata.namespace}/${claim.metadata.name}`);
  };
  claims.addHandlers({ onAdd: lookAtClaim, onUpdate: lookAtClaim });
  pods.addHandlers({
    onDelete: (pod: Pod) => {
      for (const name of claimNamesOf(pod)) claimQueue.add(`${pod.metadata.namespace}/${name}`);
    },
  });
  const lookAtVolume = (volume: PersistentVolume): void => {
    if (isHeld(volume, VOLUME_PROTECTION)) volumeQueue.add(volume.metadata.name);
  };
  volumes.addHandlers({ onAdd: lookAtVolume, onUpdate: lookAtVolume });
  claimQueue.startWorker("storage-protection/claims", function* (key): Call<void> {
    yield* pods.waitForSync();
    const slash = key.indexOf("/");
    const [namespace, name] = [key.slice(0, slash), key.slice(slash + 1)];
    const claim = claims.get(namespace, name);
    if (claim === undefined || !isHeld(claim, CLAIM_PROTECTION)) return;
    // A pod without a node does not count: the kubelet would not start it.
    const isUsed = informers
      .podsOfClaim(namespace, name)
      .some(({ spec }) => (spec.nodeName ?? "") !== "");
    if (!isUsed) yield* letGo(context, "persistentvolumeclaims", claim, CLAIM_PROTECTION);
  });
  volumeQueue.startWorker("storage-protection/volumes", function* (name): Call<void> {
    const volume = volumes.get("", name);
    if (volume === undefined || !isHeld(volume, VOLUME_PROTECTION)) return;
    if (volume.status.phase !== "Bound")
      yield* letGo(context, "persistentvolumes", volume, VOLUME_PROTECTION);
  });
};

const isHeld = (
  { metadata }: PersistentVolume | PersistentVolumeClaim,
  finalizer: string,
): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(finalizer);

function* letGo(
  { client }: ReconcilerContext,
  resource: string,
  { metadata }: PersistentVolume | PersistentVolumeClaim,
  finalizer: string,
): Call<void> {
  const finalizers = (metadata.finalizers ?? []).filter((each) => each !== finalizer);
  const {
    namespace = "",
    name,
    resourceVersion,
  } = metadata as Partial<typeof metadata> & {
    readonly name: string;
  };
  yield* ignoreRefusal(
    client.patch(resource, namespace, name, {
      type: "merge",
      body: { metadata: { finalizers, resourceVersion } },
    }),
  );
}
