import type { KubeObject } from "../api/index.js";

/**
 * Where an object stands in a list: the end of its key in etcd (`<namespace>/<name>`, or `<name>` when cluster-scoped), compared byte by
 * byte. So `team-a/x` comes before `team/x`, as `-` is less than `/`. (apiserver registry/generic/registry/store.go, 1.34)
 */
export type ObjectKey = string;

export const objectKey = (namespace: string, name: string): ObjectKey =>
  namespace === "" ? name : `${namespace}/${name}`;

export const keyOf = (object: KubeObject): ObjectKey =>
  objectKey(object.metadata.namespace ?? "", object.metadata.name);

/** Keys are ASCII, so code units compare as bytes do. */
export const compareKeys = (left: ObjectKey, right: ObjectKey): number =>
  left < right ? -1 : left > right ? 1 : 0;
