import type { Lease } from "../generated/coordination-v1.js";
import { NEGATIVE_ERROR, notSupportedIf, qualified } from "../meta/check.js";
import { forbidden, invalid } from "../meta/field-error.js";
import type { FieldError } from "../meta/field-error.js";
import { nameIsDnsSubdomain } from "../meta/names.js";
import { validateGenericMeta, validateGenericMetaUpdate } from "../meta/object-meta-validation.js";

/** pkg/apis/coordination/validation/validation.go ValidateLease, 1.34 */
export function validateLeaseCreate(lease: Lease): FieldError[] {
  return [...validateGenericMeta(lease.metadata, true, nameIsDnsSubdomain), ...specErrors(lease)];
}

export function validateLeaseUpdate(next: Lease, previous: Lease): FieldError[] {
  return [...validateGenericMetaUpdate(next.metadata, previous.metadata), ...specErrors(next)];
}

function specErrors({ spec }: Lease): FieldError[] {
  const { leaseDurationSeconds, leaseTransitions, strategy = "", preferredHolder = "" } = spec;
  const errors: FieldError[] = [];
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    const detail = "must be greater than 0";
    errors.push(invalid("spec.leaseDurationSeconds", leaseDurationSeconds, detail));
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    errors.push(invalid("spec.leaseTransitions", leaseTransitions, NEGATIVE_ERROR));
  }
  if (spec.strategy !== undefined) {
    const path = "spec.strategy.strategy";
    errors.push(
      ...(strategy.includes("/")
        ? qualified(strategy, path)
        : notSupportedIf(strategy, path, ["OldestEmulationVersion"])),
    );
  }
  if (preferredHolder !== "" && strategy === "") {
    const detail = "may only be specified if `strategy` is defined";
    errors.push(forbidden("spec.preferredHolder", detail));
  }
  return errors;
}
