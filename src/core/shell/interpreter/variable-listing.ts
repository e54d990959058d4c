import { backslashQuote, quoteForBash } from "./quoting.js";
import {
  ASSOCIATIVE,
  EXPORTED,
  INDEXED,
  INTEGER,
  LOWER_CASE,
  NAME_REFERENCE,
  orderedKeys,
  READ_ONLY,
  UPPER_CASE,
  type Variable,
} from "./variable.js";

const LETTERS: readonly (readonly [number, string])[] = [
  [INDEXED, "a"],
  [ASSOCIATIVE, "A"],
  [INTEGER, "i"],
  [NAME_REFERENCE, "n"],
  [READ_ONLY, "r"],
  [EXPORTED, "x"],
  [LOWER_CASE, "l"],
  [UPPER_CASE, "u"],
];

/** The letters of `declare -p`. */
export function declarationFlags(variable: Variable): string {
  return LETTERS.filter(([flag]) => (variable.flags & flag) !== 0)
    .map(([, letter]) => letter)
    .join("");
}

/** One line of `declare -p`. */
export function declaration(name: string, variable: Variable): string {
  const letters = declarationFlags(variable);
  const head = `declare -${letters === "" ? "-" : letters} ${name}`;
  if (variable.elements !== null) return `${head}=(${elementList(variable)})`;
  return variable.value === null ? head : `${head}="${doubleQuotable(variable.value)}"`;
}

function doubleQuotable(value: string): string {
  if (/[\0-\x1f\x7f]/.test(value)) return quoteForBash(value);
  return value.replace(/[$`"\\]/g, "\\$&");
}

export function elementList(variable: Variable): string {
  const { elements } = variable;
  if (elements === null) return "";
  const isAssociative = (variable.flags & ASSOCIATIVE) !== 0;
  const parts = orderedKeys(variable).map((key) => {
    const shown = isAssociative ? backslashQuote(key) : key;
    return `[${shown}]="${doubleQuotable(elements.get(key) ?? "")}"`;
  });
  return parts.join(" ") + (isAssociative && parts.length > 0 ? " " : "");
}
