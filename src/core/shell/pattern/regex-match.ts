import { RE2JS } from "re2js";
import { MAX_CACHED_PATTERNS } from "../limits.js";
import { BoundedCache } from "./bounded-cache.js";
import { RegexProblem, translateRegex } from "./posix-regex.js";
import type { Parts } from "../paced.js";
import { parseBacktracking } from "./backtrack-syntax.js";
import { PacedSearch } from "./paced-search.js";
import { noteScan, scanNow } from "./wildcard-scan.js";
import { BackReferenceRegex } from "./back-reference.js";

export interface Match {
  readonly start: number;
  readonly end: number;
  /** Start and end of each group; -1 where it did not take part. Group 0 is the match. */
  readonly groups: readonly (readonly [start: number, end: number])[];
}

/** A compiled POSIX regular expression over byte strings. */
export interface Regex {
  readonly groupCount: number;
  /** The leftmost match that begins at or after `from`. */
  search(text: string, from: number): Match | null;
  test(text: string): boolean;
  /** The same as `search`, in parts where the text is long for this expression. */
  searchInParts(text: string, from: number): Parts<Match | null>;
  /** Whether there is a match at or after `from`: cheaper than to find where. */
  containsInParts(text: string, from: number): Parts<boolean>;
}

/** Bytes times instructions that the library gets in one go: some tens of milliseconds at worst. */
const WORK_AT_ONCE = 1_048_576;

/** Expressions that are longer are not given to the library. */
const LONG_EXPRESSION_CHARACTERS = 8192;

export interface RegexOptions {
  readonly isExtended: boolean;
  readonly ignoresCase?: boolean;
}

const cache = new BoundedCache<Regex>(MAX_CACHED_PATTERNS);

/** @throws RegexProblem */
export function compileRegex(pattern: string, options: RegexOptions): Regex {
  const key = `${options.isExtended ? "E" : "B"}${options.ignoresCase === true ? "i" : "-"}${pattern}`;
  return cache.get(key, () => compile(pattern, options));
}

function compile(pattern: string, options: RegexOptions): Regex {
  const translated = translateRegex(pattern, options.isExtended);
  if (translated.hasBackReference) {
    return new BackReferenceRegex(translated, options.ignoresCase === true);
  }
  const makePaced = (): PacedSearch =>
    new PacedSearch(
      parseBacktracking(translated.re2),
      translated.groups,
      options.ignoresCase === true,
    );
  if (translated.re2.length > LONG_EXPRESSION_CHARACTERS) {
    return new LongRegex(makePaced(), translated.groups);
  }
  const flags = options.ignoresCase === true ? RE2JS.CASE_INSENSITIVE : 0;
  try {
    // LONGEST_MATCH gives POSIX's leftmost-longest instead of Perl's leftmost-first.
    return new LinearRegex(
      RE2JS.compile(translated.re2, flags | RE2JS.LONGEST_MATCH),
      translated.groups,
      makePaced,
    );
  } catch (error) {
    if (error instanceof RegexProblem) throw error;
    throw new RegexProblem("Invalid regular expression");
  }
}

/** Reading and simplifying an expression of 100 KB takes the library seconds; our own automaton is made in a part of one. */
class LongRegex implements Regex {
  constructor(
    private readonly paced: PacedSearch,
    readonly groupCount: number,
  ) {}

  searchInParts(text: string, from: number): Parts<Match | null> {
    return this.paced.search(text, from);
  }

  containsInParts(text: string, from: number): Parts<boolean> {
    return this.paced.contains(text, from);
  }

  search(text: string, from: number): Match | null {
    return scanNow(this.paced.search(text, from));
  }

  test(text: string): boolean {
    return scanNow(this.paced.contains(text, 0));
  }
}

class LinearRegex implements Regex {
  #paced: PacedSearch | null = null;
  readonly #charactersAtOnce: number;

  constructor(
    private readonly compiled: RE2JS,
    readonly groupCount: number,
    private readonly makePaced: () => PacedSearch,
  ) {
    this.#charactersAtOnce = WORK_AT_ONCE / Math.max(16, compiled.programSize());
  }

  *searchInParts(text: string, from: number): Parts<Match | null> {
    if (text.length - from <= this.#charactersAtOnce) return this.search(text, from);
    this.#paced ??= this.makePaced();
    return yield* this.#paced.search(text, from);
  }

  *containsInParts(text: string, from: number): Parts<boolean> {
    if (text.length - from <= this.#charactersAtOnce) return this.search(text, from) !== null;
    this.#paced ??= this.makePaced();
    return yield* this.#paced.contains(text, from);
  }

  test(text: string): boolean {
    noteScan(text.length);
    return this.compiled.matcher(text).find();
  }

  search(text: string, from: number): Match | null {
    const matcher = this.compiled.matcher(text);
    if (!matcher.find(from)) {
      noteScan(text.length - from);
      return null;
    }
    // What lies behind the match was not looked at.
    noteScan(matcher.end() - from);
    const groups: [number, number][] = [];
    for (let group = 0; group <= this.groupCount; group += 1) {
      groups.push([matcher.start(group), matcher.end(group)]);
    }
    return { start: matcher.start(), end: matcher.end(), groups };
  }
}

/** The groups of an ERE's match as text; null when there is none. */
export function* matchRegex(
  pattern: string,
  text: string,
  ignoresCase = false,
): Parts<string[] | null> {
  const regex = compileRegex(pattern, { isExtended: true, ignoresCase });
  const match = yield* regex.searchInParts(text, 0);
  return match?.groups.map(([start, end]) => (start < 0 ? "" : text.slice(start, end))) ?? null;
}

export function matchesRegex(text: string, pattern: string): boolean {
  try {
    return compileRegex(pattern, { isExtended: true }).test(text);
  } catch (error) {
    if (error instanceof RegexProblem) return false;
    throw error;
  }
}
