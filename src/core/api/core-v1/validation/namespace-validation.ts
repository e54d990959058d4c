import type { Namespace, ServiceAccount } from "../../generated/core-v1.js";
import { each } from "../../meta/check.js";
import { invalid } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { nameIsDnsLabel, nameIsDnsSubdomain } from "../../meta/names.js";
import {
  validateFinalizerName,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../../meta/object-meta-validation.js";

/** pkg/apis/core/validation/validation.go ValidateNamespace, 1.34 */
export function validateNamespaceCreate(namespace: Namespace): FieldError[] {
  return [
    ...validateObjectMeta(namespace.metadata, false, nameIsDnsLabel),
    ...(namespace.spec.finalizers ?? []).flatMap((name) =>
      validateFinalizerName(name, "spec.finalizers"),
    ),
  ];
}

export function validateNamespaceUpdate(next: Namespace, previous: Namespace): FieldError[] {
  return validateObjectMetaUpdate(next.metadata, previous.metadata);
}

/** A namespace is Active until it is deleted, and Terminating from then on. */
export function validateNamespaceStatusUpdate(next: Namespace, previous: Namespace): FieldError[] {
  const errors = validateObjectMetaUpdate(next.metadata, previous.metadata);
  const { phase = "" } = next.status;
  const deleted = next.metadata.deletionTimestamp !== undefined;
  if (!deleted && phase !== "Active") {
    const detail = "may only be 'Active' if `deletionTimestamp` is empty";
    errors.push(invalid("status.Phase", phase, detail));
  } else if (deleted && phase !== "Terminating") {
    const detail = "may only be 'Terminating' if `deletionTimestamp` is not empty";
    errors.push(invalid("status.Phase", phase, detail));
  }
  return errors;
}

export function validateNamespaceFinalize(next: Namespace, previous: Namespace): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...each(next.spec.finalizers, "spec.finalizers", validateFinalizerName),
  ];
}

export function validateServiceAccountCreate(account: ServiceAccount): FieldError[] {
  return validateObjectMeta(account.metadata, true, nameIsDnsSubdomain);
}

export function validateServiceAccountUpdate(
  next: ServiceAccount,
  previous: ServiceAccount,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateServiceAccountCreate(next),
  ];
}
