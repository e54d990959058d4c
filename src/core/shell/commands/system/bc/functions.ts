import {
  add,
  compare,
  divide,
  multiply,
  negate,
  ONE,
  rescale,
  ZERO,
  type Decimal,
} from "./decimal.js";

/** The functions of `bc -l`, by their series, with a few digits to spare. */
const GUARD_DIGITS = 10;
const MAX_TERMS = 2000;

function half(value: Decimal, scale: number): Decimal {
  return divide(value, { units: 2n, scale: 0 }, scale);
}

/** Sum of `first` and what `next` makes of each term, until it vanishes. */
function series(
  first: Decimal,
  scale: number,
  next: (term: Decimal, index: number) => Decimal,
): Decimal {
  let term = rescale(first, scale);
  let sum = term;
  for (let index = 1; index < MAX_TERMS; index += 1) {
    term = next(term, index);
    if (term.units === 0n) break;
    sum = add(sum, term);
  }
  return sum;
}

function integer(value: number): Decimal {
  return { units: BigInt(value), scale: 0 };
}

export function exponential(value: Decimal, scale: number): Decimal {
  const digits =
    scale + GUARD_DIGITS + Math.ceil(Math.abs(Number(value.units)) / 10 ** value.scale / 2);
  let reduced = rescale(value, digits);
  let halvings = 0;
  while (compare(reduced, ONE) > 0 || compare(reduced, negate(ONE)) < 0) {
    reduced = half(reduced, digits);
    halvings += 1;
  }
  let result = series(ONE, digits, (term, index) =>
    divide(multiply(term, reduced, digits), integer(index), digits),
  );
  for (; halvings > 0; halvings -= 1) result = rescale(multiply(result, result, digits), digits);
  return rescale(result, scale);
}

/** By Newton's method on the exponential. */
export function logarithm(value: Decimal, scale: number): Decimal {
  const digits = scale + GUARD_DIGITS;
  const number = Number(value.units) / 10 ** value.scale;
  let guess: Decimal = { units: BigInt(Math.round(Math.log(number) * 1e12)), scale: 12 };
  for (let round = 0; round < 8; round += 1) {
    const power = exponential(guess, digits);
    const ratio = divide(add(value, negate(power)), add(value, power), digits);
    const step = multiply(integer(2), ratio, digits);
    guess = rescale(add(guess, step), digits);
    if (step.units === 0n) break;
  }
  return rescale(guess, scale);
}

export function sine(value: Decimal, scale: number): Decimal {
  const digits = scale + GUARD_DIGITS;
  const angle = reduceAngle(value, digits);
  const square = negate(multiply(angle, angle, digits));
  const sum = series(angle, digits, (term, index) =>
    divide(multiply(term, square, digits), integer(2 * index * (2 * index + 1)), digits),
  );
  return rescale(sum, scale);
}

export function cosine(value: Decimal, scale: number): Decimal {
  const digits = scale + GUARD_DIGITS;
  return rescale(sine(add(value, half(pi(digits), digits)), digits), scale);
}

function pi(digits: number): Decimal {
  return multiply(integer(4), arcTangent(ONE, digits), digits);
}

function reduceAngle(value: Decimal, digits: number): Decimal {
  const full = multiply(integer(2), pi(digits), digits);
  const turns = divide(value, full, 0);
  return rescale(add(value, negate(multiply(turns, full, digits))), digits);
}

/** arctan x = 2 arctan(x / (1 + √(1 + x²))) brings the argument down first. */
export function arcTangent(value: Decimal, scale: number): Decimal {
  const digits = scale + GUARD_DIGITS;
  const unit = { units: 1n, scale: 1 };
  let reduced = rescale(value, digits);
  let doublings = 0;
  while (compare(reduced, unit) > 0 || compare(reduced, negate(unit)) < 0) {
    const root = rootOf(add(ONE, multiply(reduced, reduced, digits)), digits);
    reduced = divide(reduced, add(ONE, root), digits);
    doublings += 1;
  }
  const square = negate(multiply(reduced, reduced, digits));
  let power = reduced;
  let sum = reduced;
  for (let index = 1; index < MAX_TERMS; index += 1) {
    power = rescale(multiply(power, square, digits), digits);
    const term = divide(power, integer(2 * index + 1), digits);
    if (term.units === 0n) break;
    sum = add(sum, term);
  }
  for (; doublings > 0; doublings -= 1) sum = multiply(sum, integer(2), digits);
  return rescale(sum, scale);
}

function rootOf(value: Decimal, digits: number): Decimal {
  let guess = value;
  for (let round = 0; round < 64; round += 1) {
    const next = half(add(guess, divide(value, guess, digits)), digits);
    if (compare(next, guess) === 0) return next;
    guess = next;
  }
  return compare(guess, ZERO) === 0 ? ONE : guess;
}
