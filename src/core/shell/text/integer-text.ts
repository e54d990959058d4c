/** Compares decimal integers of any length as written; null when one is none. */
export function compareIntegerTexts(left: string, right: string): number | null {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  if (a === null || b === null) return null;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A decimal integer with blanks and a sign around it. */
export function parseDecimal(text: string): bigint | null {
  const match = /^\s*([-+]?)(\d+)\s*$/.exec(text);
  if (match === null) return null;
  const value = BigInt(match[2] ?? "0");
  return match[1] === "-" ? -value : value;
}
