import {
  badRequest,
  groupResourceOf,
  field,
  invalid,
  modified,
  validateUpdate,
  type KubeObject,
} from "../api/index.js";
import { admitUpdate, checkUpdate } from "./admission/index.js";
import { inNamespace, nameOf, withMetadata } from "./object-metadata.js";
import { withOwnersOnce } from "./owner-references.js";
import { objectNotFound, plainError, refuseInvalid, wrongUid } from "./refusals.js";
import type { RegistryCore } from "./registry-core.js";
import { isSameState } from "../store/index.js";
import { withStatusOf } from "./status-part.js";
import type { Strategy, WriteContext } from "./strategy.js";
import { asServed, asStored } from "./versions.js";

const AFTER_ADMISSION = " after mutating admission happens";

/** What an update is made of: PUT's body or the outcome of a patch, decoded, in the version of the request. */
export type Change = (current: KubeObject) => KubeObject;

/**
 * How one part of an object is written (the main endpoint, the status, or another subresource): keeps all of `previous` that this endpoint
 * may not change.
 */
export type Preparation = (
  next: KubeObject,
  previous: KubeObject,
  context: WriteContext,
) => KubeObject;

/**
 * Makes the change to the object as it is now. apiserver registry/generic/registry/store.go Update and registry/rest/update.go
 * BeforeUpdate, 1.34. @returns the object in its stored form; the last state when its deletion was waiting for this change.
 */
export const updateObject = (
  core: RegistryCore,
  name: string,
  context: WriteContext,
  change: Change,
  prepare: Preparation = preparationOf(core.strategyOf(context.resource), context.subresource),
): KubeObject => {
  const { resource, namespace } = context;
  const previous = core.store.get(resource.storage, namespace, name);
  if (previous === undefined) throw objectNotFound(resource, name);
  const changed = inNamespace(asStored(change(asServed(previous, resource)), resource), namespace);
  checkName(changed, name);
  const strategy = core.strategyOf(resource);
  checkPreconditions(changed, previous, strategy, context);
  const admitted = admitUpdate(withOwnersOnce(changed, context, AFTER_ADMISSION), context);
  const prepared = keepSystemFields(
    prepare(
      withMetadata(admitted, { generation: previous.metadata.generation }),
      previous,
      context,
    ),
    previous,
  );
  refuseInvalid(resource, name, validateUpdate(resource, prepared, previous, context.subresource));
  if (context.subresource !== "status") {
    context.warnings.push(...(strategy.warningsOnUpdate?.(prepared, previous) ?? []));
  }
  checkUpdate(prepared, previous, context);
  const begun = strategy.beginUpdate?.(prepared, previous, context) ?? prepared;
  // A new time in managedFields alone is no change: a no-op keeps its resourceVersion (API-10).
  const next = isSameState(previous, begun) ? previous : begun;
  return commitUpdate(core, next, previous, context);
};

const commitUpdate = (
  core: RegistryCore,
  next: KubeObject,
  previous: KubeObject,
  context: WriteContext,
): KubeObject => {
  const { resource, namespace, dryRun } = context;
  const isHeld = core.strategyOf(resource).isHeld?.(next) === true;
  if (!isHeld && shouldDeleteNow(next, previous)) {
    if (dryRun) return next;
    const { name } = previous.metadata;
    const gone = core.store.delete(resource.storage, namespace, name, {}, next);
    if (gone.kind !== "written") throw new Error(`delete of a finalized object gave ${gone.kind}`);
    return next;
  }
  if (dryRun) return next;
  const outcome = core.store.update(resource.storage, next);
  switch (outcome.kind) {
    case "written":
    case "unchanged":
      return outcome.object;
    case "exists":
    case "conflict":
    case "missing":
      throw new Error(`update of the current object gave ${outcome.kind}`);
  }
};

/** API-16: the last finalizer is gone and nothing more is waited for. */
const shouldDeleteNow = (next: KubeObject, previous: KubeObject): boolean =>
  (next.metadata.finalizers ?? []).length === 0 &&
  previous.metadata.deletionTimestamp !== undefined &&
  (previous.metadata.deletionGracePeriodSeconds ?? 0) === 0;

/** API-4. apiserver endpoints/handlers/rest.go checkName, 1.34 */
export const checkName = (object: KubeObject, name: string): void => {
  const own = nameOf(object);
  if (own === name) return;
  throw badRequest(
    own === ""
      ? `the name of the object (${name} based on URL) was undeterminable: name must be provided`
      : `the name of the object (${own}) does not match the name on the URL (${name})`,
  );
};

/** API-5: uid, then resourceVersion. */
const checkPreconditions = (
  next: KubeObject,
  previous: KubeObject,
  strategy: Strategy,
  { resource }: WriteContext,
): void => {
  const { uid, resourceVersion, name } = next.metadata as Partial<KubeObject["metadata"]>;
  if (uid !== undefined && uid !== "" && uid !== previous.metadata.uid) {
    throw wrongUid(resource, previous, uid);
  }
  const version = resourceVersion ?? "";
  if (version === "" || version === "0") {
    if (strategy.requiresVersion !== true) return;
    throw invalid({ group: resource.group, kind: resource.plural }, name ?? "", [
      field.invalid("metadata.resourceVersion", 0, "must be specified for an update"),
    ]);
  }
  if (!/^\d+$/.test(version)) {
    throw plainError(`strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  }
  if (version !== previous.metadata.resourceVersion) {
    throw modified(groupResourceOf(resource), name ?? "");
  }
};

/** API-17: what no update can change or take away. */
const keepSystemFields = (next: KubeObject, previous: KubeObject): KubeObject => {
  const before = previous.metadata;
  const own = next.metadata as Partial<KubeObject["metadata"]>;
  return withMetadata(next, {
    uid: own.uid === undefined || own.uid === "" ? before.uid : own.uid,
    creationTimestamp: before.creationTimestamp,
    resourceVersion: before.resourceVersion,
    deletionTimestamp: before.deletionTimestamp ?? own.deletionTimestamp,
    deletionGracePeriodSeconds: own.deletionGracePeriodSeconds ?? before.deletionGracePeriodSeconds,
  });
};

/** How the main endpoint and the status are written (API-18). */
export const preparationOf = (strategy: Strategy, subresource: string | undefined): Preparation =>
  subresource === "status"
    ? (next, previous, context) =>
        strategy.prepareForStatusUpdate?.(next, previous, context) ?? withStatusOf(previous, next)
    : (next, previous, context) =>
        strategy.prepareForUpdate?.(next, previous, context) ?? withStatusOf(next, previous);
