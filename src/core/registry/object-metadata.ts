import { badRequest, formatTime, names, type KubeObject, type ObjectMeta } from "../api/index.js";
import type { WriteContext } from "./strategy.js";

/** An object with some of its metadata replaced; a value of undefined takes the field away. */
export const withMetadata = <T extends KubeObject>(object: T, changes: MetadataChanges): T => {
  const before = object.metadata as unknown as Fields;
  const asked = changes as Fields;
  if (saysAlready(before, asked)) return object;
  if (!takesAway(asked)) return { ...object, metadata: { ...object.metadata, ...changes } };
  // Built anew without what goes: deleting would make the engine keep it as a slow dictionary.
  const metadata: Record<string, unknown> = {};
  for (const key in before) {
    const value = key in asked ? asked[key] : before[key];
    if (value !== undefined) metadata[key] = value;
  }
  for (const key in asked) {
    if (asked[key] !== undefined) metadata[key] = asked[key];
  }
  return { ...object, metadata: metadata as unknown as ObjectMeta };
};

type Fields = Readonly<Record<string, unknown>>;

const saysAlready = (before: Fields, asked: Fields): boolean => {
  for (const key in asked) {
    if (asked[key] !== before[key] || (asked[key] === undefined && key in before)) return false;
  }
  return true;
};

const takesAway = (asked: Fields): boolean => {
  for (const key in asked) if (asked[key] === undefined) return true;
  return false;
};

export type MetadataChanges = { readonly [K in keyof ObjectMeta]?: ObjectMeta[K] | undefined };

/**
 * The object in the namespace of the request. apiserver registry/rest/meta.go EnsureObjectNamespaceMatchesRequestNamespace, 1.34.
 * @param namespace '' for a cluster-scoped object, whose own namespace is dropped.
 */
export const inNamespace = (object: KubeObject, namespace: string): KubeObject => {
  const own = object.metadata.namespace ?? "";
  if (own === namespace)
    return own === "" ? withMetadata(object, { namespace: undefined }) : object;
  if (own === "") return withMetadata(object, { namespace });
  if (namespace === "") return withMetadata(object, { namespace: undefined });
  throw badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );
};

/** Forgets what a client may not set on a new object. apiserver registry/rest/meta.go WipeObjectMetaSystemFields, 1.34 */
export const withoutSystemFields = (object: KubeObject): KubeObject => {
  const { creationTimestamp } = object.metadata as { readonly creationTimestamp?: string | null };
  // What decoding writes for a time that is not set is replaced anyway.
  return withMetadata(object, creationTimestamp === null ? WITHOUT_SYSTEM : WITHOUT_ANY_SYSTEM);
};

const WITHOUT_SYSTEM: MetadataChanges = {
  uid: undefined,
  deletionTimestamp: undefined,
  deletionGracePeriodSeconds: undefined,
  selfLink: undefined,
  resourceVersion: undefined,
};
const WITHOUT_ANY_SYSTEM: MetadataChanges = { ...WITHOUT_SYSTEM, creationTimestamp: undefined };

/** apiserver registry/generic/registry/store.go maxNameGenerationCreateAttempts, 1.34 */
const MAX_NAME_ATTEMPTS = 8;

/** DEF-11, DEF-13: uid, time of creation and, from generateName, a name that is free. */
export const withSystemFields = (object: KubeObject, context: WriteContext): KubeObject => {
  const { environment, store, resource, namespace } = context;
  const system = {
    uid: environment.uid(),
    creationTimestamp: formatTime(context.nowMs),
    generation: undefined,
  };
  const base = object.metadata.generateName ?? "";
  if (hasName(object)) return withMetadata(object, system);
  // Without any name it is empty, as in Go: validation looks at it and says so.
  if (base === "") return withMetadata(object, { ...system, name: "" });
  const random = environment.random("registry/names");
  let name = "";
  for (let attempt = 0; attempt < MAX_NAME_ATTEMPTS; attempt += 1) {
    name = names.generateName(base, (length, alphabet) => random.characters(length, alphabet));
    if (store.get(resource.storage, namespace, name) === undefined) break;
  }
  return withMetadata(object, { ...system, name });
};

/** Objects on their way in may lack a name, whatever their type says. */
export const hasName = (object: KubeObject): boolean => nameOf(object) !== "";

export const nameOf = (object: KubeObject): string =>
  (object.metadata as { readonly name?: string }).name ?? "";
