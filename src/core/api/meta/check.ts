import { invalid, notSupported, required } from "./field-error.js";
import type { FieldError } from "./field-error.js";
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "./names.js";

/** Small checks that validation of every kind is made of. */

export const NEGATIVE_ERROR = "must be greater than or equal to 0";
export const IMMUTABLE_ERROR = "field is immutable";

/** One error per message. */
export function messages(path: string, value: unknown, texts: readonly string[]): FieldError[] {
  return texts.map((text) => invalid(path, value, text));
}

/** Checks each element at its own path. */
export function each<T>(
  list: readonly T[] | undefined,
  path: string,
  check: (element: T, path: string, index: number) => FieldError[],
): FieldError[] {
  return (list ?? []).flatMap((element, index) =>
    check(element, `${path}[${String(index)}]`, index),
  );
}

export function nonNegative(value: number | undefined, path: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(path, value, NEGATIVE_ERROR)] : [];
}

/** A value out of a fixed set; an empty one is missing. @param supported in the order that the message lists them */
export function oneOf(
  value: string | undefined,
  path: string,
  supported: readonly string[],
): FieldError[] {
  if (value === undefined || value === "") return [required(path)];
  return supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

/** As `oneOf` for a field that may be left out. */
export function oneOfIfSet(
  value: string | undefined,
  path: string,
  supported: readonly string[],
): FieldError[] {
  return value === undefined || supported.includes(value)
    ? []
    : [notSupported(path, value, supported)];
}

export function requiredText(value: string | undefined, path: string): FieldError[] {
  return value === undefined || value === "" ? [required(path)] : [];
}

export function dnsLabel(value: string, path: string): FieldError[] {
  return messages(path, value, dns1123Label(value));
}

export function dnsSubdomain(value: string, path: string): FieldError[] {
  return messages(path, value, dns1123Subdomain(value));
}

export function qualified(value: string, path: string): FieldError[] {
  return messages(path, value, qualifiedName(value));
}

/** A name that must be there and be a DNS label. */
export function requiredDnsLabel(value: string | undefined, path: string): FieldError[] {
  return value === undefined || value === "" ? [required(path)] : dnsLabel(value, path);
}

/** Label keys and values. apimachinery pkg/apis/meta/v1/validation ValidateLabels, 1.34 */
export function labels(
  set: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldError[] {
  return Object.entries(set ?? {}).flatMap(([key, value]) => [
    ...qualified(key, path),
    ...messages(path, value, labelValue(value)),
  ]);
}

/** A value that must be out of a set; an empty one is not supported either. */
export function notSupportedIf(
  value: string,
  path: string,
  supported: readonly string[],
): FieldError[] {
  return supported.includes(value) ? [] : [notSupported(path, value, supported)];
}
