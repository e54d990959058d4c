import { field, formatTime, parseTime, type FieldError, type KubeObject } from "../api/index.js";
import type { DeleteOptions } from "./api-request.js";
import { withMetadata } from "./object-metadata.js";
import type { Strategy } from "./strategy.js";

/**
 * What a DELETE does with an object, decided and not done yet.
 * - `remove`: it goes at once.
 * - `mark`: it stays for now, as `object` says (deletionTimestamp, finalizers).
 * - `mark-and-remove`: `object` is its last state, then it goes.
 * - `keep`: it is on its way out already, and this request changes nothing.
 */
export type DeletePlan =
  | { readonly action: "remove" | "keep" }
  | { readonly action: "mark" | "mark-and-remove"; readonly object: KubeObject };

type Grace =
  | { readonly kind: "none" | "pending" }
  | { readonly kind: "graceful"; readonly object: KubeObject; readonly seconds: number };

/** apiserver registry/generic/registry/store.go Delete and updateForGracefulDeletionAndFinalizers, 1.34 */
export const planDeletion = (
  object: KubeObject,
  options: DeleteOptions,
  strategy: Strategy,
  nowMs: number,
): DeletePlan => {
  const grace = decideGrace(object, withPositiveGrace(options), strategy, nowMs);
  if (grace.kind === "pending") return { action: "keep" };
  const marked = grace.kind === "graceful" ? grace.object : object;
  const finalized = withCollectorFinalizers(marked, options);
  const hasFinalizers = (finalized.metadata.finalizers ?? []).length > 0;
  if (grace.kind !== "graceful") {
    if (!hasFinalizers) return { action: "remove" };
    return { action: "mark", object: markDeleting(finalized, nowMs) };
  }
  if (hasFinalizers || grace.seconds > 0) return { action: "mark", object: finalized };
  return { action: "mark-and-remove", object: finalized };
};

/** A negative period counts as one second. apiserver registry/rest/delete.go BeforeDelete, 1.34 */
const withPositiveGrace = (options: DeleteOptions): DeleteOptions =>
  options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds < 0
    ? { ...options, gracePeriodSeconds: 1 }
    : options;

/** API-13, API-14, API-15. apiserver registry/rest/delete.go BeforeDelete, 1.34 */
const decideGrace = (
  object: KubeObject,
  options: DeleteOptions,
  strategy: Strategy,
  nowMs: number,
): Grace => {
  const seconds = strategy.gracePeriodSeconds?.(object, options) ?? null;
  if (seconds === null) return { kind: "none" };
  if (object.metadata.deletionTimestamp !== undefined) {
    return shortenGrace(object, object.metadata.deletionTimestamp, options, nowMs);
  }
  const marked = withMetadata(object, {
    deletionTimestamp: formatTime(nowMs + seconds * 1000),
    deletionGracePeriodSeconds: seconds,
    generation: nextGeneration(object),
  });
  return { kind: "graceful", object: marked, seconds };
};

/** API-15: a second delete can only make it sooner. */
const shortenGrace = (
  object: KubeObject,
  deletionTimestamp: string,
  options: DeleteOptions,
  nowMs: number,
): Grace => {
  const current = object.metadata.deletionGracePeriodSeconds ?? 0;
  if (current === 0) return { kind: "none" };
  const asked = options.gracePeriodSeconds;
  if (asked === undefined || asked >= current) return { kind: "pending" };
  const soonerMs = (parseTime(deletionTimestamp) ?? nowMs) + (asked - current) * 1000;
  // The period that was asked for is over already: one second is left for whoever has to end it.
  const seconds = soonerMs < nowMs && asked !== 0 ? 1 : asked;
  const marked = withMetadata(object, {
    deletionTimestamp: formatTime(Math.max(soonerMs, nowMs)),
    deletionGracePeriodSeconds: seconds,
  });
  return { kind: "graceful", object: marked, seconds };
};

/** apiserver registry/generic/registry/store.go markAsDeleting, 1.34 */
const markDeleting = (object: KubeObject, nowMs: number): KubeObject => {
  const { deletionTimestamp } = object.metadata;
  const isSooner = deletionTimestamp !== undefined && (parseTime(deletionTimestamp) ?? 0) <= nowMs;
  return withMetadata(object, {
    deletionTimestamp: isSooner ? deletionTimestamp : formatTime(nowMs),
    deletionGracePeriodSeconds: 0,
    ...(deletionTimestamp === undefined ? { generation: nextGeneration(object) } : {}),
  });
};

const nextGeneration = (object: KubeObject): number | undefined => {
  const { generation } = object.metadata;
  return generation !== undefined && generation > 0 ? generation + 1 : generation;
};

const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";

/** API-17: the finalizers that tell the garbage collector what to do. store.go deletionFinalizersForGarbageCollection, 1.34 */
const withCollectorFinalizers = (object: KubeObject, options: DeleteOptions): KubeObject => {
  const before = object.metadata.finalizers ?? [];
  const wanted = collectorFinalizer(before, options);
  const others = before.filter((name) => name !== ORPHAN && name !== FOREGROUND);
  const after = wanted === null ? others : [...others, wanted];
  const isSame = after.length === before.length && after.every((name) => before.includes(name));
  if (isSame) return object;
  return withMetadata(object, { finalizers: after.length === 0 ? undefined : after });
};

/** What the request says, else what the object has. */
const collectorFinalizer = (
  finalizers: readonly string[],
  { orphanDependents, propagationPolicy }: DeleteOptions,
): typeof ORPHAN | typeof FOREGROUND | null => {
  if (orphanDependents !== undefined) return orphanDependents ? ORPHAN : null;
  if (propagationPolicy === undefined) {
    return finalizers.find((name) => name === ORPHAN || name === FOREGROUND) ?? null;
  }
  switch (propagationPolicy) {
    case "Orphan":
      return ORPHAN;
    case "Foreground":
      return FOREGROUND;
    case "Background":
      return null;
  }
};

/** apimachinery apis/meta/v1/validation/validation.go ValidateDeleteOptions, 1.34 */
export const validateDeleteOptions = (options: DeleteOptions): FieldError[] => {
  const errors: FieldError[] = [];
  if (options.orphanDependents !== undefined && options.propagationPolicy !== undefined) {
    errors.push(
      field.invalid(
        "propagationPolicy",
        options.propagationPolicy,
        "orphanDependents and deletionPropagation cannot be both set",
      ),
    );
  }
  const { propagationPolicy } = options;
  if (propagationPolicy !== undefined && !PROPAGATION_POLICIES.includes(propagationPolicy)) {
    errors.push(field.notSupported("propagationPolicy", propagationPolicy, SUPPORTED_POLICIES));
  }
  return errors;
};

const PROPAGATION_POLICIES: readonly string[] = ["Foreground", "Background", "Orphan"];
const SUPPORTED_POLICIES = [...PROPAGATION_POLICIES, "nil"];
