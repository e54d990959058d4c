/** A set of bytes. */
export type ByteSet = Uint8Array;

const RANGES: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\t-\r  ",
  blank: "\t\t  ",
  punct: "!-/:-@[-`{-~",
  print: " -~",
  graph: "!-~",
  cntrl: "\0-\x1f\x7f\x7f",
  xdigit: "0-9A-Fa-f",
  word: "A-Za-z0-9__",
};

/** The members of `[:name:]` in the C locale; null when there is no such class. */
export function namedClass(name: string): ByteSet | null {
  const ranges = RANGES[name];
  if (ranges === undefined) return null;
  const set = new Uint8Array(256);
  for (let index = 0; index < ranges.length;) {
    const low = ranges.charCodeAt(index);
    const isRange = ranges.charAt(index + 1) === "-";
    const high = ranges.charCodeAt(isRange ? index + 2 : index + 1);
    for (let code = low; code <= high; code += 1) set[code] = 1;
    index += isRange ? 3 : 2;
  }
  return set;
}

export interface BracketExpression {
  readonly set: ByteSet;
  /** Index after the closing bracket. */
  readonly next: number;
}

/**
 * Reads `[…]` whose inside begins at `start`. Null when it never closes: then the bracket is a plain character. `escapes`: a
 * backslash quotes the next character, as in shell patterns but not in regular expressions.
 */
export function readBracket(
  pattern: string,
  start: number,
  negators: string,
  escapes: boolean,
): BracketExpression | null {
  const set = new Uint8Array(256);
  let index = start;
  const isNegated = pattern.length > index && negators.includes(pattern.charAt(index));
  if (isNegated) index += 1;
  const first = index;
  while (index < pattern.length) {
    if (pattern.charAt(index) === "]" && index > first) {
      if (isNegated) for (let code = 0; code < 256; code += 1) set[code] = 1 - (set[code] ?? 0);
      return { set, next: index + 1 };
    }
    const next = readMember(pattern, index, set, escapes);
    if (next === null) return null;
    index = next;
  }
  return null;
}

function readMember(pattern: string, start: number, set: ByteSet, escapes: boolean): number | null {
  const special = /^\[([:.=])(.*?)\1\]/s.exec(pattern.slice(start, start + 40));
  if (special !== null) {
    const [whole, kind = "", name = ""] = special;
    const members = kind === ":" ? namedClass(name) : null;
    if (members !== null) members.forEach((member, code) => (set[code] ||= member));
    else for (const character of name) set[character.charCodeAt(0) & 255] = 1;
    return start + whole.length;
  }
  const low = readCharacter(pattern, start, escapes);
  const isRange = pattern.charAt(low.next) === "-" && !/^-?(\]|$)/.test(pattern.slice(low.next));
  if (!isRange || pattern.charAt(low.next + 1) === "]") {
    set[low.code] = 1;
    return low.next;
  }
  const high = readCharacter(pattern, low.next + 1, escapes);
  for (let code = low.code; code <= high.code; code += 1) set[code] = 1;
  return high.next;
}

function readCharacter(
  pattern: string,
  index: number,
  escapes: boolean,
): { code: number; next: number } {
  const escaped = escapes && pattern.charAt(index) === "\\" && index + 1 < pattern.length;
  const at = escaped ? index + 1 : index;
  return { code: pattern.charCodeAt(at) & 255, next: at + 1 };
}
