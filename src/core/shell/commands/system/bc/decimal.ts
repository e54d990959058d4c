/** A decimal number of any size: `units` in 10^-scale. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export const ZERO: Decimal = { units: 0n, scale: 0 };
export const ONE: Decimal = { units: 1n, scale: 0 };

export function power10(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

export function rescale(value: Decimal, scale: number): Decimal {
  if (scale === value.scale) return value;
  const units =
    scale > value.scale
      ? value.units * power10(scale - value.scale)
      : value.units / power10(value.scale - scale);
  return { units, scale };
}

/** Digits in bases up to 16. */
export function parseDecimal(text: string, base: number): Decimal {
  if (base === 10) {
    const [whole = "", fraction = ""] = text.split(".");
    return { units: BigInt(whole + fraction || "0"), scale: fraction.length };
  }
  const [whole = "", fraction = ""] = text.split(".");
  let units = 0n;
  for (const digit of whole + fraction) units = units * BigInt(base) + BigInt(parseInt(digit, 16));
  const scale = fraction.length;
  return { units: (units * power10(scale)) / BigInt(base) ** BigInt(scale), scale };
}

export function formatDecimal(value: Decimal, base: number): string {
  const isNegative = value.units < 0n;
  const magnitude = isNegative ? -value.units : value.units;
  if (magnitude === 0n) return "0";
  const divisor = power10(value.scale);
  const whole = magnitude / divisor;
  const wholeText = whole === 0n ? "" : whole.toString(base).toUpperCase();
  const fraction =
    value.scale === 0 ? "" : `.${fractionText(magnitude % divisor, value.scale, base)}`;
  return `${isNegative ? "-" : ""}${wholeText}${fraction}`;
}

function fractionText(fraction: bigint, scale: number, base: number): string {
  if (base === 10) return fraction.toString().padStart(scale, "0");
  let text = "";
  let rest = fraction;
  const divisor = power10(scale);
  for (let count = 0; count < scale; count += 1) {
    rest *= BigInt(base);
    text += (rest / divisor).toString(base).toUpperCase();
    rest %= divisor;
  }
  return text;
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: rescale(left, scale).units + rescale(right, scale).units, scale };
}

export function negate(value: Decimal): Decimal {
  return { units: -value.units, scale: value.scale };
}

/** bc keeps min(a + b, max(scale, a, b)) digits. */
export function multiply(left: Decimal, right: Decimal, scale: number): Decimal {
  const exact = { units: left.units * right.units, scale: left.scale + right.scale };
  return rescale(exact, Math.min(exact.scale, Math.max(scale, left.scale, right.scale)));
}

/** Truncated; the divisor is not zero. */
export function divide(left: Decimal, right: Decimal, scale: number): Decimal {
  const shift = scale + right.scale - left.scale;
  const units =
    shift >= 0
      ? (left.units * power10(shift)) / right.units
      : left.units / (right.units * power10(-shift));
  return { units, scale };
}

/** What is left over when the quotient has `scale` digits. */
export function remainder(left: Decimal, right: Decimal, scale: number): Decimal {
  const quotient = divide(left, right, scale);
  const product = { units: quotient.units * right.units, scale: quotient.scale + right.scale };
  const digits = Math.max(left.scale, right.scale + scale);
  return rescale(add(left, negate(product)), digits);
}

export function compare(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const difference = rescale(left, scale).units - rescale(right, scale).units;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function raise(base: Decimal, exponent: number, scale: number): Decimal {
  const positive = Math.abs(exponent);
  const exact = { units: base.units ** BigInt(positive), scale: base.scale * positive };
  if (exponent < 0) return divide(ONE, exact, scale);
  return rescale(exact, Math.min(exact.scale, Math.max(scale, base.scale)));
}

export function squareRoot(value: Decimal, scale: number): Decimal {
  const digits = Math.max(scale, value.scale);
  const target = rescale(value, digits * 2).units;
  if (target < 2n) return { units: target, scale: digits };
  let root = 1n << BigInt(Math.ceil(target.toString(2).length / 2));
  for (;;) {
    const next = (root + target / root) >> 1n;
    if (next >= root) return { units: root, scale: digits };
    root = next;
  }
}
