import {
  alreadyExists,
  conflict,
  forbidden,
  generateNameConflict,
  groupResourceOf,
  invalid,
  isStatusError,
  notFound,
  StatusError,
  type FailureCause,
  type FieldError,
  type KubeObject,
  type ResourceDefinition,
} from "../api/index.js";
import { nameOf } from "./object-metadata.js";

/** @throws StatusError 422 when there is anything wrong with the object. */
export const refuseInvalid = (
  resource: Pick<ResourceDefinition, "group" | "kind">,
  name: string,
  errors: readonly FieldError[],
): void => {
  if (errors.length > 0) throw invalid(resource, name, errors);
};

export const objectNotFound = (resource: ResourceDefinition, name: string): StatusError =>
  notFound(groupResourceOf(resource), name);

/** apiserver registry/generic/registry/store.go create and rest/create.go CheckGeneratedNameError, 1.34 */
export const nameIsTaken = (
  resource: ResourceDefinition,
  object: KubeObject,
  existing: KubeObject,
): StatusError => {
  const { name, generateName = "" } = object.metadata;
  const error =
    generateName === ""
      ? alreadyExists(groupResourceOf(resource), name)
      : generateNameConflict(groupResourceOf(resource), name, 1);
  if (existing.metadata.deletionTimestamp === undefined) return error;
  const message = `object is being deleted: ${error.status.message}`;
  return new StatusError({ ...error.status, message });
};

/** API-5: what the storage says when the uid is not the expected one. apiserver storage/interfaces.go Preconditions.Check, 1.34 */
export const wrongUid = (
  resource: ResourceDefinition,
  object: KubeObject,
  expected: string,
): StatusError => {
  const { namespace, name, uid } = object.metadata;
  const key = ["/registry", etcdPrefix(resource), namespace, name]
    .filter((part) => part !== undefined)
    .join("/");
  const why = `Precondition failed: UID in precondition: ${expected}, UID in object meta: ${uid}`;
  return conflict(
    groupResourceOf(resource),
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  );
};

/** Where they are older than the rule. pkg/kubeapiserver/default_storage_factory_builder.go SpecialDefaultResourcePrefixes, 1.34 */
const OLD_PREFIXES: Readonly<Record<string, string>> = {
  nodes: "minions",
  services: "services/specs",
  endpoints: "services/endpoints",
  replicationcontrollers: "controllers",
};

const etcdPrefix = (resource: ResourceDefinition): string =>
  resource.group === "" ? (OLD_PREFIXES[resource.plural] ?? resource.plural) : resource.plural;

/** A refusal of admission. apiserver admission/errors.go NewForbidden, 1.34 */
export const admissionForbids = (
  resource: ResourceDefinition,
  object: KubeObject,
  why: string,
  causes: readonly FailureCause[] = [],
): StatusError => {
  // The name is not generated yet when admission looks at the object.
  const name = nameOf(object) || object.metadata.generateName || "Unknown";
  const error = forbidden(groupResourceOf(resource), name, why);
  if (causes.length === 0) return error;
  return new StatusError({
    ...error.status,
    details: { ...error.status.details, causes: [...causes] },
  });
};

export const isNotFound = (error: unknown): boolean => isStatusError(error, "NotFound");

/** An error without a reason: 500 and its text. */
export const plainError = (message: string): StatusError =>
  new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    code: 500,
  });
