import { badRequest } from "../../core/api/index.js";

/** How k8s.io/apimachinery reads query parameters: pkg/runtime/conversion.go, 1.34. Only the first value of a name counts. */

/** Absent is false; `0` and `false` are false; all else, also nothing after the `=`, is true. */
export function booleanParameter(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  return value !== "0" && value.toLowerCase() !== "false";
}

/** @throws StatusError 400 in the words of Go's strconv. */
export function integerParameter(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  return parseInteger(value);
}

/** '' counts as absent. */
export function textParameter(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name);
  return value === null || value === "" ? undefined : value;
}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

function parseInteger(value: string): number {
  if (!/^[+-]?\d+$/.test(value))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  const whole = BigInt(value.replace(/^\+/, ""));
  if (whole < MIN_INT64 || whole > MAX_INT64)
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  return Number(whole);
}
