/**
 * Quantities: exact decimal numbers with a suffix. apimachinery pkg/api/resource/quantity.go, 1.34. The value is kept as a whole number of
 * nano units (10⁻⁹), the smallest that Kubernetes can represent; what is smaller is rounded away from zero, as there.
 */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

/** Which family of suffixes it is printed with. */
export type QuantityFormat = "DecimalExponent" | "BinarySI" | "DecimalSI";

const NANO = 1_000_000_000n;
const MAX_INT64 = 9223372036854775807n;
/** Longer than any number that fits; bounds the work of a hostile exponent. */
const MAX_DIGITS = 1000;
const MAX_EXPONENT = 1000;

const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const DECIMAL_SUFFIXES: readonly (readonly [suffix: string, exponent: number])[] = [
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
];

export const ZERO_QUANTITY: Quantity = { nanos: 0n, format: "DecimalSI" };

export const QUANTITY_FORMAT_ERROR =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NUMERIC_ERROR = "unable to parse numeric part of quantity";
const SUFFIX_ERROR = "unable to parse quantity's suffix";

export type QuantityResult =
  | { readonly ok: true; readonly quantity: Quantity }
  | { readonly ok: false; readonly message: string };

/** Parses a quantity; a refusal carries Kubernetes' own text. */
export function tryParseQuantity(text: string): QuantityResult {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (match === null || text === "") return { ok: false, message: QUANTITY_FORMAT_ERROR };
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match;
  if (whole.length + fraction.length > MAX_DIGITS) return { ok: false, message: NUMERIC_ERROR };
  const scale = interpretSuffix(suffix);
  if (scale === null) return { ok: false, message: SUFFIX_ERROR };
  const digits = BigInt(`${whole}${fraction}` || "0");
  const quantity = asParsed(toNanos(digits, fraction.length, scale), scale.format);
  return { ok: true, quantity: sign === "-" ? negated(quantity) : quantity };
}

/** A binary amount is at most what an int64 holds, and is decimal when it is less than one. */
function asParsed(nanos: bigint, format: QuantityFormat): Quantity {
  if (format !== "BinarySI") return { nanos, format };
  const most = MAX_INT64 * NANO;
  if (nanos > most) return { nanos: most, format };
  return { nanos, format: nanos > 0n && nanos < NANO ? "DecimalSI" : format };
}

function negated({ nanos, format }: Quantity): Quantity {
  return { nanos: -nanos, format };
}

/** Parses a quantity that was validated before; throws a plain Error when it was not. */
export function parseQuantity(text: string): Quantity {
  const result = tryParseQuantity(text);
  if (!result.ok) throw new Error(`cannot parse '${text}': ${result.message}`);
  return result.quantity;
}

export function quantityFromInteger(value: number, format: QuantityFormat = "DecimalSI"): Quantity {
  return { nanos: BigInt(Math.round(value)) * NANO, format };
}

/** Canonical text: no fraction, the largest suffix that loses nothing. */
export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return "0";
  const absolute = nanos < 0n ? -nanos : nanos;
  const sign = nanos < 0n ? "-" : "";
  // Small or broken binary amounts are shown as decimals: no precision is lost.
  if (format === "BinarySI" && absolute >= 1024n * NANO && absolute % NANO === 0n) {
    return sign + formatBinary(absolute / NANO);
  }
  return sign + formatDecimal(absolute, format === "DecimalExponent");
}

export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** A zero takes the other's format, as in Kubernetes. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos - b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** Value(): whole units, rounded away from zero. */
export function asInteger(quantity: Quantity): number {
  return Number(divideAwayFromZero(quantity.nanos, NANO));
}

/** MilliValue(): thousandths, rounded away from zero. */
export function asMilli(quantity: Quantity): number {
  return Number(divideAwayFromZero(quantity.nanos, 1_000_000n));
}

/** Divides for downward API files and variables: `resourceFieldRef.divisor`, rounded up. */
export function divideRoundingUp(quantity: Quantity, divisor: Quantity): string {
  if (divisor.nanos === 0n) throw new Error("divisor of a resource field must not be zero");
  return String(divideAwayFromZero(quantity.nanos, divisor.nanos));
}

interface Scale {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

function interpretSuffix(suffix: string): Scale | null {
  const decimal = DECIMAL_SUFFIXES.find(([name]) => name === suffix);
  if (decimal !== undefined) return { base: 10, exponent: decimal[1], format: "DecimalSI" };
  const binary = BINARY_SUFFIXES.findIndex((name) => name === suffix);
  if (binary > 0) return { base: 2, exponent: binary * 10, format: "BinarySI" };
  const match = /^[eE]([+-]?\d+)$/.exec(suffix);
  if (match === null) return null;
  const exponent = Number(match[1]);
  // Beyond this every number is either nothing or above all limits.
  if (Math.abs(exponent) > MAX_EXPONENT) return null;
  return { base: 10, exponent, format: "DecimalExponent" };
}

function toNanos(digits: bigint, decimals: number, scale: Scale): bigint {
  if (scale.base === 2) {
    const scaled = digits * (1n << BigInt(scale.exponent)) * NANO;
    return divideAwayFromZero(scaled, 10n ** BigInt(decimals));
  }
  const shift = scale.exponent + 9 - decimals;
  return shift >= 0
    ? digits * 10n ** BigInt(shift)
    : divideAwayFromZero(digits, 10n ** BigInt(-shift));
}

function divideAwayFromZero(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (quotient * divisor === value) return quotient;
  return value < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

function formatBinary(value: bigint): string {
  let rest = value;
  let power = 0;
  while (power < BINARY_SUFFIXES.length - 1 && rest % 1024n === 0n) {
    rest /= 1024n;
    power += 1;
  }
  return `${String(rest)}${BINARY_SUFFIXES[power] ?? ""}`;
}

function formatDecimal(nanos: bigint, exponential: boolean): string {
  let rest = nanos;
  let exponent = -9;
  // Numbers beyond 1E have no suffix: they keep the last one as an exponent of ten.
  const largest = exponential ? MAX_EXPONENT : 18;
  while (exponent + 3 <= largest && rest % 1000n === 0n) {
    rest /= 1000n;
    exponent += 3;
  }
  if (exponential) return exponent === 0 ? String(rest) : `${String(rest)}e${String(exponent)}`;
  const suffix = DECIMAL_SUFFIXES.find(([, power]) => power === exponent)?.[0] ?? "";
  return `${String(rest)}${suffix}`;
}
