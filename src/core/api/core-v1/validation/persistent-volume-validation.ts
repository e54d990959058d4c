import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  PersistentVolumeSpec,
} from "../../generated/core-v1.js";
import { dnsSubdomain, notSupportedIf, oneOfIfSet, requiredText } from "../../meta/check.js";
import { forbidden, invalid, notSupported, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { nameIsDnsSubdomain } from "../../meta/names.js";
import {
  validateImmutable,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../../meta/object-meta-validation.js";
import { asInteger, compareQuantities, parseQuantity, ZERO_QUANTITY } from "../../meta/quantity.js";
import { semanticEqual, typeOf } from "../../meta/semantic-equal.js";
import { valueDiff } from "../../meta/value-diff.js";
import { accessModeErrors, validateClaimSpec, VOLUME_MODES } from "./claim-spec-validation.js";
import { validateNodeSelector } from "./node-selector-validation.js";
import { sourceErrors, VOLUME_SOURCES } from "./persistent-volume-source-validation.js";
import { omit } from "../../meta/omit.js";

/** Volumes and claims. pkg/apis/core/validation/validation.go, 1.34 */

const CLAIM_SPEC = typeOf("io.k8s.api.core.v1.PersistentVolumeClaimSpec");
const VOLUME_SPEC = typeOf("io.k8s.api.core.v1.PersistentVolumeSpec");

export function validatePersistentVolumeCreate(volume: PersistentVolume): FieldError[] {
  const { spec, metadata } = volume;
  return [
    ...validateObjectMeta(metadata, false, nameIsDnsSubdomain),
    ...((spec.accessModes ?? []).length === 0 ? [required("spec.accessModes")] : []),
    ...accessModeErrors(spec.accessModes ?? [], "spec.accessModes"),
    ...capacityErrors(spec),
    ...((spec.persistentVolumeReclaimPolicy ?? "") === ""
      ? []
      : notSupportedIf(
          spec.persistentVolumeReclaimPolicy ?? "",
          "spec.persistentVolumeReclaimPolicy",
          ["Delete", "Recycle", "Retain"],
        )),
    ...nodeAffinityErrors(spec),
    ...sourceErrors(spec, metadata.name, "spec"),
    ...recycleErrors(spec),
    ...classErrors(spec),
  ];
}

export function validatePersistentVolumeUpdate(
  next: PersistentVolume,
  previous: PersistentVolume,
): FieldError[] {
  const errors = validatePersistentVolumeCreate(next);
  const [after, before] = [sourceOf(next.spec), sourceOf(previous.spec)];
  const csi = before.csi;
  // A secret for expansion may be added later.
  if (csi !== undefined && csi.controllerExpandSecretRef === undefined && after.csi !== undefined) {
    after.csi = omit(after.csi, "controllerExpandSecretRef");
  }
  if (!semanticEqual(after, before, VOLUME_SPEC)) {
    const diff = valueDiff("core.PersistentVolumeSource", { ...before }, { ...after }, VOLUME_SPEC);
    const detail = `spec.persistentvolumesource is immutable after creation\n${diff}`;
    errors.push(forbidden("spec.persistentvolumesource", detail));
  }
  errors.push(...validateImmutable(next.spec.volumeMode, previous.spec.volumeMode, "volumeMode"));
  const affinity = previous.spec.nodeAffinity;
  if (affinity !== undefined && !semanticEqual(next.spec.nodeAffinity, affinity)) {
    const detail = "field is immutable, except for updating from beta label to GA";
    errors.push(invalid("nodeAffinity", next.spec.nodeAffinity, detail));
  }
  return [...errors, ...attributesClassErrors(next.spec, previous.spec)];
}

export function validateVersionedStatusUpdate(
  next: PersistentVolume | PersistentVolumeClaim,
  previous: PersistentVolume | PersistentVolumeClaim,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...requiredText(next.metadata.resourceVersion, "resourceVersion"),
  ];
}

export function validateClaimCreate(claim: PersistentVolumeClaim): FieldError[] {
  return [
    ...validateObjectMeta(claim.metadata, true, nameIsDnsSubdomain),
    ...validateClaimSpec(claim.spec, "spec"),
  ];
}

/** A claim is fixed but for its size and class once it is bound, and its volume, which is set once. */
export function validateClaimUpdate(
  next: PersistentVolumeClaim,
  previous: PersistentVolumeClaim,
): FieldError[] {
  const errors = [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateClaimCreate(next),
  ];
  const before = withVolume(previous.spec, next.spec);
  const after = restoreBound(next, previous);
  if (!semanticEqual(after, before, CLAIM_SPEC)) {
    const diff = valueDiff(
      "core.PersistentVolumeClaimSpec",
      { ...before },
      { ...after },
      CLAIM_SPEC,
    );
    const detail = `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${diff}`;
    errors.push(forbidden("spec", detail));
  }
  const storage = "spec.resources.requests.storage";
  const size = (spec: PersistentVolumeClaimSpec) =>
    parseQuantity(spec.resources?.requests?.storage ?? "0");
  if (compareQuantities(size(next.spec), size(previous.spec)) < 0) {
    // Going back is allowed after a failed expansion, but never below what there is.
    const capacity = parseQuantity(previous.status.capacity?.storage ?? "0");
    const tooSmall = compareQuantities(size(next.spec), capacity) <= 0;
    const detail = "field can not be less than status.capacity";
    if (tooSmall) errors.push(forbidden(storage, detail));
  }
  const annotation = "volume.beta.kubernetes.io/storage-class";
  return [
    ...errors,
    ...validateImmutable(
      next.metadata.annotations?.[annotation],
      previous.metadata.annotations?.[annotation],
      `metadata.annotations.${annotation}`,
    ),
    ...validateImmutable(next.spec.volumeMode, previous.spec.volumeMode, "volumeMode"),
    ...attributesClassErrors(next.spec, previous.spec),
  ];
}

function capacityErrors({ capacity = {} }: PersistentVolumeSpec): FieldError[] {
  const path = "spec.capacity";
  const names = Object.keys(capacity);
  const errors = names.length === 0 ? [required(path)] : [];
  if (!Object.hasOwn(capacity, "storage") || names.length > 1) {
    errors.push(notSupported(path, capacity, ["storage"]));
  }
  return [
    ...errors,
    ...Object.entries(capacity).flatMap(([name, amount]) => {
      const quantity = parseQuantity(amount);
      const place = `${path}[${name}]`;
      const negative = asInteger(quantity) < 0;
      return [
        ...(negative
          ? [invalid(place, asInteger(quantity), "must be a valid resource quantity")]
          : []),
        ...(compareQuantities(quantity, ZERO_QUANTITY) > 0
          ? []
          : [invalid(place, amount, "must be greater than zero")]),
      ];
    }),
  ];
}

function nodeAffinityErrors({ nodeAffinity, local }: PersistentVolumeSpec): FieldError[] {
  const path = "spec.nodeAffinity";
  if (nodeAffinity === undefined) {
    const detail = "Local volume requires node affinity";
    return local === undefined ? [] : [required(path, detail)];
  }
  return nodeAffinity.required === undefined
    ? [required(`${path}.required`, "must specify required node constraints")]
    : validateNodeSelector(nodeAffinity.required, `${path}.required`);
}

function recycleErrors({
  hostPath,
  persistentVolumeReclaimPolicy,
}: PersistentVolumeSpec): FieldError[] {
  const segments = hostPath?.path.startsWith("/") === true ? hostPath.path.split("/") : ["none"];
  const isRoot = segments.every((segment) => ["", ".", ".."].includes(segment));
  if (!isRoot || persistentVolumeReclaimPolicy !== "Recycle") return [];
  const detail = "may not be 'recycle' for a hostPath mount of '/'";
  return [forbidden("spec.persistentVolumeReclaimPolicy", detail)];
}

function classErrors(spec: PersistentVolumeSpec): FieldError[] {
  const { storageClassName = "", volumeAttributesClassName: attributes } = spec;
  const path = "spec.volumeAttributesClassName";
  const errors = [
    ...(storageClassName === "" ? [] : dnsSubdomain(storageClassName, "spec.storageClassName")),
    ...oneOfIfSet(spec.volumeMode, "spec.volumeMode", VOLUME_MODES),
  ];
  if (attributes === undefined) return errors;
  const empty = required(path, "an empty string is disallowed");
  errors.push(...(attributes === "" ? [empty] : dnsSubdomain(attributes, path)));
  const detail = "has to be specified when using volumeAttributesClassName";
  return spec.csi === undefined ? [...errors, required("spec.csi", detail)] : errors;
}

function attributesClassErrors(
  next: { readonly volumeAttributesClassName?: string },
  previous: { readonly volumeAttributesClassName?: string },
): FieldError[] {
  if (previous.volumeAttributesClassName === undefined) return [];
  const path = "spec.volumeAttributesClassName";
  const { volumeAttributesClassName } = next;
  if (volumeAttributesClassName === undefined) {
    return [forbidden(path, "update from non-nil value to nil is forbidden")];
  }
  const detail = "update from non-nil value to an empty string is forbidden";
  return volumeAttributesClassName === "" ? [forbidden(path, detail)] : [];
}

function sourceOf(spec: PersistentVolumeSpec): PersistentVolumeSpec {
  return Object.fromEntries(
    Object.entries(spec).filter(([field]) => (VOLUME_SOURCES as readonly string[]).includes(field)),
  );
}

function withVolume(
  previous: PersistentVolumeClaimSpec,
  next: PersistentVolumeClaimSpec,
): PersistentVolumeClaimSpec {
  if ((previous.volumeName ?? "") !== "" || next.volumeName === undefined) return previous;
  return { ...previous, volumeName: next.volumeName };
}

function restoreBound(
  next: PersistentVolumeClaim,
  previous: PersistentVolumeClaim,
): PersistentVolumeClaimSpec {
  // A claim without a class may be given one.
  const free = previous.spec.storageClassName === undefined;
  const spec = free ? omit(next.spec, "storageClassName") : next.spec;
  return next.status.phase === "Bound" ? withPreviousSize(spec, previous.spec) : spec;
}

function withPreviousSize(
  spec: PersistentVolumeClaimSpec,
  previous: PersistentVolumeClaimSpec,
): PersistentVolumeClaimSpec {
  const storage = previous.resources?.requests?.storage;
  const { volumeAttributesClassName: given, ...rest } = spec;
  const before = previous.volumeAttributesClassName;
  return {
    ...rest,
    ...(given === undefined || before === undefined ? {} : { volumeAttributesClassName: before }),
    ...(storage === undefined || spec.resources?.requests === undefined
      ? {}
      : { resources: { ...spec.resources, requests: { ...spec.resources.requests, storage } } }),
  };
}
