import { aggregateText, errorText, invalid } from "./field-error.js";
import type { FieldError } from "./field-error.js";
import { labelValue, qualifiedName } from "./names.js";

/** selection.Operator of apimachinery, as it is written in a selector; `exists` and `!` take no value. */
export type LabelOperator = "in" | "notin" | "=" | "==" | "!=" | "gt" | "lt" | "exists" | "!";

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** What is wrong with a requirement, as one text; null when it is well formed. labels.NewRequirement, 1.34 */
export function requirementError(requirement: LabelRequirement): string | null {
  const { key, operator, values } = requirement;
  const errors: FieldError[] = [];
  const keyErrors = qualifiedName(key);
  if (keyErrors.length > 0) errors.push(invalid("key", key, keyErrors.join("; ")));
  if (operator === "gt" || operator === "lt") {
    values.forEach((value, index) => {
      if (parseInt64(value) === null) {
        const detail = "for 'Gt', 'Lt' operators, the value must be an integer";
        errors.push(invalid(`values[${String(index)}]`, value, detail));
      }
    });
  }
  values.forEach((value, index) => {
    const problems = labelValue(value);
    if (problems.length > 0) {
      errors.push(invalid(`values[${String(index)}][${key}]`, value, problems.join("; ")));
    }
  });
  return errors.length === 0 ? null : aggregateText(errors);
}

/** Why a text can't be a label key; null when it can. */
export function labelKeyError(key: string): string | null {
  const problems = qualifiedName(key);
  return problems.length === 0 ? null : errorText(invalid("<nil>", key, problems.join("; ")));
}

export function satisfies(
  requirement: LabelRequirement,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const { key, operator, values } = requirement;
  const value =
    labels !== undefined && Object.prototype.hasOwnProperty.call(labels, key)
      ? labels[key]
      : undefined;
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "in":
    case "=":
    case "==":
      return value !== undefined && values.includes(value);
    case "notin":
    case "!=":
      return value === undefined || !values.includes(value);
    case "gt":
    case "lt":
      return compares(value, values, operator);
  }
}

function compares(
  value: string | undefined,
  values: readonly string[],
  operator: "gt" | "lt",
): boolean {
  const left = value === undefined ? null : parseInt64(value);
  const right = values.length === 1 ? parseInt64(values[0] ?? "") : null;
  if (left === null || right === null) return false;
  return operator === "gt" ? left > right : left < right;
}

/** strconv.ParseInt(text, 10, 64), or null. */
export function parseInt64(text: string): bigint | null {
  if (!/^[+-]?[0-9]+$/.test(text) || text.length > 40) return null;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : null;
}

/** The requirement as it is written in a selector. */
export function requirementText({ key, operator, values }: LabelRequirement): string {
  const list = values.toSorted().join(",");
  switch (operator) {
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    case "in":
    case "notin":
      return `${key} ${operator} (${list})`;
    case "gt":
      return `${key}>${list}`;
    case "lt":
      return `${key}<${list}`;
    case "=":
    case "==":
    case "!=":
      return `${key}${operator}${list}`;
  }
}
