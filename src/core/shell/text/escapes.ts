import { toByteString } from "../bytes.js";
import type { Parts } from "../paced.js";

export interface Decoded {
  readonly text: string;
  /** `\c`: nothing more is printed. */
  readonly stops: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** `echo -e` and `printf %b`: octal with a leading zero (`\0101`), `\xHH`, `\c`. dash knows no `\x`. */
export function decodeEchoEscapes(text: string, isPlain = false): Decoded {
  if (!isPlain) return decode(text, /^0?[0-7]{1,3}/, "0");
  return decode(
    text.replace(/\\(\\|[xuU])/g, (pair) => (pair === "\\\\" ? pair : `\\\\${pair.charAt(1)}`)),
    /^0?[0-7]{1,3}/,
    "0",
  );
}

/** The format of `printf`: octal without the zero (`\101`). */
export function decodeFormatEscapes(text: string): Decoded {
  return decode(text, /^[0-7]{1,3}/, "");
}

/** What is decoded in one go: some milliseconds. */
const CHARACTERS_PER_PART = 65_536;
const STEPS_PER_PART = 128;
/** No escape is longer. */
const LONGEST_ESCAPE = 12;

/** As `decodeEchoEscapes`, in parts. */
export function decodeEchoInParts(text: string): Parts<Decoded> {
  return decodeInParts(text, /^0?[0-7]{1,3}/, "0");
}

/** As `decodeFormatEscapes`, in parts. */
export function decodeFormatInParts(text: string): Parts<Decoded> {
  return decodeInParts(text, /^[0-7]{1,3}/, "");
}

function* decodeInParts(text: string, octal: RegExp, zero: string): Parts<Decoded> {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + CHARACTERS_PER_PART;
    const isLast = end + LONGEST_ESCAPE >= text.length;
    const part = isLast ? text.slice(at) : text.slice(at, end + LONGEST_ESCAPE);
    const decoded = decode(part, octal, zero, isLast ? part.length : CHARACTERS_PER_PART);
    parts.push(decoded.text);
    if (decoded.stops) return { text: parts.join(""), stops: true };
    at += decoded.length;
    yield STEPS_PER_PART;
  }
  return { text: parts.join(""), stops: false };
}

/** @param until an escape that begins after it is left. @returns also how much was taken */
function decode(
  text: string,
  octal: RegExp,
  zero: string,
  until = text.length,
): Decoded & { readonly length: number } {
  let result = "";
  let index = 0;
  while (index < until) {
    const character = text.charAt(index);
    if (character !== "\\" || index === text.length - 1) {
      result += character;
      index += 1;
      continue;
    }
    const letter = text.charAt(index + 1);
    if (letter === "c") return { text: result, stops: true, length: index };
    const piece = decodeOne(text.slice(index + 1, index + 12), octal, zero);
    result += piece?.text ?? `\\${letter}`;
    index += 1 + (piece?.length ?? 1);
  }
  return { text: result, stops: false, length: index };
}

function decodeOne(
  rest: string,
  octal: RegExp,
  zero: string,
): { text: string; length: number } | null {
  const letter = rest.charAt(0);
  const simple = SIMPLE[letter];
  if (simple !== undefined) return { text: simple, length: 1 };
  const digits = octal.exec(rest)?.[0];
  if (digits !== undefined && (zero === "" || digits.startsWith(zero) || digits.length <= 3)) {
    return { text: String.fromCharCode(parseInt(digits, 8) & 255), length: digits.length };
  }
  const hexadecimal = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hexadecimal?.[1] !== undefined) {
    return {
      text: String.fromCharCode(parseInt(hexadecimal[1], 16)),
      length: hexadecimal[0].length,
    };
  }
  const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  if (unicode === null) return null;
  const code = parseInt(unicode[1] ?? unicode[2] ?? "0", 16);
  if (code > 0x10ffff) return null;
  return { text: toByteString(String.fromCodePoint(code)), length: unicode[0].length };
}
