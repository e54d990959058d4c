import type { PodDisruptionBudget } from "../generated/policy-v1.js";
import type { Condition } from "../generated/meta-v1.js";
import {
  each,
  messages,
  nonNegative,
  notSupportedIf,
  oneOfIfSet,
  qualified,
} from "../meta/check.js";
import { duplicate, invalid, required, tooLong } from "../meta/field-error.js";
import type { FieldError } from "../meta/field-error.js";
import { byteLength } from "../meta/go-format.js";
import { validateLabelSelector } from "../meta/label-selector-validation.js";
import { conditionReason, percent } from "../meta/names.js";

const MAX_REASON_BYTES = 1024;
const MAX_MESSAGE_BYTES = 32 * 1024;

/** pkg/apis/policy/validation/validation.go ValidatePodDisruptionBudget, 1.34 */
export function validateDisruptionBudget({ spec }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  const errors: FieldError[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    // Kubernetes shows its internal form of the spec here.
    const shown = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
    };
    errors.push(invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set"));
  }
  return [
    ...errors,
    ...Object.entries({ minAvailable, maxUnavailable }).flatMap(([field, value]) =>
      value === undefined ? [] : amountErrors(value, `spec.${field}`),
    ),
    ...oneOfIfSet(unhealthyPodEvictionPolicy, "spec.unhealthyPodEvictionPolicy", [
      "AlwaysAllow",
      "IfHealthyBudget",
    ]),
    ...validateLabelSelector(selector, "spec.selector"),
  ];
}

export function validateDisruptionBudgetStatus({ status }: PodDisruptionBudget): FieldError[] {
  const counts = [
    "disruptionsAllowed",
    "currentHealthy",
    "desiredHealthy",
    "expectedPods",
  ] as const;
  return [
    ...conditionsErrors(status.conditions, "status.conditions"),
    ...counts.flatMap((field) => nonNegative(status[field], `status.${field}`)),
  ];
}

/** A count, or a percentage of at most a hundred. */
function amountErrors(value: number | string, path: string): FieldError[] {
  if (typeof value === "number") return nonNegative(value, path);
  const problems = percent(value);
  if (problems.length > 0) return messages(path, value, problems);
  const tooMuch = Number(value.slice(0, -1)) > 100;
  return tooMuch ? [invalid(path, value, "must not be greater than 100%")] : [];
}

/** apimachinery pkg/apis/meta/v1/validation ValidateConditions, 1.34 */
function conditionsErrors(conditions: Condition[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(conditions, path, (condition, place) => {
    const { type, status, observedGeneration = 0, reason, message } = condition;
    const errors = seen.has(type) ? [duplicate(`${place}.type`, type)] : [];
    seen.add(type);
    errors.push(...qualified(type, `${place}.type`));
    errors.push(...notSupportedIf(status, `${place}.status`, ["False", "True", "Unknown"]));
    if (observedGeneration < 0) {
      const detail = "must be greater than or equal to zero";
      errors.push(invalid(`${place}.observedGeneration`, observedGeneration, detail));
    }
    if ((condition.lastTransitionTime ?? "") === "") {
      errors.push(required(`${place}.lastTransitionTime`));
    }
    errors.push(
      ...(reason === ""
        ? [required(`${place}.reason`)]
        : messages(`${place}.reason`, reason, conditionReason(reason))),
    );
    if (byteLength(reason) > MAX_REASON_BYTES) {
      errors.push(tooLong(`${place}.reason`, MAX_REASON_BYTES));
    }
    if (byteLength(message) > MAX_MESSAGE_BYTES) {
      errors.push(tooLong(`${place}.message`, MAX_MESSAGE_BYTES));
    }
    return errors;
  });
}
