import { marshal } from "../meta/go-format.js";
import { formatQuantity, tryParseQuantity } from "../meta/quantity.js";
import { canonicalMicroTime, formatTime, parseTime } from "../meta/time.js";
import type { ScalarType } from "../schema-types.js";
import { base64Problem } from "./base64.js";
import { goKind } from "./decode-problem.js";
import { timeProblem } from "./go-time.js";

export type ScalarResult =
  | { readonly ok: true; readonly value: unknown }
  /** A value of a wrong type (`kind` says what it is), or one with a message of its own; decoding goes on. */
  | { readonly ok: false; readonly abort: false; readonly kind: string; readonly message?: string }
  /** A refusal by the type's own UnmarshalJSON: decoding ends. */
  | { readonly ok: false; readonly abort: true; readonly message: string };

const INT32_MAXIMUM = 2147483647;

/** Whether a value is in its canonical form already, as most are. */
export function isCanonicalScalar(value: unknown, type: ScalarType): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "double":
      return typeof value === "number";
    case "int32":
    case "int64":
      return isInteger(value, type);
    case "raw":
      return true;
    case "bytes":
    case "quantity":
    case "int-or-string":
    case "time":
    case "micro-time":
      return false;
  }
}

/** Decodes a value that is not null to its canonical form. */
export function decodeScalar(value: unknown, type: ScalarType): ScalarResult {
  switch (type) {
    case "raw":
      return accept(value);
    case "string":
      return typeof value === "string" ? accept(value) : wrong(goKind(value));
    case "boolean":
      return typeof value === "boolean" ? accept(value) : wrong(goKind(value));
    case "double":
      return typeof value === "number" ? accept(value) : wrong(goKind(value));
    case "int32":
    case "int64":
      return decodeInteger(value, type);
    case "bytes":
      return decodeBytes(value);
    case "quantity":
      return decodeQuantity(value);
    case "int-or-string":
      return decodeIntOrString(value);
    case "time":
    case "micro-time":
      return decodeTime(value, type === "micro-time");
  }
}

function decodeInteger(value: unknown, type: "int32" | "int64"): ScalarResult {
  if (typeof value !== "number") return wrong(goKind(value));
  return isInteger(value, type) ? accept(value) : wrong(`number ${String(value)}`);
}

function isInteger(value: unknown, type: "int32" | "int64"): boolean {
  if (typeof value !== "number" || !Number.isInteger(value)) return false;
  return type === "int64" || (value <= INT32_MAXIMUM && value >= -INT32_MAXIMUM - 1);
}

/** Line breaks in base64 are allowed and go away. */
function decodeBytes(value: unknown): ScalarResult {
  if (typeof value !== "string") return wrong(goKind(value));
  const message = base64Problem(value);
  if (message !== null) return { ok: false, abort: false, kind: "string", message };
  return accept(value.replace(/[\r\n]/g, ""));
}

function decodeQuantity(value: unknown): ScalarResult {
  const text = typeof value === "string" ? value : marshal(value);
  const result = tryParseQuantity(text.trim());
  return result.ok ? accept(formatQuantity(result.quantity)) : abort(result.message);
}

function decodeIntOrString(value: unknown): ScalarResult {
  if (typeof value === "string") return accept(value);
  const result = decodeInteger(value, "int32");
  if (result.ok || result.abort) return result;
  return abort(`json: cannot unmarshal ${result.kind} into Go value of type int32`);
}

const CANONICAL_MICRO_TIME = /\.\d{6}Z$/;
const MICRO_SECONDS = /[.,]\d{6}(?:Z|[+-]\d{2}:\d{2})$/;

function decodeTime(value: unknown, micro: boolean): ScalarResult {
  if (typeof value !== "string") {
    return abort(`json: cannot unmarshal ${goKind(value)} into Go value of type string`);
  }
  const timeMs = parseTime(value);
  if (timeMs === null || (micro && !MICRO_SECONDS.test(value))) {
    return abort(timeProblem(value, micro));
  }
  if (!micro) return accept(formatTime(timeMs));
  return accept(CANONICAL_MICRO_TIME.test(value) ? value : canonicalMicroTime(value));
}

function accept(value: unknown): ScalarResult {
  return { ok: true, value };
}

function wrong(kind: string): ScalarResult {
  return { ok: false, abort: false, kind };
}

function abort(message: string): ScalarResult {
  return { ok: false, abort: true, message };
}
