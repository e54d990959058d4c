import type { KubeObject, ResourceDefinition } from "../api/index.js";
import type { ObjectStore } from "../store/index.js";
import type { DeleteOptions } from "./api-request.js";
import type { RegistryEnvironment } from "./environment.js";

/** What a strategy and admission know of the write that is going on. */
export interface WriteContext {
  readonly resource: ResourceDefinition;
  /** '' for a cluster-scoped object. */
  readonly namespace: string;
  readonly subresource: string | undefined;
  readonly dryRun: boolean;
  /** Virtual time of the write, Unix milliseconds. */
  readonly nowMs: number;
  readonly environment: RegistryEnvironment;
  /** To look at other objects; only the verbs write. */
  readonly store: ObjectStore;
  /** Sent as `Warning` headers; strategies and admission add to it. */
  readonly warnings: string[];
}

/**
 * What is particular to a kind, after k8s.io/apiserver registry/rest (1.34). Objects are immutable: each step gives the object that the next
 * one sees. What a kind does not say is what most kinds do.
 */
export interface Strategy<T extends KubeObject = KubeObject> {
  /** Drops what clients may not set and sets what the server decides, before validation. */
  prepareForCreate?(object: T, context: WriteContext): T;
  prepareForUpdate?(next: T, previous: T, context: WriteContext): T;
  /** PUT and PATCH of the status subresource; keeps everything but the status by default. */
  prepareForStatusUpdate?(next: T, previous: T, context: WriteContext): T;
  /** What is valid but hardly meant, for the `Warning` headers of a creation. */
  warningsOnCreate?(object: T): readonly string[];
  warningsOnUpdate?(next: T, previous: T): readonly string[];
  /** After validation, right before the object is stored: what takes something from elsewhere (a cluster IP). Dry runs come here too. */
  beginCreate?(object: T, context: WriteContext): T;
  beginUpdate?(next: T, previous: T, context: WriteContext): T;
  /** Seconds to wait for a graceful end; null when the kind knows none. Gives 0 to end at once. */
  gracePeriodSeconds?(object: T, options: DeleteOptions): number | null;
  /** Something beside its finalizers keeps a deleted object here: a namespace's content. */
  isHeld?(object: T): boolean;
  /** A PUT without resourceVersion is refused (AllowUnconditionalUpdate is false). */
  readonly requiresVersion?: boolean;
  /** A PUT of what is not there creates it (AllowCreateOnUpdate). */
  readonly createsOnUpdate?: boolean;
  /** DELETE answers with the object and not with a Status (ReturnDeletedObject). */
  readonly returnsDeleted?: boolean;
}
