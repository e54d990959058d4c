/** C's number formats. */
export interface NumberShape {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
}

const WORD_BITS = 64;

export function formatIntegerAs(value: bigint, conversion: string, shape: NumberShape): string {
  const isSigned = conversion === "d" || conversion === "i";
  const number = isSigned ? BigInt.asIntN(WORD_BITS, value) : BigInt.asUintN(WORD_BITS, value);
  const magnitude = number < 0n ? -number : number;
  let digits = inBase(magnitude, conversion);
  if (shape.precision !== null) {
    digits = shape.precision === 0 && magnitude === 0n ? "" : digits.padStart(shape.precision, "0");
  }
  const sign = isSigned
    ? signOf(number < 0n, shape.flags)
    : alternatePrefix(digits, conversion, shape.flags);
  return padNumber(sign, digits, shape, shape.precision === null);
}

function inBase(magnitude: bigint, conversion: string): string {
  switch (conversion) {
    case "o":
      return magnitude.toString(8);
    case "x":
      return magnitude.toString(16);
    case "X":
      return magnitude.toString(16).toUpperCase();
    default:
      return magnitude.toString();
  }
}

function alternatePrefix(digits: string, conversion: string, flags: string): string {
  if (!flags.includes("#")) return "";
  if (conversion === "o") return digits.startsWith("0") ? "" : "0";
  return /^0*$/.test(digits) ? "" : `0${conversion}`;
}

function signOf(isNegative: boolean, flags: string): string {
  if (isNegative) return "-";
  if (flags.includes("+")) return "+";
  return flags.includes(" ") ? " " : "";
}

function padNumber(sign: string, digits: string, shape: NumberShape, mayFill: boolean): string {
  const { flags, width } = shape;
  if (flags.includes("-")) return (sign + digits).padEnd(width);
  if (flags.includes("0") && mayFill) return sign + digits.padStart(width - sign.length, "0");
  return (sign + digits).padStart(width);
}

/** `%e %f %g %a` and their capitals. */
export function formatFloat(value: number, conversion: string, shape: NumberShape): string {
  const isNegative = value < 0 || Object.is(value, -0);
  const sign = signOf(isNegative, shape.flags);
  const upper = conversion === conversion.toUpperCase();
  if (!Number.isFinite(value)) {
    const word = Number.isNaN(value) ? "nan" : "inf";
    return padNumber(sign, upper ? word.toUpperCase() : word, shape, false);
  }
  const digits = floatDigits(Math.abs(value), conversion.toLowerCase(), shape);
  return padNumber(sign, upper ? digits.toUpperCase() : digits, shape, true);
}

const MAX_PRECISION = 100;

function floatDigits(magnitude: number, conversion: string, shape: NumberShape): string {
  const precision = Math.min(shape.precision ?? 6, MAX_PRECISION);
  const keepsZeros = shape.flags.includes("#");
  switch (conversion) {
    case "f":
      return fixed(magnitude, precision) + (keepsZeros && precision === 0 ? "." : "");
    case "e":
      return exponent(magnitude, precision);
    case "a":
      return hexadecimal(magnitude);
    default:
      return general(magnitude, precision === 0 ? 1 : precision, keepsZeros);
  }
}

/** JavaScript rounds exact decimal expansions correctly up to 1e21; past it the integer is exact by itself. */
function fixed(magnitude: number, precision: number): string {
  if (magnitude < 1e21) return magnitude.toFixed(precision);
  const digits = BigInt(magnitude).toString();
  return precision === 0 ? digits : `${digits}.${"0".repeat(precision)}`;
}

function exponent(magnitude: number, precision: number): string {
  const [mantissa = "0", power = "+0"] = magnitude.toExponential(precision).split("e");
  const digits = power.slice(1).padStart(2, "0");
  return `${mantissa}e${power.charAt(0)}${digits}`;
}

function general(magnitude: number, precision: number, keepsZeros: boolean): string {
  if (magnitude === 0) return "0";
  const power = Number(magnitude.toExponential(precision - 1).split("e")[1]);
  const text =
    power < -4 || power >= precision
      ? exponent(magnitude, precision - 1)
      : fixed(magnitude, precision - 1 - power);
  return keepsZeros
    ? text
    : text.replace(/\.?0+(?=e|$)/, (zeros) => (text.includes(".") ? "" : zeros));
}

function hexadecimal(magnitude: number): string {
  if (magnitude === 0) return "0x0p+0";
  let power = Math.floor(Math.log2(magnitude));
  let fraction = magnitude / 2 ** power;
  while (fraction >= 2) {
    fraction /= 2;
    power += 1;
  }
  const digits = fraction.toString(16);
  return `0x${digits}p${power < 0 ? "-" : "+"}${String(Math.abs(power))}`;
}
