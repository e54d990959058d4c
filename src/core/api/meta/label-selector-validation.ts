import type { LabelSelector, LabelSelectorRequirement } from "../generated/meta-v1.js";
import { each, labels, messages, qualified } from "./check.js";
import { forbidden, invalid, required } from "./field-error.js";
import type { FieldError } from "./field-error.js";
import { labelValue } from "./names.js";

/** apimachinery pkg/apis/meta/v1/validation ValidateLabelSelector, 1.34 */
export function validateLabelSelector(
  selector: LabelSelector | undefined,
  path: string,
): FieldError[] {
  if (selector === undefined) return [];
  return [
    ...labels(selector.matchLabels, `${path}.matchLabels`),
    ...each(selector.matchExpressions, `${path}.matchExpressions`, requirementErrors),
  ];
}

function requirementErrors(
  { key, operator, values = [] }: LabelSelectorRequirement,
  path: string,
): FieldError[] {
  return [
    ...operatorErrors(operator, values, path),
    ...qualified(key, `${path}.key`),
    ...each(values, `${path}.values`, (value, valuePath) =>
      messages(valuePath, value, labelValue(value)),
    ),
  ];
}

function operatorErrors(operator: string, values: readonly string[], path: string): FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0
        ? []
        : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      return values.length === 0
        ? []
        : [
            forbidden(
              `${path}.values`,
              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
          ];
    default:
      return [invalid(`${path}.operator`, operator, "not a valid selector operator")];
  }
}
