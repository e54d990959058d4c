import {
  findKind,
  isStatusError,
  RESOURCES,
  splitApiVersion,
  type KubeObject,
  type OwnerReference,
} from "../../api/index.js";
import { WorkQueue, type Client } from "../../client/index.js";
import type { Call } from "../../engine/index.js";
import { ignoreRefusal } from "../ignore-refusal.js";
import type { ReconcilerContext } from "../reconciler-context.js";
import { Dependents, type ObjectKey } from "./dependents.js";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";
/** pkg/controller/garbagecollector/graph_builder.go, 1.34: DefaultIgnoredResources. */
const IGNORED = new Set(["events", "events.events.k8s.io"]);

/** Deletes what lost its owners, and carries out foreground and orphaning deletion (API-17; pkg/controller/garbagecollector, 1.34). */
export const startGarbageCollector = ({ engine, client }: ReconcilerContext): void => {
  const dependents = new Dependents();
  const queue = new WorkQueue(engine);
  for (const resource of new Set(RESOURCES.map(({ storage }) => storage))) {
    if (IGNORED.has(resource)) continue;
    client.watch(resource, {}, ({ type, object }) => {
      const key = {
        resource,
        namespace: object.metadata.namespace ?? "",
        name: object.metadata.name,
      };
      if (type === "DELETED") {
        dependents.remove(object);
        for (const dependent of dependents.of(object.metadata.uid)) queue.add(textOf(dependent));
        for (const { apiVersion, kind, name } of object.metadata.ownerReferences ?? []) {
          const owner = ownerKey(apiVersion, kind, name, key.namespace);
          if (owner !== null) queue.add(textOf(owner));
        }
        return;
      }
      // An owner that goes later tells of itself: most changes are none of the collector's business.
      const hasNewOwners = dependents.set(key, object);
      if (hasNewOwners || isHeldForDependents(object)) queue.add(textOf(key));
    });
  }
  queue.startWorker("garbage-collector", function* (text): Call<void> {
    const key = keyOf(text);
    const object = yield* find(client, key);
    if (object === null) return;
    const finalizers = object.metadata.finalizers ?? [];
    if (object.metadata.deletionTimestamp === undefined) yield* collect(client, key, object);
    else if (finalizers.includes(ORPHAN))
      yield* orphanDependents(client, key, object, dependents.of(object.metadata.uid));
    else if (finalizers.includes(FOREGROUND))
      yield* deleteDependents(client, key, object, dependents.of(object.metadata.uid));
  });
};

const isHeldForDependents = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).some((finalizer) => finalizer === FOREGROUND || finalizer === ORPHAN);

/** garbagecollector.go attemptToDeleteItem, 1.34: one owner that is there keeps it; dangling references beside it are dropped. */
function* collect(client: Client, key: ObjectKey, object: KubeObject): Call<void> {
  const references = object.metadata.ownerReferences ?? [];
  if (references.length === 0) return;
  const solid: OwnerReference[] = [];
  for (const reference of references)
    if (yield* isThere(client, reference, key.namespace)) solid.push(reference);
  if (solid.length === references.length) return;
  const { uid, resourceVersion } = object.metadata;
  yield* ignoreRefusal(
    solid.length === 0
      ? client.delete(key.resource, key.namespace, key.name, {
          uid,
          resourceVersion,
          propagationPolicy: "Background",
        })
      : client.patch(key.resource, key.namespace, key.name, {
          type: "merge",
          body: { metadata: { uid, resourceVersion, ownerReferences: solid } },
        }),
  );
}

function* isThere(
  client: Client,
  { apiVersion, kind, name, uid }: OwnerReference,
  namespace: string,
): Call<boolean> {
  const key = ownerKey(apiVersion, kind, name, namespace);
  // An owner of a kind that is not served here cannot be looked up: upstream leaves such dependents alone.
  if (key === null) return true;
  return (yield* find(client, key))?.metadata.uid === uid;
}

function* deleteDependents(
  client: Client,
  key: ObjectKey,
  owner: KubeObject,
  dependents: readonly ObjectKey[],
): Call<void> {
  let blocking = 0;
  for (const dependent of dependents) {
    const object = yield* find(client, dependent);
    if (object === null) continue;
    const reference = object.metadata.ownerReferences?.find(
      ({ uid }) => uid === owner.metadata.uid,
    );
    if (reference?.blockOwnerDeletion === true) blocking += 1;
    if (object.metadata.deletionTimestamp !== undefined) continue;
    const options = { uid: object.metadata.uid, propagationPolicy: "Foreground" } as const;
    yield* ignoreRefusal(
      client.delete(dependent.resource, dependent.namespace, dependent.name, options),
    );
  }
  if (blocking === 0) yield* removeFinalizer(client, key, owner, FOREGROUND);
}

function* orphanDependents(
  client: Client,
  key: ObjectKey,
  owner: KubeObject,
  dependents: readonly ObjectKey[],
): Call<void> {
  for (const dependent of dependents) {
    const object = yield* find(client, dependent);
    const ownerReferences = object?.metadata.ownerReferences?.filter(
      ({ uid }) => uid !== owner.metadata.uid,
    );
    if (object === null || ownerReferences === undefined) continue;
    const body = { metadata: { uid: object.metadata.uid, ownerReferences } };
    yield* ignoreRefusal(
      client.patch(dependent.resource, dependent.namespace, dependent.name, {
        type: "merge",
        body,
      }),
    );
  }
  yield* removeFinalizer(client, key, owner, ORPHAN);
}

function* removeFinalizer(
  client: Client,
  key: ObjectKey,
  { metadata }: KubeObject,
  finalizer: string,
): Call<void> {
  const finalizers = (metadata.finalizers ?? []).filter((each) => each !== finalizer);
  const body = { metadata: { resourceVersion: metadata.resourceVersion, finalizers } };
  yield* ignoreRefusal(
    client.patch(key.resource, key.namespace, key.name, { type: "merge", body }),
  );
}

function* find(client: Client, { resource, namespace, name }: ObjectKey): Call<KubeObject | null> {
  try {
    return yield* client.get(resource, namespace, name);
  } catch (error) {
    if (isStatusError(error, "NotFound")) return null;
    throw error;
  }
}

const ownerKey = (
  apiVersion: string,
  kind: string,
  name: string,
  namespace: string,
): ObjectKey | null => {
  const { group, version } = splitApiVersion(apiVersion);
  const resource = findKind(group, version, kind);
  return resource === undefined
    ? null
    : { resource: resource.storage, namespace: resource.namespaced ? namespace : "", name };
};

const textOf = ({ resource, namespace, name }: ObjectKey): string =>
  `${resource}/${namespace}/${name}`;

const keyOf = (text: string): ObjectKey => {
  const [resource = "", namespace = "", name = ""] = text.split("/");
  return { resource, namespace, name };
};
