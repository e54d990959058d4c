import { toByteString } from "../bytes.js";

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** The inside of `$'…'` as a byte string: bash's escapes, which busybox ash shares. */
export function decodeAnsiC(text: string): string {
  let value = "";
  for (let index = 0; index < text.length;) {
    const character = text.charAt(index);
    if (character !== "\\") {
      value += character;
      index += 1;
      continue;
    }
    const decoded = decodeEscape(text, index + 1);
    if (decoded.text === "\0") return value;
    value += decoded.text;
    index = decoded.next;
  }
  return value;
}

function decodeEscape(text: string, start: number): { text: string; next: number } {
  const letter = text.charAt(start);
  const simple = SIMPLE[letter];
  if (simple !== undefined) return { text: simple, next: start + 1 };
  const octal = /^[0-7]{1,3}/.exec(text.slice(start, start + 3))?.[0];
  if (octal !== undefined) {
    return {
      text: String.fromCharCode(parseInt(octal, 8) & 255),
      next: start + octal.length,
    };
  }
  if (letter === "c" && start + 1 < text.length) {
    return { text: String.fromCharCode(text.charCodeAt(start + 1) & 31), next: start + 2 };
  }
  const digits = hexadecimal(text, start + 1, letter);
  if (digits === null) return { text: `\\${letter}`, next: start + 1 };
  const code = parseInt(digits, 16);
  const decoded = letter === "x" ? String.fromCharCode(code & 255) : codePoint(code);
  return { text: decoded, next: start + 1 + digits.length };
}

function hexadecimal(text: string, start: number, letter: string): string | null {
  const most = letter === "x" ? 2 : letter === "u" ? 4 : letter === "U" ? 8 : 0;
  if (most === 0) return null;
  return /^[0-9a-fA-F]+/.exec(text.slice(start, start + most))?.[0] ?? null;
}

function codePoint(code: number): string {
  return code > 0x10ffff ? "" : toByteString(String.fromCodePoint(code));
}
