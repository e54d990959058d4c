import { SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import type { Parts } from "../paced.js";
import { noteWork } from "../work.js";
import type { ByteSet } from "./character-class.js";

export type Token =
  | { readonly kind: "byte"; readonly code: number }
  | { readonly kind: "any" }
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "star" };

/** Bytes that are compared before it is told what that took. */
const COMPARED_PER_PART = 65_536;
const STEPS_PER_PART = COMPARED_PER_PART / SCANNED_CHARACTERS_PER_STEP;

/** What stands between two stars, or at an end. */
interface Piece {
  /** Its place among the tokens. */
  readonly from: number;
  readonly length: number;
  /** The code of its first byte, when that is a certain one; else -1. */
  readonly first: number;
}

export type Wanted = "shortest" | "longest" | "whole";

/** No match begins there. */
export const NONE = -1;
/** Nor anywhere further on: what comes after a star is not there. */
export const NONE_LATER = -2;

export function noteScan(characters: number): void {
  if (characters > SCANNED_CHARACTERS_PER_STEP) noteWork(characters / SCANNED_CHARACTERS_PER_STEP);
}

/** Does at once what has but a few parts. */
export function scanNow<T>(parts: Parts<T>): T {
  let part = parts.next();
  for (; part.done !== true; part = parts.next()) noteWork(part.value);
  return part.value;
}

/**
 * Matches what stands between the stars piece by piece, each as near as can be: as what a star takes is free, no other choice does better. So there is
 * nothing to go back to, and the cost is the product of the lengths at worst.
 */
export class WildcardScanner {
  readonly #pieces: readonly Piece[];
  /** Bytes that it takes at least. */
  readonly #shortest: number;

  constructor(private readonly tokens: readonly Token[]) {
    this.#pieces = piecesOf(tokens);
    this.#shortest = tokens.length - this.#pieces.length + 1;
  }

  /**
   * Length of the match that begins at `start` and goes in the given direction, in parts. NONE or NONE_LATER when there is none. `whole` is
   * the length of all the text or none.
   */
  *scan(text: string, start: number, direction: 1 | -1, wanted: Wanted): Parts<number> {
    const length = direction === 1 ? text.length - start : start + 1;
    if (this.#shortest > length) return NONE_LATER;
    const walk = new Walk(this.tokens, text, start, direction, length);
    const [head] = this.#pieces;
    const last = this.#pieces.length > 1 ? this.#pieces.at(-1) : undefined;
    if (head === undefined || !(yield* walk.fits(head, 0))) return NONE;
    if (last === undefined) {
      return wanted !== "whole" || head.length === length ? head.length : NONE;
    }
    let at = head.length;
    for (let index = 1; index < this.#pieces.length - 1; index += 1) {
      const piece = this.#pieces[index] ?? last;
      const found = yield* walk.find(piece, at);
      if (found < 0) return NONE_LATER;
      at = found + piece.length;
    }
    const end = yield* walk.findLast(last, at, wanted);
    walk.note();
    return end < 0 ? NONE_LATER : end + last.length;
  }
}

function piecesOf(tokens: readonly Token[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let index = 0; index <= tokens.length; index += 1) {
    if (index < tokens.length && tokens[index]?.kind !== "star") continue;
    const first = index > from ? tokens[from] : undefined;
    const code = first?.kind === "byte" ? first.code : -1;
    pieces.push({ from, length: index - from, first: code });
    from = index + 1;
  }
  return pieces;
}

/** A text read in one direction from a place on. */
class Walk {
  #compared = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly text: string,
    private readonly start: number,
    private readonly direction: 1 | -1,
    private readonly length: number,
  ) {}

  /** What was compared since it was last told. */
  note(): void {
    noteScan(this.#compared);
    this.#compared = 0;
  }

  /** Whether a piece stands at a place. */
  *fits(piece: Piece, at: number): Parts<boolean> {
    if (at + piece.length > this.length) return false;
    for (let from = 0; from < piece.length;) {
      const until = Math.min(piece.length, from + COMPARED_PER_PART - this.#compared);
      const reached = this.#compare(piece, from, until, at);
      this.#compared += reached - from + 1;
      if (this.#compared >= COMPARED_PER_PART) {
        this.#compared = 0;
        yield STEPS_PER_PART;
      }
      if (reached < until) return false;
      from = until;
    }
    return true;
  }

  /** The nearest place where a piece stands; -1 for none. */
  *find(piece: Piece, from: number): Parts<number> {
    if (piece.length === 0) return from;
    for (let at = from; at + piece.length <= this.length; at += 1) {
      const next = this.#nextFirst(piece, at);
      if (next < 0) return -1;
      at = next;
      if (yield* this.fits(piece, at)) return at;
    }
    return -1;
  }

  /** Where the last piece stands: the nearest or the farthest place, or the very end. */
  *findLast(piece: Piece, from: number, wanted: Wanted): Parts<number> {
    if (wanted === "shortest") return yield* this.find(piece, from);
    for (let at = this.length - piece.length; at >= from; at -= 1) {
      if (yield* this.fits(piece, at)) return at;
      if (wanted === "whole") return -1;
    }
    return -1;
  }

  /** The nearest place with the first byte of a piece. */
  #nextFirst({ first }: Piece, from: number): number {
    if (first < 0) return from;
    const at = this.start + from * this.direction;
    const wanted = String.fromCharCode(first);
    const found =
      this.direction === 1 ? this.text.indexOf(wanted, at) : this.text.lastIndexOf(wanted, at);
    return found < 0 ? -1 : (found - this.start) * this.direction;
  }

  /** Index of the first token that does not accept its byte, `until` when all do. */
  #compare(piece: Piece, from: number, until: number, at: number): number {
    const { text, tokens, direction } = this;
    const origin = this.start + at * direction;
    for (let index = from; index < until; index += 1) {
      const token = tokens[piece.from + index];
      const code = text.charCodeAt(origin + index * direction);
      if (token === undefined || !accepts(token, code)) return index;
    }
    return until;
  }
}

function accepts(token: Token, code: number): boolean {
  switch (token.kind) {
    case "byte":
      return token.code === code;
    case "set":
      return token.set[code] === 1;
    case "any":
      return true;
    case "star":
      return false;
  }
}
