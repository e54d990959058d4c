import { toByteString } from "../bytes.js";
import type { Parts } from "../paced.js";
import { TextBuilder } from "./text-builder.js";

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

/** What of a backslash is known where. */
interface Escapes {
  readonly octal: RegExp;
  /** What octal digits begin with. */
  readonly zero: string;
  /** dash's `echo` knows no `\x`, `\u` and `\U`. */
  readonly hasCodes: boolean;
}

const ECHO: Escapes = { octal: /^0?[0-7]{1,3}/, zero: "0", hasCodes: true };
const DASH_ECHO: Escapes = { ...ECHO, hasCodes: false };
const FORMAT: Escapes = { octal: /^[0-7]{1,3}/, zero: "", hasCodes: true };

/** `printf %b` and separators: octal with a leading zero (`\0101`), `\xHH`, `\c`. */
export function decodeEchoEscapes(text: string): Decoded {
  return decode(text, ECHO);
}

/** The format of `printf`: octal without the zero (`\101`). */
export function decodeFormatEscapes(text: string): Decoded {
  return decode(text, FORMAT);
}

/** What is decoded in one go: some milliseconds. */
const CHARACTERS_PER_PART = 65_536;
const STEPS_PER_PART = 128;
/** No escape is longer. */
const LONGEST_ESCAPE = 12;

/** As `decodeEchoEscapes`, in parts; there is but one of a short text. */
export function decodeEchoInParts(text: string, isDash = false): Parts<Decoded> {
  return decodeInParts(text, isDash ? DASH_ECHO : ECHO);
}

/** As `decodeFormatEscapes`, in parts. */
export function decodeFormatInParts(text: string): Parts<Decoded> {
  return decodeInParts(text, FORMAT);
}

function* decodeInParts(text: string, escapes: Escapes): Parts<Decoded> {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + CHARACTERS_PER_PART;
    const isLast = end + LONGEST_ESCAPE >= text.length;
    const part = isLast ? text.slice(at) : text.slice(at, end + LONGEST_ESCAPE);
    const decoded = decode(part, escapes, isLast ? part.length : CHARACTERS_PER_PART);
    parts.push(decoded.text);
    if (decoded.stops) return { text: parts.join(""), stops: true };
    at += decoded.length;
    if (at < text.length) yield STEPS_PER_PART;
  }
  return { text: parts.join(""), stops: false };
}

/** @param until an escape that begins after it is left. @returns also how much was taken */
function decode(
  text: string,
  escapes: Escapes,
  until = text.length,
): Decoded & { readonly length: number } {
  const result = new TextBuilder(text.length);
  let index = 0;
  while (index < until) {
    const found = text.indexOf("\\", index);
    // One at the very end is no escape.
    const next = found < 0 || found >= until || found === text.length - 1 ? until : found;
    result.addSlice(text, index, next);
    index = next;
    if (index >= until) break;
    if (text.charAt(index + 1) === "c") {
      return { text: result.toString(), stops: true, length: index };
    }
    const piece = decodeOne(text.slice(index + 1, index + 12), escapes);
    if (piece === null) result.addSlice(text, index, index + 2);
    else result.addSlice(piece.text, 0, piece.text.length);
    index += 1 + (piece?.length ?? 1);
  }
  return { text: result.toString(), stops: false, length: index };
}

function decodeOne(
  rest: string,
  { octal, zero, hasCodes }: Escapes,
): { text: string; length: number } | null {
  const letter = rest.charAt(0);
  const simple = SIMPLE[letter];
  if (simple !== undefined) return { text: simple, length: 1 };
  const digits = octal.exec(rest)?.[0];
  if (digits !== undefined && (zero === "" || digits.startsWith(zero) || digits.length <= 3)) {
    return { text: String.fromCharCode(parseInt(digits, 8) & 255), length: digits.length };
  }
  if (!hasCodes) return null;
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
