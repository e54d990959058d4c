import { marshal, quote } from "./go-format.js";

/**
 * Errors of one field, collected by validation. k8s.io/apimachinery pkg/util/validation/field/errors.go, 1.34. Used as
 * `field.required("spec.containers", "")`.
 */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.containers[0].name`; '' when the whole object is meant, `<nil>` when there is no object. */
  readonly field: string;
  /** Absent: the message shows no value. */
  readonly badValue?: unknown;
  readonly detail: string;
}

/** The machine-readable reason: `reason` of a cause in a Status. */
export type FieldErrorType =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "InternalError"
  | "FieldValueTypeInvalid";

const TEXTS: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  InternalError: "Internal error",
  FieldValueTypeInvalid: "Invalid value",
};

export function required(field: string, detail = ""): FieldError {
  return { type: "FieldValueRequired", field, detail };
}

/** A value of `undefined` is Go's nil and shows as `null`. */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { type: "FieldValueInvalid", field, badValue: value ?? null, detail };
}

export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return { type: "FieldValueTypeInvalid", field, badValue: value ?? null, detail };
}

export function duplicate(field: string, value: unknown, detail = ""): FieldError {
  return { type: "FieldValueDuplicate", field, badValue: value ?? null, detail };
}

export function notFound(field: string, value: unknown, detail = ""): FieldError {
  return { type: "FieldValueNotFound", field, badValue: value ?? null, detail };
}

/** Pass the supported values in the order Kubernetes lists them (sorted, where it sorts a set). */
export function notSupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const detail =
    supported.length === 0 ? "" : `supported values: ${supported.map(quote).join(", ")}`;
  return { type: "FieldValueNotSupported", field, badValue: value ?? null, detail };
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: "FieldValueForbidden", field, detail };
}

/** @param maxBytes negative: not named in the message */
export function tooLong(field: string, maxBytes: number): FieldError {
  const detail =
    maxBytes < 0
      ? "value is too long"
      : `may not be more than ${String(maxBytes)} ${maxBytes === 1 ? "byte" : "bytes"}`;
  return { type: "FieldValueTooLong", field, detail };
}

/** @param actual negative: not shown; @param maximum negative: not named in the message */
export function tooMany(field: string, actual: number, maximum: number): FieldError {
  const detail =
    maximum < 0
      ? "has too many items"
      : `must have at most ${String(maximum)} ${maximum === 1 ? "item" : "items"}`;
  if (actual < 0) return { type: "FieldValueTooMany", field, detail };
  return { type: "FieldValueTooMany", field, badValue: actual, detail };
}

export function internal(field: string, detail: string): FieldError {
  return { type: "InternalError", field, detail };
}

/** The message without the field's name: `message` of a cause. */
export function errorBody(error: FieldError): string {
  let body = TEXTS[error.type];
  if (error.badValue !== undefined) body += `: ${printValue(error.badValue)}`;
  if (error.detail !== "") body += `: ${error.detail}`;
  return body;
}

export function errorText(error: FieldError): string {
  return `${error.field}: ${errorBody(error)}`;
}

/** Several errors as one text, each only once: `a`, or `[a, b]`. pkg/util/errors, 1.34 */
export function aggregateText(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(errorText))];
  return texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
}

function printValue(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return marshal(value);
}
