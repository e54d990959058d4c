import type { KubeObject, ListMeta, ResourceDefinition } from "../api/index.js";

/** A request of the Kubernetes API after routing and parsing, as plain values. `namespace` is '' for all, or for a cluster-scoped kind. */
export type ApiRequest =
  | GetRequest
  | ListRequest
  | CreateRequest
  | UpdateRequest
  | PatchRequest
  | DeleteRequest
  | DeleteCollectionRequest;

interface Target {
  readonly resource: ResourceDefinition;
  readonly namespace: string;
}

interface NamedTarget extends Target {
  readonly name: string;
  /** `status`, `binding`, `eviction`, `scale`, `resize`, `ephemeralcontainers`, `token`. */
  readonly subresource?: string;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
  /**
   * What only the body's text showed: `duplicate field "spec.containers"`. They count as strict decoding errors, before those found in
   * the value: refused under Strict, warned of under Warn.
   */
  readonly strictErrors?: readonly string[];
}

export interface GetRequest extends NamedTarget {
  readonly verb: "get";
  readonly resourceVersion?: string;
}

export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

export interface ListRequest extends Target {
  readonly verb: "list";
  readonly options: ListOptions;
}

/** `name` and `subresource` are set for a POST to a subresource such as `pods/x/binding`. */
export interface CreateRequest extends Target {
  readonly verb: "create";
  readonly name?: string;
  readonly subresource?: string;
  /** The parsed body; anything a client may send. */
  readonly body: unknown;
  readonly options: WriteOptions;
}

export interface UpdateRequest extends NamedTarget {
  readonly verb: "update";
  readonly body: unknown;
  readonly options: WriteOptions;
}

export type PatchType = "json" | "merge" | "strategic" | "apply";

export interface PatchRequest extends NamedTarget {
  readonly verb: "patch";
  readonly patchType: PatchType;
  readonly body: unknown;
  readonly options: WriteOptions & { readonly force?: boolean };
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

export interface DeleteRequest extends NamedTarget {
  readonly verb: "delete";
  readonly options: DeleteOptions;
}

export interface DeleteCollectionRequest extends Target {
  readonly verb: "deletecollection";
  readonly list: ListOptions;
  readonly options: DeleteOptions;
}

/** An object, a list of them, or a Status. */
export interface ObjectList {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ListMeta;
  readonly items: readonly KubeObject[];
}

export interface StatusBody {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Record<string, unknown>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: Record<string, unknown>;
  readonly code?: number;
}

export interface ApiResponse {
  /** HTTP status: 200, 201 or 202. */
  readonly code: number;
  readonly body: KubeObject | ObjectList | StatusBody;
  /** Sent as `Warning: 299` headers. */
  readonly warnings: readonly string[];
}
