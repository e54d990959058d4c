/** 64-bit integers as shells compute them: a number while that is exact, a bigint past 2⁵³. */
export type Integer = number | bigint;

const WORD_BITS = 64;

export function normalize(value: bigint): Integer {
  const wrapped = BigInt.asIntN(WORD_BITS, value);
  const small = Number(wrapped);
  return Number.isSafeInteger(small) ? small : wrapped;
}

export function isZero(value: Integer): boolean {
  return value === 0 || value === 0n;
}

export function formatInteger(value: Integer): string {
  return String(value);
}

/** Reads digits of a base up to 64 (bash: digits, lower case, upper case, `@`, `_`); null when one is no digit of it. */
export function parseDigits(digits: string, base: number): Integer | null {
  let value = 0n;
  if (digits === "") return null;
  for (const character of digits) {
    const digit = digitValue(character, base);
    if (digit < 0 || digit >= base) return null;
    value = BigInt.asIntN(WORD_BITS, value * BigInt(base) + BigInt(digit));
  }
  return normalize(value);
}

function digitValue(character: string, base: number): number {
  const code = character.charCodeAt(0);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 122) return code - 97 + 10;
  if (code >= 65 && code <= 90) return base <= 36 ? code - 65 + 10 : code - 65 + 36;
  if (character === "@") return 62;
  return character === "_" ? 63 : -1;
}

/** `10`, `0x1f`, `017`, `2#101`; null when it is none of them. */
export function parseInteger(text: string): Integer | null {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  if (/^0[xX]/.test(text)) return parseDigits(text.slice(2), 16);
  if (text.length > 1 && text.startsWith("0")) return parseDigits(text.slice(1), 8);
  const based = /^(\d+)#(.+)$/.exec(text);
  if (based !== null) {
    const base = Number(based[1]);
    return base >= 2 && base <= 64 ? parseDigits(based[2] ?? "", base) : null;
  }
  return parseDigits(text, 10);
}

export function compute(operator: string, left: Integer, right: Integer): Integer {
  if (typeof left === "number" && typeof right === "number") {
    const quick = computeSmall(operator, left, right);
    if (quick !== null) return quick;
  }
  return computeWide(operator, BigInt(left), BigInt(right));
}

/** Null where numbers are not exact. */
function computeSmall(operator: string, left: number, right: number): number | null {
  switch (operator) {
    case "+":
      return safe(left + right);
    case "-":
      return safe(left - right);
    case "*":
      return safe(left * right);
    case "/":
      return Math.trunc(left / right) + 0;
    case "%":
      return (left % right) + 0;
    case "<":
      return left < right ? 1 : 0;
    case "<=":
      return left <= right ? 1 : 0;
    case ">":
      return left > right ? 1 : 0;
    case ">=":
      return left >= right ? 1 : 0;
    case "==":
      return left === right ? 1 : 0;
    case "!=":
      return left !== right ? 1 : 0;
    default:
      return null;
  }
}

function safe(value: number): number | null {
  return Number.isSafeInteger(value) ? value + 0 : null;
}

function computeWide(operator: string, left: bigint, right: bigint): Integer {
  switch (operator) {
    case "+":
      return normalize(left + right);
    case "-":
      return normalize(left - right);
    case "*":
      return normalize(left * right);
    case "/":
      return normalize(left / right);
    case "%":
      return normalize(left % right);
    case "**":
      return power(left, right);
    // The machine takes the shift count modulo the word.
    case "<<":
      return normalize(left << (right & 63n));
    case ">>":
      return normalize(left >> (right & 63n));
    case "&":
      return normalize(left & right);
    case "|":
      return normalize(left | right);
    case "^":
      return normalize(left ^ right);
    case "<":
      return left < right ? 1 : 0;
    case "<=":
      return left <= right ? 1 : 0;
    case ">":
      return left > right ? 1 : 0;
    case ">=":
      return left >= right ? 1 : 0;
    case "==":
      return left === right ? 1 : 0;
    case "!=":
      return left !== right ? 1 : 0;
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}

/** By squaring, wrapping at each step as repeated multiplication would. */
function power(base: bigint, exponent: bigint): Integer {
  let result = 1n;
  let factor = base;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = BigInt.asIntN(WORD_BITS, result * factor);
    factor = BigInt.asIntN(WORD_BITS, factor * factor);
  }
  return normalize(result);
}
