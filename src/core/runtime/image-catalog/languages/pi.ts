/** π to so many digits, rounded: Machin's formula in integers. */
export const piDigits = (digits: number): string => {
  if (digits < 2) return "3";
  const guard = 10n;
  const scale = 10n ** (BigInt(digits) + guard);
  const value = 4n * (4n * inverseTangent(5n, scale) - inverseTangent(239n, scale));
  const cut = 10n ** (guard + 1n);
  const rounded = (value + cut / 2n) / cut;
  const text = rounded.toString();
  return `${text.slice(0, 1)}.${text.slice(1)}`;
};

/** arctan(1/x) × scale. */
const inverseTangent = (x: bigint, scale: bigint): bigint => {
  const square = x * x;
  let term = scale / x;
  let sum = term;
  for (let n = 3n, sign = -1n; term !== 0n; n += 2n, sign = -sign) {
    term /= square;
    sum += (sign * term) / n;
  }
  return sum;
};
