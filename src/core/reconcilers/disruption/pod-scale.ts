import {
  isStatusError,
  RESOURCES,
  type KubeObject,
  type OwnerReference,
  type Pod,
} from "../../api/index.js";
import type { Client, GroupResource } from "../../client/index.js";
import type { Call } from "../../engine/index.js";

/** How many pods the controllers of these want together, and how many have none. */
export interface PodScale {
  readonly scale: number;
  readonly unmanaged: number;
}

interface Scaled extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

/** Controllers that say how many pods they want. pkg/controller/disruption/disruption.go, 1.34: finders. */
const SCALED: Readonly<Record<string, GroupResource>> = {
  "apps/v1 ReplicaSet": "replicasets.apps",
  "apps/v1 Deployment": "deployments.apps",
  "apps/v1 StatefulSet": "statefulsets.apps",
  "v1 ReplicationController": "replicationcontrollers",
};

/** disruption.go, 1.34: getExpectedScale. A controller that says no number counts as the pods that it has here. */
export function* scaleOf(client: Client, pods: readonly Pod[]): Call<PodScale> {
  const scales = new Map<string, number>();
  let unmanaged = 0;
  for (const { metadata } of pods) {
    const owner = controllerOf(metadata.ownerReferences);
    if (owner === undefined) {
      unmanaged += 1;
      continue;
    }
    if (scales.has(owner.uid)) continue;
    const fallback = pods.filter(
      (other) => controllerOf(other.metadata.ownerReferences)?.uid === owner.uid,
    ).length;
    scales.set(owner.uid, (yield* replicasOf(client, metadata.namespace, owner)) ?? fallback);
  }
  return { scale: [...scales.values()].reduce((sum, one) => sum + one, 0), unmanaged };
}

/** Of a ReplicaSet that a Deployment controls, what that one wants. Null when there is no such object. */
function* replicasOf(
  client: Client,
  namespace: string,
  owner: OwnerReference,
): Call<number | null> {
  const resource = SCALED[`${owner.apiVersion} ${owner.kind}`];
  if (resource === undefined || !RESOURCES.some(({ storage }) => storage === resource)) return null;
  try {
    const object = yield* client.get<Scaled>(resource, namespace, owner.name);
    if (object.metadata.uid !== owner.uid) return null;
    const above = controllerOf(object.metadata.ownerReferences);
    if (above !== undefined) {
      const wanted: number | null = yield* replicasOf(client, namespace, above);
      if (wanted !== null) return wanted;
    }
    return object.spec?.replicas ?? null;
  } catch (error) {
    if (isStatusError(error)) return null;
    throw error;
  }
}

const controllerOf = (owners: readonly OwnerReference[] | undefined): OwnerReference | undefined =>
  owners?.find(({ controller }) => controller === true);
