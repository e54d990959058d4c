import { formatFloat } from "../../../text/number-format.js";

/** Text from outside (a field, a variable of the environment) that looks like a number: it compares as one. */
export class NumericText {
  constructor(
    readonly text: string,
    readonly number: number,
  ) {}
}

/** Undefined: a variable that was never set is "" and 0. */
export type Value = number | string | NumericText | undefined;

const LOOKS_NUMERIC = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;
const NUMBER_PREFIX = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;

/** Text from outside. */
export function inputValue(text: string): Value {
  // Most fields are plain words: a look at the first character spares the expression.
  const code = text.charCodeAt(0);
  const mayBeNumber = (code >= 43 && code <= 57) || code === 32 || code === 9 || code === 10;
  return mayBeNumber && LOOKS_NUMERIC.test(text) ? new NumericText(text, Number(text)) : text;
}

export function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (value === undefined) return 0;
  if (typeof value !== "string") return value.number;
  if (value === "") return 0;
  const prefix = NUMBER_PREFIX.exec(value)?.[0];
  return prefix === undefined ? 0 : Number(prefix);
}

export function toText(value: Value, format: string): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "";
  if (typeof value !== "number") return value.text;
  return numberText(value, format);
}

/** Whole numbers are printed as such, others by CONVFMT or OFMT. */
export function numberText(value: number, format: string): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value + 0);
  if (Number.isNaN(value)) return Object.is(value, -NaN) ? "-nan" : "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  const match = /^%(?:\.(\d+))?([efgEFG])$/.exec(format);
  const precision = match?.[1] === undefined ? 6 : Number(match[1]);
  return formatFloat(value, match?.[2] ?? "g", { flags: "", width: 0, precision });
}

export function toBoolean(value: Value): boolean {
  if (typeof value === "string") return value !== "";
  if (value === undefined) return false;
  return (typeof value === "number" ? value : value.number) !== 0;
}

/** Numbers compare as numbers, and so does what looks like one from outside; all else as text. */
export function compareValues(left: Value, right: Value, format: string): number {
  if (typeof left !== "string" && typeof right !== "string") {
    const a = toNumber(left);
    const b = toNumber(right);
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const a = toText(left, format);
  const b = toText(right, format);
  return a < b ? -1 : a > b ? 1 : 0;
}
