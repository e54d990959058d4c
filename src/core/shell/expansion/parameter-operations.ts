import type { ParameterOperation } from "../grammar/index.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import { quoteForBash } from "../interpreter/quoting.js";
import type { Shell } from "../interpreter/shell.js";
import { declarationFlags } from "../interpreter/variable-listing.js";
import { noteWork } from "../work.js";
import { noteScan } from "../pattern/wildcard-scan.js";
import { wildcard, type Wildcard } from "../pattern/wildcard.js";
import { TextBuilder } from "../text/text-builder.js";
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
  const replacing = replacingPattern(shell, value, operation, resolved);
  let step = replacing.next();
  for (; step.done !== true; step = replacing.next()) noteWork(step.value);
  return step.value;
}

/** The same in parts, each of which gives the steps that it has taken. */
export function* replacingPattern(
  shell: Shell,
  value: string,
  operation: Operation<"replace">,
  resolved: Resolved,
): Generator<number, string> {
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
      return yield* replaceMatches(value, pattern, replacement, operation.scope === "all");
  }
}

/** Characters put together before what they took is told: with a match for each, about as much as a slice is. */
const CHARACTERS_PER_PART = 65_536;
const MATCHES_PER_PART = 8192;
const STEPS_PER_PART = 40;

function* replaceMatches(
  value: string,
  pattern: Wildcard,
  replacement: string,
  all: boolean,
): Generator<number, string> {
  noteScan(value.length);
  const find = matchFinder(value, pattern);
  const first = find(0);
  if (first === null) return value;
  if (!all) return value.slice(0, first.at) + replacement + value.slice(first.at + first.length);
  const parts: string[] = [];
  let result = new TextBuilder(Math.min(value.length, CHARACTERS_PER_PART));
  let copied = 0;
  let partStart = 0;
  let matches = 0;
  for (let match: Found | null = first; match !== null; match = find(copied)) {
    result.addSlice(value, copied, match.at);
    result.addSlice(replacement, 0, replacement.length);
    copied = match.at + match.length;
    matches += 1;
    if (matches < MATCHES_PER_PART && copied - partStart < CHARACTERS_PER_PART) continue;
    parts.push(result.toString());
    result = new TextBuilder(CHARACTERS_PER_PART);
    partStart = copied;
    yield (STEPS_PER_PART * matches) / MATCHES_PER_PART;
    matches = 0;
  }
  parts.push(result.toString(), value.slice(copied));
  return parts.join("");
}

interface Found {
  readonly at: number;
  readonly length: number;
}

/** What looks for the next match that is not empty, from a place on. */
function matchFinder(value: string, pattern: Wildcard): (from: number) => Found | null {
  const { literal } = pattern;
  if (literal !== null) {
    return (from) => {
      const at = literal === "" ? -1 : value.indexOf(literal, from);
      return at < 0 ? null : { at, length: literal.length };
    };
  }
  return (from) => {
    for (let at = from; at < value.length; at += 1) {
      const length = pattern.lengthAt(value, at);
      if (length > 0) return { at, length };
    }
    return null;
  };
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
  if (pattern === null) return operation.upper ? upperCase(value) : lowerCase(value);
  return Array.from(value, change).join("");
}

function asciiUpper(character: string): string {
  return character >= "a" && character <= "z" ? character.toUpperCase() : character;
}

function asciiLower(character: string): string {
  return character >= "A" && character <= "Z" ? character.toLowerCase() : character;
}

const upperCase = (value: string): string =>
  value.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
const lowerCase = (value: string): string =>
  value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** `${x@Q}` and its kin. */
export function transform(shell: Shell, name: string, value: string, operator: string): string {
  switch (operator) {
    case "Q":
      return quoteForBash(value);
    case "U":
      return upperCase(value);
    case "u":
      return asciiUpper(value.charAt(0)) + value.slice(1);
    case "L":
      return lowerCase(value);
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
