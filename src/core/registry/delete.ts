import {
  conflict,
  groupResourceOf,
  type KubeObject,
  type ResourceDefinition,
} from "../api/index.js";
import { admitDelete } from "./admission/index.js";
import type { ApiResponse, DeleteOptions, DeleteRequest, StatusBody } from "./api-request.js";
import { planDeletion, validateDeleteOptions, type DeletePlan } from "./delete-plan.js";
import { readObject } from "./read-object.js";
import { refuseInvalid } from "./refusals.js";
import type { RegistryCore } from "./registry-core.js";
import { planNamespaceDeletion } from "./strategies/namespace.js";
import type { WriteContext } from "./strategy.js";
import { asServed } from "./versions.js";

/** DELETE of one object. apiserver endpoints/handlers/delete.go, 1.34 */
export const remove = (core: RegistryCore, request: DeleteRequest): ApiResponse => {
  const context = core.contextOf(request);
  const { resource, warnings } = context;
  checkDeleteOptions(request.options);
  admitDelete(request.name, context);
  const deletion = deleteObject(core, request.name, request.options, context);
  // Only who asked for it in the old way is told that it goes on in the background.
  const code = !deletion.isGone && request.options.orphanDependents === false ? 202 : 200;
  const isReturned = core.strategyOf(resource).returnsDeleted === true || deletion.isNamespaceKept;
  const body = isReturned
    ? asServed(deletion.object, resource)
    : success(deletion.object, resource);
  return { code, body, warnings };
};

/** @throws StatusError 422 */
export const checkDeleteOptions = (options: DeleteOptions): void => {
  const errors = validateDeleteOptions(options);
  if (errors.length > 0) refuseInvalid(DELETE_OPTIONS, "", errors);
};

const DELETE_OPTIONS = { group: "meta.k8s.io", kind: "DeleteOptions" };

export interface Deletion {
  /** The last state, or the state that waits for its end. */
  readonly object: KubeObject;
  readonly isGone: boolean;
  readonly isNamespaceKept: boolean;
}

/** Also how eviction and deletecollection delete. Admission is not asked here. */
export const deleteObject = (
  core: RegistryCore,
  name: string,
  options: DeleteOptions,
  context: WriteContext,
): Deletion => {
  const { resource, namespace, nowMs } = context;
  const object = readObject(core.store, resource, namespace, name);
  checkDeletePreconditions(object, options, resource);
  const isNamespace = resource.storage === "namespaces";
  const plan = isNamespace
    ? planNamespaceDeletion(object, options, nowMs)
    : planDeletion(object, options, core.strategyOf(resource), nowMs);
  const deletion = carryOut(core, plan, object, context);
  return { ...deletion, isNamespaceKept: isNamespace && !deletion.isGone };
};

const carryOut = (
  core: RegistryCore,
  plan: DeletePlan,
  object: KubeObject,
  context: WriteContext,
): Omit<Deletion, "isNamespaceKept"> => {
  const { dryRun, resource } = context;
  switch (plan.action) {
    case "keep":
      return { object, isGone: false };
    case "mark":
      if (dryRun) return { object: plan.object, isGone: false };
      return { object: mark(core, plan.object, resource), isGone: false };
    case "mark-and-remove":
      if (dryRun) return { object: plan.object, isGone: true };
      return { object: removeNow(core, mark(core, plan.object, resource), resource), isGone: true };
    case "remove":
      if (dryRun) return { object, isGone: true };
      return { object: removeNow(core, object, resource), isGone: true };
  }
};

const mark = (core: RegistryCore, object: KubeObject, resource: ResourceDefinition): KubeObject => {
  const outcome = core.store.update(resource.storage, object);
  if (outcome.kind === "written" || outcome.kind === "unchanged") return outcome.object;
  throw new Error(`marking ${object.metadata.name} as deleted gave ${outcome.kind}`);
};

const removeNow = (
  core: RegistryCore,
  object: KubeObject,
  resource: ResourceDefinition,
): KubeObject => {
  const { namespace = "", name } = object.metadata;
  const outcome = core.store.delete(resource.storage, namespace, name);
  if (outcome.kind !== "written") throw new Error(`delete of ${name} gave ${outcome.kind}`);
  return outcome.object;
};

/** API-5. apiserver registry/rest/delete.go BeforeDelete, 1.34: it names the kind where the resource is meant. */
export const checkDeletePreconditions = (
  object: KubeObject,
  { preconditions }: DeleteOptions,
  resource: ResourceDefinition,
): void => {
  const { name, uid, resourceVersion } = object.metadata;
  const subject = groupResourceOf({ ...resource, plural: resource.kind });
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    throw conflict(
      subject,
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  const version = preconditions?.resourceVersion;
  if (version !== undefined && version !== resourceVersion) {
    throw conflict(
      subject,
      name,
      `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
};

/** apiserver registry/generic/registry/store.go finalizeDelete, 1.34: kind is the resource, "yes". */
const success = (object: KubeObject, resource: ResourceDefinition): StatusBody => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  details: {
    name: object.metadata.name,
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind: resource.plural,
    uid: object.metadata.uid,
  },
});
