import {
  claimNameOf,
  isClaimOfPod,
  isStatusError,
  objectReference,
  type Pod,
  type Volume,
} from "../../api/index.js";
import { EventRecorder, WorkQueue } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import type { ReconcilerContext } from "../reconciler-context.js";

/** Makes the claims of ephemeral volumes; they go with their pod, which owns them. pkg/controller/volume/ephemeral/controller.go, 1.34 */
export const startEphemeralVolumes = (context: ReconcilerContext): void => {
  const { engine, client, informers } = context;
  const { claims, pods } = informers;
  const queue = new WorkQueue(engine);
  const events = new EventRecorder({ engine, client, component: "ephemeral_volume" });
  pods.addHandlers({
    onAdd: (pod) => {
      const isWanted = (pod.spec.volumes ?? []).some(({ ephemeral }) => ephemeral !== undefined);
      if (isWanted) queue.add(`${pod.metadata.namespace}/${pod.metadata.name}`);
    },
  });
  queue.startWorker("ephemeral-volumes", function* (key): Call<void> {
    yield* claims.waitForSync();
    const slash = key.indexOf("/");
    const pod = pods.get(key.slice(0, slash), key.slice(slash + 1));
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    for (const volume of pod.spec.volumes ?? []) {
      const problem = yield* ensureClaim(context, pod, volume);
      if (problem === null) continue;
      const message = `ephemeral volume ${volume.name}: ${problem}`;
      events.emit(objectReference(pod), "Warning", "FailedBinding", message);
    }
  });
};

/** Why there is no claim for the volume; null when all is well. */
function* ensureClaim(
  { client, informers }: ReconcilerContext,
  pod: Pod,
  volume: Volume,
): Call<string | null> {
  const template = volume.ephemeral?.volumeClaimTemplate;
  const name = claimNameOf(pod, volume);
  if (template === undefined || name === null) return null;
  const { namespace, uid } = pod.metadata;
  const existing = informers.claims.get(namespace, name);
  if (existing !== undefined)
    return isClaimOfPod(pod, existing) ? null : notMadeFor(pod, namespace, name);
  const { annotations, labels } = template.metadata ?? {};
  try {
    yield* client.create("persistentvolumeclaims", namespace, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name,
        namespace,
        ...(annotations === undefined ? {} : { annotations }),
        ...(labels === undefined ? {} : { labels }),
        ownerReferences: [
          {
            apiVersion: "v1",
            kind: "Pod",
            name: pod.metadata.name,
            uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: template.spec,
    });
    return null;
  } catch (error) {
    if (!isStatusError(error)) throw error;
    return `create PVC ${name}: ${error.message}`;
  }
}

/** component-helpers storage/ephemeral/ephemeral.go, 0.34: VolumeIsForPod. */
const notMadeFor = ({ metadata }: Pod, namespace: string, name: string): string =>
  `PVC ${namespace}/${name} was not created for pod ${metadata.namespace}/${metadata.name} (pod is not owner)`;
