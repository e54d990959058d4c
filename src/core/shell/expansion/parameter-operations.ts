import type { ParameterOperation } from "../grammar/index.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import { quoteForBash, quoteForBashInParts } from "../interpreter/quoting.js";
import type { Shell } from "../interpreter/shell.js";
import { declarationFlags } from "../interpreter/variable-listing.js";
import type { Parts } from "../paced.js";
import { NONE_LATER, noteScan } from "../pattern/wildcard-scan.js";
import { wildcard, wildcardInParts, type Wildcard } from "../pattern/wildcard.js";
import { TextBuilder } from "../text/text-builder.js";
import { wordToPattern, wordToString, type Resolved } from "./append.js";
import { evaluateText } from "./arithmetic-expansion.js";

type Operation<K extends ParameterOperation["kind"]> = Extract<ParameterOperation, { kind: K }>;

/** `${x#pattern}` and its kin, in parts: each gives the steps that it has taken. */
export function* removePattern(
  shell: Shell,
  value: string,
  operation: Operation<"remove">,
  resolved: Resolved,
): Parts<string> {
  const text = wordToPattern(shell, operation.operand, resolved);
  const pattern = yield* wildcardInParts(text, shell.shopt("extglob"));
  if (operation.end === "prefix") {
    const length = yield* pattern.prefixLength(value, operation.longest);
    return length < 0 ? value : value.slice(length);
  }
  const length = yield* pattern.suffixLength(value, operation.longest);
  return length < 0 ? value : value.slice(0, value.length - length);
}

/** `${x/pattern/replacement}` and its kin, in parts. */
export function* replacePattern(
  shell: Shell,
  value: string,
  operation: Operation<"replace">,
  resolved: Resolved,
): Parts<string> {
  const text = wordToPattern(shell, operation.pattern, resolved);
  if (text === "") return value;
  const pattern = yield* wildcardInParts(text, shell.shopt("extglob"));
  const replacement = wordToString(shell, operation.replacement, resolved);
  switch (operation.scope) {
    case "prefix": {
      const length = yield* pattern.prefixLength(value, true);
      return length < 0 ? value : replacement + value.slice(length);
    }
    case "suffix": {
      const length = yield* pattern.suffixLength(value, true);
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
/** A long replacement is worth several matches. */
const CHARACTERS_PER_MATCH = 64;
const STEPS_PER_PART = 40;

function* replaceMatches(
  value: string,
  pattern: Wildcard,
  replacement: string,
  all: boolean,
): Parts<string> {
  const matches = findMatches(value, pattern);
  let match = yield* matches.next(0);
  if (match === null) return value;
  if (!all) return value.slice(0, match.at) + replacement + value.slice(match.at + match.length);
  const parts: string[] = [];
  let result = new TextBuilder(Math.min(value.length, CHARACTERS_PER_PART));
  let copied = 0;
  let partStart = 0;
  let count = 0;
  for (; match !== null; match = yield* matches.next(copied)) {
    result.addSlice(value, copied, match.at);
    result.addSlice(replacement, 0, replacement.length);
    copied = match.at + match.length;
    count += 1 + replacement.length / CHARACTERS_PER_MATCH;
    if (count < MATCHES_PER_PART && copied - partStart < CHARACTERS_PER_PART) continue;
    parts.push(result.toString());
    result = new TextBuilder(CHARACTERS_PER_PART);
    partStart = copied;
    yield STEPS_PER_PART * Math.min(1, count / MATCHES_PER_PART);
    count = 0;
  }
  parts.push(result.toString(), value.slice(copied));
  return parts.join("");
}

interface Found {
  readonly at: number;
  readonly length: number;
}

interface Matches {
  /** The next match from a place on that is not empty. */
  next(from: number): Parts<Found | null>;
}

function findMatches(value: string, pattern: Wildcard): Matches {
  const { literal } = pattern;
  if (literal === null) return { next: (from) => nextMatch(value, pattern, from) };
  noteScan(value.length);
  return {
    *next(from) {
      const at = literal === "" ? -1 : value.indexOf(literal, from);
      return at < 0 ? null : { at, length: literal.length };
    },
  };
}

/** Places where a match may begin that are tried in one part. */
const PLACES_PER_PART = 16_384;

function* nextMatch(value: string, pattern: Wildcard, from: number): Parts<Found | null> {
  for (let at = from; at < value.length; at += 1) {
    const length = yield* pattern.lengthAt(value, at);
    if (length > 0) return { at, length };
    if (length === NONE_LATER) return null;
    if ((at - from) % PLACES_PER_PART === PLACES_PER_PART - 1) yield STEPS_PER_PART;
  }
  return null;
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

const SHORT_VALUE_CHARACTERS = 1024;

/** `${x^}`, `${x,,}` */
export function* changeCase(
  shell: Shell,
  value: string,
  operation: Operation<"case">,
  resolved: Resolved,
): Parts<string> {
  const pattern =
    operation.pattern === null ? null : wildcard(wordToPattern(shell, operation.pattern, resolved));
  const changes = (character: string): boolean => pattern === null || pattern.matches(character);
  const first = value.charAt(0);
  const change = operation.upper ? upperCase : lowerCase;
  if (!operation.all) return (changes(first) ? change(first) : first) + value.slice(1);
  if (value.length < SHORT_VALUE_CHARACTERS) {
    return value.replace(/[A-Za-z]/g, (letter) => (changes(letter) ? change(letter) : letter));
  }
  // What happens to each of the 256 characters.
  const table = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).map(
    (character) => (changes(character) ? change(character) : character),
  );
  return yield* inParts(value, (part) =>
    part.replace(/[A-Za-z]/g, (character) => table[character.charCodeAt(0)] ?? character),
  );
}

/** Makes something of a long text whose characters do not depend on one another, a part at a time. */
function* inParts(value: string, make: (part: string) => string): Parts<string> {
  if (value.length <= CHARACTERS_PER_PART) return make(value);
  const parts: string[] = [];
  for (let at = 0; at < value.length; at += CHARACTERS_PER_PART) {
    parts.push(make(value.slice(at, at + CHARACTERS_PER_PART)));
    yield STEPS_PER_PART;
  }
  return parts.join("");
}

const upperCase = (value: string): string =>
  value.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
const lowerCase = (value: string): string =>
  value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** `${x@Q}` and its kin. */
export function* transform(
  shell: Shell,
  name: string,
  value: string,
  operator: string,
): Parts<string> {
  switch (operator) {
    case "Q":
      return yield* quoteForBashInParts(value);
    case "U":
      return yield* inParts(value, upperCase);
    case "u":
      return upperCase(value.charAt(0)) + value.slice(1);
    case "L":
      return yield* inParts(value, lowerCase);
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
