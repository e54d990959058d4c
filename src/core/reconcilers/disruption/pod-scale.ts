import {
  isStatusError,
  RESOURCES,
  type KubeObject,
  type OwnerReference,
  type Pod,
  type ResourceDefinition,
} from "../../api/index.js";
import type { Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";

/** How many pods the controllers of these want together, and how many of them have none; or why nobody can tell. */
export type PodScale =
  { readonly scale: number; readonly unmanaged: number } | { readonly failure: string };

interface Scaled extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

type Found =
  | { readonly kind: "scale"; readonly uid: string; readonly replicas: number }
  | { readonly kind: "none" }
  | { readonly kind: "failure"; readonly message: string };

const NONE: Found = { kind: "none" };

/** pkg/controller/disruption/disruption.go, 1.34: getExpectedScale. Pods without a controller are let be; one whose controller cannot be found fails all. */
export function* scaleOf(client: Client, pods: readonly Pod[]): Call<PodScale> {
  const known = new Set<string>();
  const scales = new Map<string, number>();
  let unmanaged = 0;
  for (const { metadata } of pods) {
    const owner = controllerOf(metadata.ownerReferences);
    if (owner === undefined) {
      unmanaged += 1;
      continue;
    }
    if (known.has(owner.uid)) continue;
    const found = yield* find(client, metadata.namespace, owner);
    if (found.kind === "failure") return { failure: found.message };
    if (found.kind === "none") {
      return { failure: `found no controllers for pod ${JSON.stringify(metadata.name)}` };
    }
    known.add(owner.uid);
    scales.set(found.uid, found.replicas);
  }
  return { scale: [...scales.values()].reduce((sum, one) => sum + one, 0), unmanaged };
}

/** The Deployment above a ReplicaSet counts for it, where there is one. disruption.go, 1.34: finders, getScaleController. */
function* find(client: Client, namespace: string, owner: OwnerReference): Call<Found> {
  const { apiVersion, kind } = owner;
  const resource = RESOURCES.find((row) => row.kind === kind && versionOf(row) === apiVersion);
  // apimachinery api/meta/errors.go, 0.34: NoKindMatchError.
  const unknown = `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`;
  if (resource === undefined) return { kind: "failure", message: unknown };
  if (!resource.subresources.some(({ name }) => name === "scale")) {
    const message = `${resource.storage} does not implement the scale subresource`;
    return { kind: "failure", message };
  }
  const object = yield* read(client, resource, namespace, owner);
  if (object === null) return NONE;
  const above = controllerOf(object.metadata.ownerReferences);
  if (kind === "ReplicaSet" && above?.kind === "Deployment") {
    const deployment: Found = yield* find(client, namespace, above);
    if (deployment.kind === "scale") return deployment;
  }
  return { kind: "scale", uid: owner.uid, replicas: object.spec?.replicas ?? 1 };
}

const versionOf = ({ group, version }: ResourceDefinition): string =>
  group === "" ? version : `${group}/${version}`;

/** Null when it is not there, or another one of that name is. */
function* read(
  client: Client,
  resource: ResourceDefinition,
  namespace: string,
  owner: OwnerReference,
): Call<Scaled | null> {
  try {
    const object = yield* client.get<Scaled>(resource.storage, namespace, owner.name);
    return object.metadata.uid === owner.uid ? object : null;
  } catch (error) {
    if (isStatusError(error, "NotFound")) return null;
    throw error;
  }
}

const controllerOf = (owners: readonly OwnerReference[] | undefined): OwnerReference | undefined =>
  owners?.find(({ controller }) => controller === true);
