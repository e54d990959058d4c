import { MAX_BRACE_WORDS } from "../limits.js";

/**
 * What bash makes of the braces of one word, as text: `a{b,c}` → `ab`, `ac`. Quotes, `${…}`, `$(…)` and escaped characters are left alone.
 * Null when there are too many words.
 */
export function expandBraces(word: string): string[] | null {
  const open = findGroup(word, 0);
  if (open === null) return [word];
  const before = word.slice(0, open.start);
  const tails = expandBraces(word.slice(open.end + 1));
  if (tails === null) return null;
  const middles = expandGroup(open);
  if (middles === null || middles.length * tails.length > MAX_BRACE_WORDS) return null;
  const words: string[] = [];
  for (const middle of middles) for (const tail of tails) words.push(before + middle + tail);
  return words;
}

interface Group {
  readonly start: number;
  readonly end: number;
  /** The alternatives of a list, or the ends (and step) of a sequence. */
  readonly items: readonly string[];
  readonly isSequence: boolean;
}

function expandGroup(group: Group): string[] | null {
  if (group.isSequence) return expandSequence(group.items);
  const words: string[] = [];
  for (const item of group.items) {
    const expanded = expandBraces(item);
    if (expanded === null || words.length + expanded.length > MAX_BRACE_WORDS) return null;
    words.push(...expanded);
  }
  return words;
}

/** The first brace pair that is a list or a sequence; one that is neither is plain text, but may hold one that is. */
function findGroup(word: string, from: number): Group | null {
  for (let index = from; index < word.length;) {
    if (word.charAt(index) !== "{") {
      index = skipQuoted(word, index);
      continue;
    }
    const group = readGroup(word, index);
    if (group !== null) return group;
    index += 1;
  }
  return null;
}

function readGroup(word: string, start: number): Group | null {
  const items: string[] = [];
  let depth = 0;
  let itemStart = start + 1;
  for (let index = start + 1; index < word.length;) {
    const character = word.charAt(index);
    if (character === "{") depth += 1;
    if (character === "," && depth === 0) {
      items.push(word.slice(itemStart, index));
      itemStart = index + 1;
    }
    if (character === "}") {
      if (depth === 0)
        return closeGroup(word, start, index, [...items, word.slice(itemStart, index)]);
      depth -= 1;
    }
    index = skipQuoted(word, index);
  }
  return null;
}

function closeGroup(word: string, start: number, end: number, items: string[]): Group | null {
  if (items.length > 1) return { start, end, items, isSequence: false };
  const sequence =
    /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(word.slice(start + 1, end)) ??
    /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(word.slice(start + 1, end));
  if (sequence === null) return null;
  const [, first = "", last = "", step = ""] = sequence;
  return { start, end, items: [first, last, step], isSequence: true };
}

function expandSequence([first = "", last = "", stepText = ""]: readonly string[]):
  string[] | null {
  const letters = /^[A-Za-z]$/.test(first);
  const from = letters ? first.charCodeAt(0) : Number(first);
  const to = letters ? last.charCodeAt(0) : Number(last);
  const step = Math.abs(Number(stepText)) || 1;
  if (Math.abs(to - from) / step >= MAX_BRACE_WORDS) return null;
  const width = paddedWidth(first, last);
  const words: string[] = [];
  for (
    let value = from;
    from <= to ? value <= to : value >= to;
    value += from <= to ? step : -step
  ) {
    words.push(letters ? String.fromCharCode(value) : padNumber(value, width));
  }
  return words;
}

/** Leading zeros on either end ask for a common width: `{01..10}`. */
function paddedWidth(first: string, last: string): number {
  const padded = [first, last].some((end) => /^-?0\d/.test(end));
  return padded ? Math.max(first.length, last.length) : 0;
}

function padNumber(value: number, width: number): string {
  const digits = String(Math.abs(value));
  return value < 0 ? `-${digits.padStart(width - 1, "0")}` : digits.padStart(width, "0");
}

/** The index after the character at `index`, or after the whole quoted piece or expansion that begins there. */
function skipQuoted(word: string, index: number): number {
  const character = word.charAt(index);
  if (character === "\\") return index + 2;
  if (character === "'") return afterCharacter(word, index + 1, "'");
  if (character === '"' || character === "`") return afterQuote(word, index + 1, character);
  if (character !== "$") return index + 1;
  const next = word.charAt(index + 1);
  if (next === "{") return afterBracket(word, index + 2, "{", "}");
  if (next === "(") return afterBracket(word, index + 2, "(", ")");
  return index + 1;
}

function afterCharacter(word: string, from: number, character: string): number {
  const end = word.indexOf(character, from);
  return end < 0 ? word.length : end + 1;
}

function afterQuote(word: string, from: number, quote: string): number {
  for (let index = from; index < word.length; index += 1) {
    if (word.charAt(index) === "\\") index += 1;
    else if (word.charAt(index) === quote) return index + 1;
  }
  return word.length;
}

function afterBracket(word: string, from: number, open: string, close: string): number {
  let depth = 1;
  for (let index = from; index < word.length;) {
    const character = word.charAt(index);
    if (character === open) depth += 1;
    if (character === close) depth -= 1;
    if (depth === 0) return index + 1;
    index = character === "$" ? index + 1 : skipQuoted(word, index);
  }
  return word.length;
}
