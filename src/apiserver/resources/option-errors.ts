import { field, type FieldError } from "../../core/api/index.js";
import { MAX_FIELD_MANAGER_LENGTH } from "../limits.js";

/** The checks that write options share. apimachinery/pkg/apis/meta/v1/validation/validation.go, 1.34. */

export function dryRunErrors(values: readonly string[]): FieldError[] {
  const isKnown = values.every((value) => value === "All");
  return isKnown ? [] : [field.notSupported("dryRun", values, ["All"])];
}

export function fieldValidationErrors(value: string): FieldError[] {
  const allowed = ["", "Ignore", "Strict", "Warn"];
  return allowed.includes(value) ? [] : [field.notSupported("fieldValidation", value, allowed)];
}

export function fieldManagerErrors(manager: string): FieldError[] {
  const errors: FieldError[] = [];
  if (Buffer.byteLength(manager) > MAX_FIELD_MANAGER_LENGTH)
    errors.push(field.tooLong("fieldManager", MAX_FIELD_MANAGER_LENGTH));
  let position = 0;
  for (const character of manager) {
    if (!isPrintable(character)) {
      const detail = `invalid character ${codePointName(character)} (at position ${position})`;
      errors.push(field.invalid("fieldManager", manager, detail));
    }
    position += Buffer.byteLength(character);
  }
  return errors;
}

/** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space. */
export function isPrintable(character: string): boolean {
  return character === " " || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
}

/** Go's `%#U`: the character itself is left out, since only unprintable ones are named. */
function codePointName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
