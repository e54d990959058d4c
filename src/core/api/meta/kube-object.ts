import type { ObjectMeta } from "./object-meta.js";

/** Any stored Kubernetes object. Immutable once committed: a change makes a new object that shares what stayed the same. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}
