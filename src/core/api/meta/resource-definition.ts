import type { KubeObject } from "./kube-object.js";

export type Verb =
  "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

export interface SubresourceDefinition {
  /** `status`, `binding`, `eviction`, `log`, `exec`, … */
  readonly name: string;
  /** Kind of its body: `Pod` for status, `Binding`, `Eviction`, `Scale`, `TokenRequest`, `PodExecOptions`. */
  readonly kind: string;
  /** When it differs from its parent's: policy/v1 for Eviction. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly Verb[];
}

/** One row of the resource table: all that discovery, REST, OpenAPI, the registry and the printers need to know of a kind. */
export interface ResourceDefinition {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources: readonly SubresourceDefinition[];
  /** What each answer warns of, where the kind is on its way out. apiserver pkg/endpoints/deprecation/deprecation.go, 0.34: WarningMessage. */
  readonly deprecation?: string;
  /** Key into the structural schema: `io.k8s.api.core.v1.Pod`. */
  readonly schema: string;
  /**
   * Where objects are stored: group-resource, `pods`, `leases.coordination.k8s.io`. Two rows may share it (events of core/v1 and of
   * events.k8s.io/v1): the store holds one form, the strategy converts.
   */
  readonly storage: string;
  /** Field labels that a fieldSelector may use, metadata.name and metadata.namespace among them. */
  readonly fieldLabels: readonly string[];
  /** Other spellings of a label: what older clients send, or what another group-version calls it. */
  readonly fieldLabelAliases?: Readonly<Record<string, string>>;
  /** Values by field label; a label that is not there counts as empty. */
  readonly selectableFields: (object: KubeObject) => Readonly<Record<string, string>>;
}
