import type { Call } from "../engine/index.js";
import type { KubeObject, SimRecord } from "../api/index.js";

/** `pods`, `leases.coordination.k8s.io`: a resource with its group. */
export type GroupResource = string;

/** What a watch delivers, in commit order. */
export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** `spec.nodeName=node-1` is dispatched by index, so that a thousand kubelets do not each look at every pod. */
  readonly fieldSelector?: string;
}

export interface Watch {
  stop(): void;
}

/**
 * All that a component (kubelet, scheduler, reconciler) may do with the cluster: values go in and come out, never a live object.
 * Calls are generators, so that an adapter over HTTP can make them wait; the one in this process never does. They throw StatusError.
 * Component code reads from informers and keeps its writes in processes of its own.
 */
export interface Client {
  get<T extends KubeObject>(resource: GroupResource, namespace: string, name: string): Call<T>;
  list<T extends KubeObject>(resource: GroupResource, options?: WatchOptions): Call<readonly T[]>;
  create<T extends KubeObject>(
    resource: GroupResource,
    namespace: string,
    object: unknown,
  ): Call<T>;
  update<T extends KubeObject>(resource: GroupResource, object: T): Call<T>;
  updateStatus<T extends KubeObject>(resource: GroupResource, object: T): Call<T>;
  /** PUT to a subresource of the object: `finalize` of a namespace, `resize` of a pod. */
  updateSubresource<T extends KubeObject>(
    resource: GroupResource,
    subresource: string,
    object: T,
  ): Call<T>;
  /** Merge patch (`merge`) or strategic merge patch (`strategic`) of the object or of a subresource. */
  patch<T extends KubeObject>(
    resource: GroupResource,
    namespace: string,
    name: string,
    patch: Patch,
  ): Call<T>;
  delete(
    resource: GroupResource,
    namespace: string,
    name: string,
    options?: ClientDeleteOptions,
  ): Call<void>;
  /** POST to a subresource: `binding`, `eviction`, `token`. */
  createSubresource(
    resource: GroupResource,
    namespace: string,
    name: string,
    subresource: string,
    body: unknown,
  ): Call<unknown>;
  /**
   * First ADDED for each object that is there, then every change; events arrive in engine steps of their own, never inside the call.
   * @param onSynced called once, when all that was there at the start has been delivered.
   */
  watch<T extends KubeObject>(
    resource: GroupResource,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
    onSynced?: () => void,
  ): Watch;
  /** Puts a transition, probe result or log line on the record; returns its cursor. */
  record(record: SimRecord): number;
}

export interface Patch {
  readonly type: "merge" | "strategic";
  readonly subresource?: string;
  readonly body: unknown;
}

export interface ClientDeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
}
