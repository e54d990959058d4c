import { SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import { noteWork } from "../work.js";
import type { ByteSet } from "./character-class.js";

export type Token =
  | { readonly kind: "byte"; readonly code: number }
  | { readonly kind: "any" }
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "star" };

/** Length of the shortest or longest match that begins at `start` and goes in the given direction; -1 for none. */
export type Scanner = (text: string, start: number, direction: 1 | -1, longest: boolean) => number;

/** One bit of a number for each token, and one for the end. */
const TOKENS_IN_A_NUMBER = 30;

export function makeScanner(tokens: readonly Token[]): Scanner {
  let made: Scanner | null = null;
  return (text, start, direction, longest) =>
    (made ??= tokens.length <= TOKENS_IN_A_NUMBER ? bitScanner(tokens) : listScanner(tokens))(
      text,
      start,
      direction,
      longest,
    );
}

export function noteScan(characters: number): void {
  if (characters > SCANNED_CHARACTERS_PER_STEP) noteWork(characters / SCANNED_CHARACTERS_PER_STEP);
}

export function accepts(token: Token, code: number): boolean {
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

/** All reachable tokens at once, a bit each: shift-and. */
function bitScanner(tokens: readonly Token[]): Scanner {
  const moves = new Int32Array(256);
  let stars = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "star") stars |= 1 << index;
    else
      for (let code = 0; code < 256; code += 1)
        if (accepts(token, code)) moves[code] = (moves[code] ?? 0) | (1 << index);
  }
  const end = 1 << tokens.length;
  const begin = 1 | ((stars & 1) << 1);
  return (text, start, direction, longest) => {
    let active = begin;
    let found = -1;
    let at = start;
    for (let length = 0; ; length += 1) {
      if ((active & end) !== 0) {
        found = length;
        if (!longest) break;
      }
      if (at < 0 || at >= text.length) break;
      const kept = active & stars;
      // A star may match nothing, so what follows it is reachable as well. Two never follow one another.
      const next = ((active & (moves[text.charCodeAt(at)] ?? 0)) << 1) | kept;
      active = next | ((next & stars) << 1);
      if (active === 0) break;
      at += direction;
    }
    noteScan((at - start) * direction);
    return found;
  };
}

function listScanner(tokens: readonly Token[]): Scanner {
  return (text, start, direction, longest) => {
    let active = new Uint8Array(tokens.length + 1);
    activate(tokens, active, 0);
    let found = -1;
    let length = 0;
    for (; ; length += 1) {
      if (active[tokens.length] === 1) {
        found = length;
        if (!longest) break;
      }
      const at = start + length * direction;
      if (at < 0 || at >= text.length) break;
      const next = advance(tokens, active, text.charCodeAt(at));
      if (next === null) break;
      active = next;
    }
    noteScan(length * tokens.length);
    return found;
  };
}

function advance(
  tokens: readonly Token[],
  active: Uint8Array,
  code: number,
): Uint8Array<ArrayBuffer> | null {
  const next = new Uint8Array(tokens.length + 1);
  let any = false;
  for (const [index, token] of tokens.entries()) {
    if (active[index] !== 1) continue;
    if (token.kind === "star") activate(tokens, next, index);
    else if (accepts(token, code)) activate(tokens, next, index + 1);
    else continue;
    any = true;
  }
  return any ? next : null;
}

function activate(tokens: readonly Token[], active: Uint8Array, from: number): void {
  active[from] = 1;
  for (let index = from; tokens[index]?.kind === "star"; index += 1) active[index + 1] = 1;
}
