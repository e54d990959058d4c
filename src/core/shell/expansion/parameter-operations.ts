import type { ParameterOperation } from "../grammar/index.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import { quoteForBash } from "../interpreter/quoting.js";
import type { Shell } from "../interpreter/shell.js";
import { declarationFlags } from "../interpreter/variable-listing.js";
import { wildcard, type Wildcard } from "../pattern/wildcard.js";
import { wordToPattern, wordToString, type Resolved } from "./append.js";
import { evaluateText } from "./arithmetic-expansion.js";

type Operation<K extends ParameterOperation["kind"]> = Extract<ParameterOperation, { kind: K }>;

/** `${x#pattern}` and its kin. */
export function removePattern(
  shell: Shell,
  value: string,
  operation: Operation<"remove">,
  resolved: Resolved,
): string {
  const pattern = wildcard(
    wordToPattern(shell, operation.operand, resolved),
    shell.shopt("extglob"),
  );
  if (operation.end === "prefix") {
    const length = pattern.prefixLength(value, operation.longest);
    return length < 0 ? value : value.slice(length);
  }
  const length = pattern.suffixLength(value, operation.longest);
  return length < 0 ? value : value.slice(0, value.length - length);
}

/** `${x/pattern/replacement}` and its kin. */
export function replacePattern(
  shell: Shell,
  value: string,
  operation: Operation<"replace">,
  resolved: Resolved,
): string {
  const text = wordToPattern(shell, operation.pattern, resolved);
  if (text === "") return value;
  const pattern = wildcard(text, shell.shopt("extglob"));
  const replacement = wordToString(shell, operation.replacement, resolved);
  switch (operation.scope) {
    case "prefix": {
      const length = pattern.prefixLength(value, true);
      return length < 0 ? value : replacement + value.slice(length);
    }
    case "suffix": {
      const length = pattern.suffixLength(value, true);
      return length < 0 ? value : value.slice(0, value.length - length) + replacement;
    }
    case "first":
    case "all":
      return replaceMatches(value, pattern, replacement, operation.scope === "all");
  }
}

function replaceMatches(
  value: string,
  pattern: Wildcard,
  replacement: string,
  all: boolean,
): string {
  if (pattern.literal !== null) {
    if (all) return value.split(pattern.literal).join(replacement);
    const at = value.indexOf(pattern.literal);
    return at < 0
      ? value
      : value.slice(0, at) + replacement + value.slice(at + pattern.literal.length);
  }
  let result = "";
  let at = 0;
  while (at < value.length) {
    const length = pattern.lengthAt(value, at);
    if (length <= 0) {
      result += value.charAt(at);
      at += 1;
      continue;
    }
    result += replacement;
    at += length;
    if (!all) break;
  }
  return result + value.slice(at);
}

interface Bounds {
  readonly start: number;
  readonly end: number;
}

function sliceBounds(
  shell: Shell,
  operation: Operation<"slice">,
  length: number,
  resolved: Resolved,
  allowNegativeLength: boolean,
): Bounds | null {
  const offset = Number(evaluateText(shell, wordToString(shell, operation.offset, resolved)));
  const start = offset < 0 ? length + offset : offset;
  if (start < 0 || start > length) return null;
  if (operation.length === null) return { start, end: length };
  const count = Number(evaluateText(shell, wordToString(shell, operation.length, resolved)));
  if (count >= 0) return { start, end: Math.min(length, start + count) };
  if (!allowNegativeLength || length + count < start) {
    const text = `${operation.length.source}: substring expression < 0`;
    if (shell.isBash) throw new ShellError(errorMessage(shell, text), 1, false);
    return null;
  }
  return { start, end: length + count };
}

/** `${x:offset:length}` */
export function sliceText(
  shell: Shell,
  value: string,
  operation: Operation<"slice">,
  resolved: Resolved,
): string {
  const bounds = sliceBounds(shell, operation, value.length, resolved, true);
  return bounds === null ? "" : value.slice(bounds.start, bounds.end);
}

/** `${@:2}` counts from `$1` (0 is `$0`), `${x[@]:2}` from the first element. */
export function sliceList(
  shell: Shell,
  name: string,
  list: readonly string[],
  operation: Operation<"slice">,
  resolved: Resolved,
): readonly string[] {
  const elements = name === "@" || name === "*" ? [shell.name, ...list] : list;
  const bounds = sliceBounds(shell, operation, elements.length, resolved, false);
  return bounds === null ? [] : elements.slice(bounds.start, bounds.end);
}

/** `${x^}`, `${x,,}` */
export function changeCase(
  shell: Shell,
  value: string,
  operation: Operation<"case">,
  resolved: Resolved,
): string {
  const pattern =
    operation.pattern === null ? null : wildcard(wordToPattern(shell, operation.pattern, resolved));
  const change = (character: string): string => {
    if (pattern !== null && !pattern.matches(character)) return character;
    return operation.upper ? asciiUpper(character) : asciiLower(character);
  };
  if (!operation.all) return change(value.charAt(0)) + value.slice(1);
  return Array.from(value, change).join("");
}

function asciiUpper(character: string): string {
  return character >= "a" && character <= "z" ? character.toUpperCase() : character;
}

function asciiLower(character: string): string {
  return character >= "A" && character <= "Z" ? character.toLowerCase() : character;
}

/** `${x@Q}` and its kin. */
export function transform(shell: Shell, name: string, value: string, operator: string): string {
  switch (operator) {
    case "Q":
      return quoteForBash(value);
    case "U":
      return Array.from(value, asciiUpper).join("");
    case "u":
      return asciiUpper(value.charAt(0)) + value.slice(1);
    case "L":
      return Array.from(value, asciiLower).join("");
    case "a": {
      const variable = shell.variables.find(name);
      return variable === undefined ? "" : declarationFlags(variable);
    }
    case "A":
      return `${name}=${quoteForBash(value)}`;
    default:
      return value;
  }
}
