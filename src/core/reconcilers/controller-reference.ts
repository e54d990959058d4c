import {
  apiVersionOf,
  resourceByStorage,
  type KubeObject,
  type LabelSelectorMatcher,
  type ObjectMeta,
  type OwnerReference,
} from "../api/index.js";
import { isStatusError } from "../api/index.js";
import type { Client, GroupResource } from "../client/index.js";
import type { Call } from "../engine/index.js";

/** apimachinery pkg/apis/meta/v1/controller_ref.go GetControllerOf, 0.34 */
export const controllerOf = ({
  ownerReferences,
}: Pick<ObjectMeta, "ownerReferences">): OwnerReference | undefined =>
  ownerReferences?.find(({ controller }) => controller === true);

/** apimachinery pkg/apis/meta/v1/controller_ref.go NewControllerRef, 0.34 */
export const controllerReference = (
  { metadata: { name, uid } }: KubeObject,
  resource: GroupResource,
): OwnerReference => {
  const row = resourceByStorage(resource);
  return {
    apiVersion: apiVersionOf(row),
    kind: row.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
};

/** What a controller makes of an object: it is its own, is to become it, is to be let go, or is none of its business. */
export type Claim = "own" | "adopt" | "release" | "ignore";

/** pkg/controller/controller_ref_manager.go ClaimObject, 1.34 */
export const claimOf = (
  { metadata }: KubeObject,
  owner: KubeObject,
  selector: LabelSelectorMatcher,
): Claim => {
  const isMatching = selector.matches(metadata.labels);
  const isOwnerGoing = owner.metadata.deletionTimestamp !== undefined;
  const controller = controllerOf(metadata);
  if (controller !== undefined) {
    if (controller.uid !== owner.metadata.uid) return "ignore";
    if (isMatching) return "own";
    return isOwnerGoing ? "ignore" : "release";
  }
  if (isOwnerGoing || !isMatching || metadata.deletionTimestamp !== undefined) return "ignore";
  return "adopt";
};

export interface Owner {
  readonly object: KubeObject;
  readonly resource: GroupResource;
  readonly selector: LabelSelectorMatcher;
}

/**
 * The objects of these that are the owner's once orphans are adopted and strangers let go. controller_ref_manager.go ClaimPods and ClaimReplicaSets, 1.34
 * @throws StatusError what kept it from adopting or releasing one, after all were tried
 */
export function* claim<T extends KubeObject>(
  client: Client,
  owner: Owner,
  resource: GroupResource,
  objects: readonly T[],
): Call<readonly T[]> {
  const claimed: T[] = [];
  let refusal: unknown = null;
  let mayAdopt: boolean | null = null;
  for (const object of objects) {
    const decision = claimOf(object, owner.object, owner.selector);
    if (decision === "own") claimed.push(object);
    if (decision === "own" || decision === "ignore") continue;
    try {
      if (decision === "release") {
        yield* release(client, owner, resource, object);
        continue;
      }
      // Asked of the server, once: what the cache says of its deletion may be old.
      mayAdopt ??= yield* isStillThere(client, owner);
      if (mayAdopt) claimed.push(yield* adopt<T>(client, owner, resource, object));
    } catch (error) {
      if (!isStatusError(error)) throw error;
      if (error.status.reason !== "NotFound") refusal ??= error;
    }
  }
  if (refusal !== null) throw refusal as Error;
  return claimed;
}

function* isStillThere(client: Client, { object, resource }: Owner): Call<boolean> {
  const { namespace = "", name, uid } = object.metadata;
  const fresh = yield* client.get(resource, namespace, name);
  return fresh.metadata.uid === uid && fresh.metadata.deletionTimestamp === undefined;
}

function* adopt<T extends KubeObject>(
  client: Client,
  owner: Owner,
  resource: GroupResource,
  { metadata: { namespace = "", name, uid } }: KubeObject,
): Call<T> {
  const ownerReferences = [controllerReference(owner.object, owner.resource)];
  return yield* client.patch<T>(resource, namespace, name, {
    type: "strategic",
    body: { metadata: { ownerReferences, uid } },
  });
}

function* release(
  client: Client,
  owner: Owner,
  resource: GroupResource,
  { metadata: { namespace = "", name, uid } }: KubeObject,
): Call<void> {
  const ownerReferences = [{ $patch: "delete", uid: owner.object.metadata.uid }];
  yield* client.patch(resource, namespace, name, {
    type: "strategic",
    body: { metadata: { ownerReferences, uid } },
  });
}
