import { each, IMMUTABLE_ERROR, labels, messages, nonNegative, qualified } from "./check.js";
import { forbidden, invalid, required, tooLong } from "./field-error.js";
import type { FieldError } from "./field-error.js";
import { byteLength, quote } from "./go-format.js";
import { nameIsDnsLabel, qualifiedName } from "./names.js";
import type { NameRule } from "./names.js";
import type {
  ManagedFieldsEntry,
  ObjectMeta,
  OwnerReference,
  PartialObjectMeta,
} from "./object-meta.js";
import { semanticEqual } from "./semantic-equal.js";

/** apimachinery pkg/api/validation/objectmeta.go and pkg/apis/core/validation ValidateObjectMeta, 1.34 */

export const MAX_ANNOTATIONS_BYTES = 256 * 1024;
const MAX_FIELD_MANAGER_BYTES = 128;
const MAX_SUBRESOURCE_BYTES = 256;
/** Finalizers without a domain. pkg/apis/core/helper IsStandardFinalizerName */
const STANDARD_FINALIZERS = ["kubernetes", "orphan", "foregroundDeletion"];

/** metadata of a new object, its name generated already: what core kinds check. */
export function validateObjectMeta(
  metadata: PartialObjectMeta,
  namespaced: boolean,
  nameRule: NameRule,
  path = "metadata",
): FieldError[] {
  return [
    ...validateGenericMeta(metadata, namespaced, nameRule, path),
    ...each(metadata.finalizers, `${path}.finalizers`, kubeFinalizerErrors),
  ];
}

/** What every kind checks of new metadata: finalizers without a domain pass. */
export function validateGenericMeta(
  metadata: PartialObjectMeta,
  namespaced: boolean,
  nameRule: NameRule,
  path = "metadata",
): FieldError[] {
  const { name = "", generateName = "" } = metadata;
  return [
    ...(generateName === ""
      ? []
      : messages(`${path}.generateName`, generateName, nameRule(generateName, true))),
    ...(name === ""
      ? [required(`${path}.name`, "name or generateName is required")]
      : messages(`${path}.name`, name, nameRule(name, false))),
    ...namespaceErrors(metadata.namespace ?? "", namespaced, `${path}.namespace`),
    ...nonNegative(metadata.generation, `${path}.generation`),
    ...labels(metadata.labels, `${path}.labels`),
    ...validateAnnotations(metadata.annotations, `${path}.annotations`),
    ...validateOwnerReferences(metadata.ownerReferences ?? [], `${path}.ownerReferences`),
    ...finalizerErrors(metadata.finalizers ?? [], `${path}.finalizers`),
    ...managedFieldsErrors(metadata.managedFields, `${path}.managedFields`),
  ];
}

/** metadata of a changed object: what core kinds check. */
export function validateObjectMetaUpdate(
  next: PartialObjectMeta,
  previous: ObjectMeta,
  path = "metadata",
): FieldError[] {
  return [
    ...validateGenericMetaUpdate(next, previous, path),
    ...each(next.finalizers, `${path}.finalizers`, kubeFinalizerErrors),
  ];
}

/** What every kind checks of changed metadata. */
export function validateGenericMetaUpdate(
  next: PartialObjectMeta,
  previous: ObjectMeta,
  path = "metadata",
): FieldError[] {
  const errors: FieldError[] = [];
  if (previous.deletionTimestamp !== undefined) {
    errors.push(...newFinalizerErrors(next, previous, `${path}.finalizers`));
  }
  if ((next.resourceVersion ?? "") === "") {
    const detail = "must be specified for an update";
    errors.push(invalid(`${path}.resourceVersion`, "", detail));
  }
  if ((next.generation ?? 0) < (previous.generation ?? 0)) {
    errors.push(invalid(`${path}.generation`, next.generation ?? 0, "must not be decremented"));
  }
  for (const field of IMMUTABLE_FIELDS) {
    if (next[field] === previous[field]) continue;
    errors.push(...validateImmutable(next[field], previous[field], `${path}.${field}`));
  }
  errors.push(...changedPartErrors(next, previous, path));
  return errors;
}

/** What is the very same as before was looked at when it came. */
function changedPartErrors(
  next: PartialObjectMeta,
  previous: ObjectMeta,
  path: string,
): FieldError[] {
  const { labels: names, annotations, ownerReferences, managedFields } = next;
  return [
    ...(names === previous.labels ? [] : labels(names, `${path}.labels`)),
    ...(annotations === previous.annotations
      ? []
      : validateAnnotations(annotations, `${path}.annotations`)),
    ...(ownerReferences === previous.ownerReferences
      ? []
      : validateOwnerReferences(ownerReferences ?? [], `${path}.ownerReferences`)),
    ...(managedFields === previous.managedFields
      ? []
      : managedFieldsErrors(managedFields, `${path}.managedFields`)),
  ];
}

const IMMUTABLE_FIELDS = [
  "name",
  "namespace",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

export function validateImmutable(next: unknown, previous: unknown, path: string): FieldError[] {
  return semanticEqual(next, previous) ? [] : [invalid(path, next, IMMUTABLE_ERROR)];
}

export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const errors = entries.flatMap(([key]) => messages(path, key, qualifiedName(key.toLowerCase())));
  const bytes = entries.reduce(
    (total, [key, value]) => total + byteLength(key) + byteLength(value),
    0,
  );
  return bytes > MAX_ANNOTATIONS_BYTES ? [...errors, tooLong(path, MAX_ANNOTATIONS_BYTES)] : errors;
}

/** The name of a finalizer in a namespace's spec. */
export function validateFinalizerName(name: string, path: string): FieldError[] {
  return [...qualified(name, path), ...kubeFinalizerErrors(name, path)];
}

function namespaceErrors(namespace: string, namespaced: boolean, path: string): FieldError[] {
  if (!namespaced) return namespace === "" ? [] : [forbidden(path, "not allowed on this type")];
  if (namespace === "") return [required(path)];
  return messages(path, namespace, nameIsDnsLabel(namespace, false));
}

function validateOwnerReferences(
  references: readonly OwnerReference[],
  path: string,
): FieldError[] {
  let controller = "";
  return references.flatMap((reference) => {
    const errors = ownerReferenceErrors(reference, path);
    if (reference.controller !== true) return errors;
    const name = `${reference.kind}/${reference.name}`;
    if (controller === "") {
      controller = name;
      return errors;
    }
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
    return [...errors, invalid(path, references, detail)];
  });
}

function ownerReferenceErrors(reference: OwnerReference, path: string): FieldError[] {
  const { apiVersion, kind, name, uid } = reference;
  const errors: FieldError[] = [];
  if (apiVersion === "" || apiVersion.endsWith("/")) {
    errors.push(invalid(`${path}.apiVersion`, apiVersion, "version must not be empty"));
  }
  for (const [field, value] of Object.entries({ kind, name, uid })) {
    if (value === "") errors.push(invalid(`${path}.${field}`, value, "must not be empty"));
  }
  if (apiVersion === "v1" && kind === "Event") {
    errors.push(invalid(path, reference, "/v1, Kind=Event is disallowed from being an owner"));
  }
  return errors;
}

function finalizerErrors(finalizers: readonly string[], path: string): FieldError[] {
  const errors = finalizers.flatMap((name) => qualified(name, path));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    const detail = "finalizer orphan and foregroundDeletion cannot be both set";
    errors.push(invalid(path, finalizers, detail));
  }
  return errors;
}

function kubeFinalizerErrors(name: string, path: string): FieldError[] {
  if (name.includes("/") || STANDARD_FINALIZERS.includes(name)) return [];
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  return [invalid(path, name, detail)];
}

/** API-16. */
function newFinalizerErrors(
  next: PartialObjectMeta,
  previous: ObjectMeta,
  path: string,
): FieldError[] {
  const before = new Set(previous.finalizers);
  const added = [...new Set(next.finalizers)].filter((name) => !before.has(name)).sort();
  if (added.length === 0) return [];
  // Go prints the slice with %#v.
  const list = `[]string{${added.map(quote).join(", ")}}`;
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
  return [forbidden(path, detail)];
}

function managedFieldsErrors(
  entries: readonly ManagedFieldsEntry[] | undefined,
  path: string,
): FieldError[] {
  return each(entries, path, (entry, entryPath) => {
    const errors: FieldError[] = [];
    const operation: string = entry.operation ?? "";
    if (operation !== "Apply" && operation !== "Update") {
      errors.push(invalid(`${entryPath}.operation`, operation, "must be `Apply` or `Update`"));
    }
    const fieldsType: string = entry.fieldsType ?? "";
    if (fieldsType !== "" && fieldsType !== "FieldsV1") {
      errors.push(invalid(`${entryPath}.fieldsType`, fieldsType, "must be `FieldsV1`"));
    }
    if (byteLength(entry.manager ?? "") > MAX_FIELD_MANAGER_BYTES) {
      errors.push(tooLong(`${entryPath}.manager`, MAX_FIELD_MANAGER_BYTES));
    }
    if (byteLength(entry.subresource ?? "") > MAX_SUBRESOURCE_BYTES) {
      errors.push(tooLong(`${entryPath}.subresource`, MAX_SUBRESOURCE_BYTES));
    }
    return errors;
  });
}
