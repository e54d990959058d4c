import type {
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  TypedObjectReference,
} from "../../generated/core-v1.js";
import {
  dnsLabel,
  dnsSubdomain,
  labels,
  messages,
  oneOfIfSet,
  requiredText,
} from "../../meta/check.js";
import { forbidden, invalid, notSupported, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { validateLabelSelector } from "../../meta/label-selector-validation.js";
import { nameIsDnsSubdomain } from "../../meta/names.js";
import { validateAnnotations } from "../../meta/object-meta-validation.js";
import { parseQuantity } from "../../meta/quantity.js";

/** pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaimSpec, 1.34 */

const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
export const VOLUME_MODES = ["Block", "Filesystem"];

/** A claim that a pod brings along: only labels and annotations may be set beside the spec. */
export function validateClaimTemplate(
  { metadata = {}, spec }: PersistentVolumeClaimTemplate,
  path: string,
): FieldError[] {
  const { annotations, labels: set, ...others } = metadata;
  return [
    ...validateAnnotations(annotations, `${path}.metadata.annotations`),
    ...labels(set, `${path}.metadata.labels`),
    ...Object.keys(others).map((field) => forbidden(`${path}.metadata.${field}`, "cannot be set")),
    ...validateClaimSpec(spec, `${path}.spec`),
  ];
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const { accessModes = [], storageClassName = "", volumeAttributesClassName = "" } = spec;
  const missing = required(`${path}.accessModes`, "at least 1 access mode is required");
  return [
    ...(accessModes.length === 0 ? [missing] : []),
    ...validateLabelSelector(spec.selector, `${path}.selector`),
    ...accessModeErrors(accessModes, `${path}.accessModes`),
    ...storageErrors(spec.resources?.requests?.storage, `${path}.resources[storage]`),
    ...className(storageClassName, `${path}.storageClassName`),
    ...oneOfIfSet(spec.volumeMode, `${path}.volumeMode`, VOLUME_MODES),
    ...dataSourceErrors(spec, path),
    ...className(volumeAttributesClassName, `${path}.volumeAttributesClassName`),
  ];
}

/** ReadWriteOncePod stands alone. */
export function accessModeErrors(modes: readonly string[], path: string): FieldError[] {
  const errors = modes
    .filter((mode) => !ACCESS_MODES.includes(mode))
    .map((mode) => notSupported(path, mode, ACCESS_MODES));
  const others = modes.filter((mode) => mode !== "ReadWriteOncePod" && ACCESS_MODES.includes(mode));
  if (modes.includes("ReadWriteOncePod") && others.length > 0) {
    errors.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
  }
  return errors;
}

function storageErrors(storage: string | undefined, path: string): FieldError[] {
  if (storage === undefined) return [required(path)];
  const positive = parseQuantity(storage).nanos > 0n;
  return positive ? [] : [invalid(path, storage, "must be greater than zero")];
}

function className(name: string, path: string): FieldError[] {
  return name === "" ? [] : messages(path, name, nameIsDnsSubdomain(name, false));
}

function dataSourceErrors(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const { dataSource, dataSourceRef } = spec;
  const errors = [
    ...(dataSource === undefined ? [] : referenceErrors(dataSource, `${path}.dataSource`)),
    ...(dataSourceRef === undefined ? [] : referenceErrors(dataSourceRef, `${path}.dataSourceRef`)),
  ];
  if (dataSource === undefined || dataSourceRef === undefined) return errors;
  // The path is the value here, as Kubernetes has it.
  const refuse = (detail: string): FieldError => invalid(path, `${path}.dataSource`, detail);
  if ((dataSourceRef.namespace ?? "") !== "") {
    return [...errors, refuse("may not be specified when dataSourceRef.namespace is specified")];
  }
  const same =
    dataSource.apiGroup === dataSourceRef.apiGroup &&
    dataSource.kind === dataSourceRef.kind &&
    dataSource.name === dataSourceRef.name;
  return same ? errors : [...errors, refuse("must match dataSourceRef")];
}

function referenceErrors(reference: TypedObjectReference, path: string): FieldError[] {
  const { apiGroup = "", kind, name, namespace = "" } = reference;
  const errors = [...requiredText(name, `${path}.name`), ...requiredText(kind, `${path}.kind`)];
  if (apiGroup === "" && kind !== "PersistentVolumeClaim") {
    const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    errors.push(invalid(path, kind, detail));
  }
  if (apiGroup !== "") errors.push(...dnsSubdomain(apiGroup, `${path}.apiGroup`));
  if (namespace !== "") errors.push(...dnsLabel(namespace, `${path}.namespace`));
  return errors;
}
