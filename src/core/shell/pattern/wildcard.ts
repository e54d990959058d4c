import { MAX_CACHED_PATTERNS } from "../limits.js";
import { BoundedCache } from "./bounded-cache.js";
import { readBracket } from "./character-class.js";
import { hasExtendedGlob, matchesExtended, newBudget } from "./extended-glob.js";

import { accepts, makeScanner, noteScan, type Scanner, type Token } from "./wildcard-scan.js";

/**
 * Shell patterns (`*`, `?`, `[…]`, backslash quotes) over byte strings. Matching simulates all possibilities at once, so that its cost is the
 * product of the lengths at worst and never exponential.
 */
export class Wildcard {
  readonly #tokens: readonly Token[];
  readonly #forward: Scanner;
  readonly #backward: Scanner;
  /** The only text that matches, when there are no wildcards. */
  readonly literal: string | null;
  readonly #extended: string | null;

  constructor(pattern: string, extended: boolean) {
    this.#tokens = compile(pattern);
    this.#forward = makeScanner(this.#tokens);
    this.#backward = makeScanner([...this.#tokens].reverse());
    this.literal = literalOf(this.#tokens);
    this.#extended = extended && hasExtendedGlob(pattern) ? pattern : null;
  }

  matches(text: string): boolean {
    if (this.#extended !== null) return matchesExtended(this.#extended, text);
    if (this.literal !== null) return text === this.literal;
    noteScan(text.length);
    return matchesTokens(this.#tokens, text);
  }

  /** Length of the shortest or longest prefix that matches; -1 for none. */
  prefixLength(text: string, longest: boolean): number {
    if (this.#extended !== null) return this.#extendedLength(text, longest, false);
    return this.#forward(text, 0, 1, longest);
  }

  suffixLength(text: string, longest: boolean): number {
    if (this.#extended !== null) return this.#extendedLength(text, longest, true);
    return this.#backward(text, text.length - 1, -1, longest);
  }

  /** Length of the longest match that begins at `start`; -1 for none. */
  lengthAt(text: string, start: number): number {
    if (this.#extended !== null) {
      return this.#extendedLength(text.slice(start), true, false);
    }
    return this.#forward(text, start, 1, true);
  }

  #extendedLength(text: string, longest: boolean, fromEnd: boolean): number {
    const pattern = this.#extended ?? "";
    const budget = newBudget();
    for (let step = 0; step <= text.length; step += 1) {
      const length = longest ? text.length - step : step;
      const piece = fromEnd ? text.slice(text.length - length) : text.slice(0, length);
      if (matchesExtended(pattern, piece, budget)) return length;
      if (budget.steps < 0) return -1;
    }
    return -1;
  }
}

const plainPatterns = new BoundedCache<Wildcard>(MAX_CACHED_PATTERNS);
const extendedPatterns = new BoundedCache<Wildcard>(MAX_CACHED_PATTERNS);

export function wildcard(pattern: string, extended = false): Wildcard {
  const cache = extended ? extendedPatterns : plainPatterns;
  return cache.get(pattern, () => new Wildcard(pattern, extended));
}

/** dash's own matcher knows `!` alone as the negation in brackets. */
export function withoutCaret(pattern: string): string {
  return pattern.replaceAll("[^", "[\\^");
}

/** Makes text stand for itself in a pattern. */
export function quotePattern(text: string): string {
  return /[*?[\]\\!^()|@+-]/.test(text) ? text.replace(/[*?[\]\\!^()|@+-]/g, "\\$&") : text;
}

function compile(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < pattern.length;) {
    const character = pattern.charAt(index);
    index += 1;
    if (character === "*") {
      if (tokens.at(-1)?.kind !== "star") tokens.push({ kind: "star" });
    } else if (character === "?") {
      tokens.push({ kind: "any" });
    } else if (character === "[") {
      const bracket = readBracket(pattern, index, "!^", true);
      if (bracket === null) tokens.push({ kind: "byte", code: 91 });
      else tokens.push({ kind: "set", set: bracket.set });
      index = bracket?.next ?? index;
    } else if (character === "\\" && index < pattern.length) {
      tokens.push({ kind: "byte", code: pattern.charCodeAt(index) });
      index += 1;
    } else {
      tokens.push({ kind: "byte", code: character.charCodeAt(0) });
    }
  }
  return tokens;
}

function literalOf(tokens: readonly Token[]): string | null {
  let text = "";
  for (const token of tokens) {
    if (token.kind !== "byte") return null;
    text += String.fromCharCode(token.code);
  }
  return text;
}

/** The classic two-pointer walk: on a mismatch, the last star takes one more byte, or all up to the next one that can go on. */
function matchesTokens(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let at = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current?.kind === "star") {
      starToken = token;
      starAt = at;
      token += 1;
    } else if (current !== undefined && accepts(current, text.charCodeAt(at))) {
      token += 1;
      at += 1;
    } else if (starToken >= 0) {
      const next = tokens[starToken + 1];
      if (next === undefined) return true;
      starAt =
        next.kind === "byte"
          ? text.indexOf(String.fromCharCode(next.code), starAt + 1)
          : starAt + 1;
      if (starAt < 0) return false;
      at = starAt;
      token = starToken + 1;
    } else {
      return false;
    }
  }
  while (tokens[token]?.kind === "star") token += 1;
  return token === tokens.length;
}
