import type {
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
} from "../../generated/core-v1.js";
import { dnsSubdomain, each, messages, qualified } from "../../meta/check.js";
import { forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { labelValue } from "../../meta/names.js";

/** pkg/apis/core/validation/validation.go ValidateNodeSelector, 1.34 */
export function validateNodeSelector(selector: NodeSelector, path: string): FieldError[] {
  const terms = `${path}.nodeSelectorTerms`;
  if (selector.nodeSelectorTerms.length === 0) {
    return [required(terms, "must have at least one node selector term")];
  }
  return each(selector.nodeSelectorTerms, terms, (term, termPath) =>
    validateNodeSelectorTerm(term, true, termPath),
  );
}

/** @param checkValues preferences may name values that no label can have */
export function validateNodeSelectorTerm(
  term: NodeSelectorTerm,
  checkValues: boolean,
  path: string,
): FieldError[] {
  return [
    ...each(term.matchExpressions, `${path}.matchExpressions`, (requirement, place) => [
      ...expressionErrors(requirement, place),
      ...(checkValues ? valueErrors(requirement, `${place}.values`) : []),
    ]),
    ...each(term.matchFields, `${path}.matchFields`, fieldErrors),
  ];
}

function expressionErrors(
  { key, operator, values = [] }: NodeSelectorRequirement,
  path: string,
): FieldError[] {
  return [...operatorErrors(operator, values.length, path), ...qualified(key, `${path}.key`)];
}

function operatorErrors(operator: string, values: number, path: string): FieldError[] {
  const field = `${path}.values`;
  switch (operator) {
    case "In":
    case "NotIn":
      return values > 0
        ? []
        : [required(field, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      return values === 0
        ? []
        : [forbidden(field, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case "Gt":
    case "Lt":
      return values === 1
        ? []
        : [required(field, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(`${path}.operator`, operator, "not a valid selector operator")];
  }
}

function valueErrors({ values }: NodeSelectorRequirement, path: string): FieldError[] {
  return each(values, path, (value, place) => messages(place, value, labelValue(value)));
}

function fieldErrors(
  { key, operator, values = [] }: NodeSelectorRequirement,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (operator !== "In" && operator !== "NotIn") {
    errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  } else if (values.length !== 1) {
    const detail =
      "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(`${path}.values`, detail));
  }
  if (key !== "metadata.name") {
    return [...errors, invalid(`${path}.key`, key, "not a valid field selector key")];
  }
  return [...errors, ...each(values, `${path}.values`, dnsSubdomain)];
}
