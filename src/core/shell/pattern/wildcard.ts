import { bytesToString } from "../bytes.js";
import { MAX_CACHED_PATTERNS } from "../limits.js";
import type { Parts } from "../paced.js";
import { TextBuilder } from "../text/text-builder.js";
import { BoundedCache } from "./bounded-cache.js";
import { readBracket } from "./character-class.js";
import { hasExtendedGlob, matchesExtended, newBudget } from "./extended-glob.js";
import { NONE, noteScan, scanNow, WildcardScanner, type Token } from "./wildcard-scan.js";

/**
 * Shell patterns (`*`, `?`, `[…]`, backslash quotes) over byte strings. What matches long texts comes in two kinds: at once, and in parts between which
 * time may pass.
 */
export class Wildcard {
  #forward: WildcardScanner | null = null;
  #backward: WildcardScanner | null = null;
  /** The only text that matches, when there are no wildcards. */
  readonly literal: string | null;

  constructor(
    private readonly tokens: readonly Token[],
    /** The pattern itself, where it has groups. */
    private readonly extended: string | null,
  ) {
    this.literal = literalOf(tokens);
  }

  matches(text: string): boolean {
    return scanNow(this.matchesInParts(text));
  }

  *matchesInParts(text: string): Parts<boolean> {
    if (this.extended !== null) return matchesExtended(this.extended, text);
    if (this.literal !== null) return text === this.literal;
    return (yield* this.#forwardScanner.scan(text, 0, 1, "whole")) >= 0;
  }

  /** Length of the shortest or longest prefix that matches; negative for none. */
  *prefixLength(text: string, longest: boolean): Parts<number> {
    if (this.extended !== null) return this.#extendedLength(text, longest, false);
    if (this.literal !== null) return text.startsWith(this.literal) ? this.literal.length : NONE;
    return yield* this.#forwardScanner.scan(text, 0, 1, longest ? "longest" : "shortest");
  }

  *suffixLength(text: string, longest: boolean): Parts<number> {
    if (this.extended !== null) return this.#extendedLength(text, longest, true);
    if (this.literal !== null) return text.endsWith(this.literal) ? this.literal.length : NONE;
    this.#backward ??= new WildcardScanner([...this.tokens].reverse());
    const wanted = longest ? "longest" : "shortest";
    return yield* this.#backward.scan(text, text.length - 1, -1, wanted);
  }

  /** Length of the longest match that begins at `start`; negative for none, NONE_LATER when none begins further on either. */
  *lengthAt(text: string, start: number): Parts<number> {
    if (this.extended !== null) return this.#extendedLength(text.slice(start), true, false);
    return yield* this.#forwardScanner.scan(text, start, 1, "longest");
  }

  get #forwardScanner(): WildcardScanner {
    return (this.#forward ??= new WildcardScanner(this.tokens));
  }

  #extendedLength(text: string, longest: boolean, fromEnd: boolean): number {
    const pattern = this.extended ?? "";
    const budget = newBudget();
    for (let step = 0; step <= text.length; step += 1) {
      const length = longest ? text.length - step : step;
      const piece = fromEnd ? text.slice(text.length - length) : text.slice(0, length);
      if (matchesExtended(pattern, piece, budget)) return length;
      if (budget.steps < 0) return NONE;
    }
    return NONE;
  }
}

const plainPatterns = new BoundedCache<Wildcard>(MAX_CACHED_PATTERNS);
const extendedPatterns = new BoundedCache<Wildcard>(MAX_CACHED_PATTERNS);
/** Patterns that are longer are not kept, and compiled in parts. */
const LONG_PATTERN_CHARACTERS = 8192;

export function wildcard(pattern: string, extended = false): Wildcard {
  const cache = extended ? extendedPatterns : plainPatterns;
  if (pattern.length > LONG_PATTERN_CHARACTERS) return scanNow(compile(pattern, extended));
  return cache.get(pattern, () => scanNow(compile(pattern, extended)));
}

/**
 * The same in parts.
 * @param most of a long pattern, how long what it is to match can be: null when it takes more
 */
export function wildcardInParts(pattern: string, extended?: boolean): Parts<Wildcard>;
export function wildcardInParts(
  pattern: string,
  extended: boolean,
  most: number,
): Parts<Wildcard | null>;
export function* wildcardInParts(
  pattern: string,
  extended = false,
  most = Infinity,
): Parts<Wildcard | null> {
  if (pattern.length <= LONG_PATTERN_CHARACTERS) return wildcard(pattern, extended);
  return yield* compile(pattern, extended, most);
}

/** Whether a pattern matches a whole text, in parts. */
export function* matchInParts(pattern: string, text: string, extended: boolean): Parts<boolean> {
  const matcher = yield* wildcardInParts(pattern, extended);
  return yield* matcher.matchesInParts(text);
}

/** dash's own matcher knows `!` alone as the negation in brackets. */
export function withoutCaret(pattern: string): string {
  return pattern.replaceAll("[^", "[\\^");
}

const SPECIAL = new Uint8Array(256);
for (const character of "*?[]\\!^()|@+-") SPECIAL[character.charCodeAt(0)] = 1;

/** Makes text stand for itself in a pattern. */
export function quotePattern(text: string): string {
  if (!/[*?[\]\\!^()|@+-]/.test(text)) return text;
  const quoted = new TextBuilder(text.length + 16);
  let copied = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (SPECIAL[text.charCodeAt(index)] !== 1) continue;
    quoted.addSlice(text, copied, index);
    quoted.addSlice("\\", 0, 1);
    copied = index;
  }
  quoted.addSlice(text, copied, text.length);
  noteScan(text.length);
  return quoted.toString();
}

const STAR: Token = { kind: "star" };
const ANY: Token = { kind: "any" };
const BYTES: readonly Token[] = Array.from({ length: 256 }, (_, code) => ({ kind: "byte", code }));
const byteToken = (pattern: string, index: number): Token =>
  BYTES[pattern.charCodeAt(index) & 255] ?? ANY;

/** Longer bracket expressions, which have each byte many times over, are plain characters. */
const MAX_BRACKET_CHARACTERS = 4096;
const CHARACTERS_PER_PART = 16_384;
const STEPS_PER_PART = 32;

function compile(pattern: string, extended: boolean): Parts<Wildcard>;
function compile(pattern: string, extended: boolean, most: number): Parts<Wildcard | null>;
function* compile(pattern: string, extended: boolean, most = Infinity): Parts<Wildcard | null> {
  const hasGroups = extended && hasExtendedGlob(pattern);
  const reader = new TokenReader(pattern);
  // Every other one is a star at most.
  const mostTokens = hasGroups ? Infinity : 2 * most + 1;
  while (reader.readPart()) {
    if (reader.tokens.length > mostTokens) return null;
    yield STEPS_PER_PART;
  }
  if (reader.tokens.length > mostTokens) return null;
  return new Wildcard(reader.tokens, hasGroups ? pattern : null);
}

class TokenReader {
  readonly tokens: Token[] = [];
  readonly #lastClosing: number;
  #index = 0;
  #work = 0;

  constructor(private readonly pattern: string) {
    this.#lastClosing = pattern.lastIndexOf("]");
  }

  /** Whether there is more. */
  readPart(): boolean {
    for (this.#work = 0; this.#work < CHARACTERS_PER_PART; this.#work += 1) {
      if (this.#index >= this.pattern.length) return false;
      this.#readToken();
    }
    return true;
  }

  #readToken(): void {
    const { pattern, tokens } = this;
    const at = this.#index;
    this.#index += 1;
    switch (pattern.charAt(at)) {
      case "*":
        if (tokens.at(-1) !== STAR) tokens.push(STAR);
        return;
      case "?":
        tokens.push(ANY);
        return;
      case "[":
        this.#readBracket();
        return;
      case "\\":
        if (this.#index < pattern.length) this.#index += 1;
        tokens.push(byteToken(pattern, this.#index - 1));
        return;
      default:
        tokens.push(byteToken(pattern, at));
    }
  }

  #readBracket(): void {
    const start = this.#index;
    const inside =
      this.#lastClosing > start ? this.pattern.slice(start, start + MAX_BRACKET_CHARACTERS) : "";
    const bracket = readBracket(inside, 0, "!^", true);
    this.#work += bracket?.next ?? inside.length;
    this.#index += bracket?.next ?? 0;
    this.tokens.push(bracket === null ? byteToken("[", 0) : { kind: "set", set: bracket.set });
  }
}

/** Null when there are wildcards. */
function literalOf(tokens: readonly Token[]): string | null {
  const codes = new Uint8Array(tokens.length);
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== "byte") return null;
    codes[index] = token.code;
  }
  return bytesToString(codes);
}
