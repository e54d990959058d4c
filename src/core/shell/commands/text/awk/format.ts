import { formatFloat, formatIntegerAs } from "../../../text/number-format.js";
import { MAX_EXPANSION_CHARACTERS } from "../../../limits.js";
import { AwkProblem } from "./syntax.js";
import { toNumber, toText, type Value } from "./value.js";

const SPECIFICATION = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlLqjzt]*(.)?/gs;

/** awk's `printf` and `sprintf`. */
export function formatAwk(
  format: string,
  operands: readonly Value[],
  convertFormat: string,
): string {
  let next = 0;
  const take = (): Value => {
    const value = operands[next];
    next += 1;
    return value;
  };
  return format.replace(
    SPECIFICATION,
    (whole, flags: string, widthText?: string, precisionText?: string, letter?: string) => {
      if (letter === "%") return "%";
      if (letter === undefined) return whole;
      const width = widthText === "*" ? Math.trunc(toNumber(take())) : Number(widthText ?? 0);
      const hasPrecision = whole.includes(".");
      const precision =
        precisionText === "*" ? Math.trunc(toNumber(take())) : Number(precisionText ?? 0);
      const shape = {
        flags: width < 0 ? `${flags}-` : flags,
        width: Math.min(Math.abs(width), MAX_EXPANSION_CHARACTERS),
        precision: hasPrecision ? precision : null,
      };
      return formatOne(letter, shape, take, convertFormat);
    },
  );
}

interface Shape {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
}

function formatOne(letter: string, shape: Shape, take: () => Value, convertFormat: string): string {
  switch (letter) {
    case "d":
    case "i":
    case "o":
    case "x":
    case "X":
    case "u": {
      const number = Math.trunc(toNumber(take()));
      if (!Number.isFinite(number)) return formatFloat(number, "f", shape);
      return formatIntegerAs(BigInt(number), letter === "i" ? "d" : letter, shape);
    }
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
    case "a":
    case "A":
      return formatFloat(toNumber(take()), letter, shape);
    case "c": {
      const value = take();
      const text =
        typeof value === "number"
          ? String.fromCharCode(value & 255)
          : toText(value, convertFormat).charAt(0);
      return pad(text, shape);
    }
    case "s": {
      const text = toText(take(), convertFormat);
      return pad(shape.precision === null ? text : text.slice(0, shape.precision), shape);
    }
    default:
      throw new AwkProblem(`%*x formats are not supported`, 0);
  }
}

function pad(text: string, shape: Shape): string {
  return shape.flags.includes("-") ? text.padEnd(shape.width) : text.padStart(shape.width);
}
