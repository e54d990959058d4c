import type { Parts } from "../paced.js";
import { TextBuilder } from "../text/text-builder.js";

/** `'it'\''s'`: how shells print a value so that it can be read back. */
export function singleQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** busybox ash: `'it'"'"'s'` (shell/ash.c single_quote, 1.37); dash prints the same. */
export function ashQuote(text: string): string {
  const pieces = text.match(/[^']+|'+/g) ?? [];
  if (pieces.length === 0) return "''";
  return pieces.map((piece) => (piece.startsWith("'") ? `"${piece}"` : `'${piece}'`)).join("");
}

const RESERVED = /^(?:!|case|do|done|elif|else|esac|fi|for|function|if|in|then|until|while|\{|\})$/;

/** ash's `set -x`: quotes only where it is needed, and reserved words (shell/ash.c maybe_single_quote, 1.37). */
export function ashTraceQuote(text: string): string {
  return /^[+-:@A-Z\]^_a-z]*$/.test(text) && !RESERVED.test(text) ? text : ashQuote(text);
}

const NEEDS_ANSI_C = /[\0-\x1f\x7f-\xff]/;

const ANSI_C_NAMES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\x1b": "\\E",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  "'": "\\'",
};

/** What stands for each byte in `$'…'`. */
const ANSI_C_BY_CODE = Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  const isPlain = code >= 32 && code < 127;
  return (
    ANSI_C_NAMES[character] ?? (isPlain ? character : `\\${code.toString(8).padStart(3, "0")}`)
  );
});

/** `$'a\nb'` */
export function ansiCQuote(text: string): string {
  return `$'${ansiCBody(text)}'`;
}

function ansiCBody(text: string): string {
  const body = new TextBuilder(text.length * 2);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const quoted = ANSI_C_BY_CODE[code] ?? "";
    if (quoted.length === 1) body.addSlice(text, index, index + 1);
    else body.addSlice(quoted, 0, quoted.length);
  }
  return body.toString();
}

/** bash's `${x@Q}`, `set`, `export -p`, `declare -p` values. */
export function quoteForBash(text: string): string {
  return NEEDS_ANSI_C.test(text) ? ansiCQuote(text) : singleQuote(text);
}

const CHARACTERS_PER_PART = 65_536;
const STEPS_PER_PART = 64;

/** As `quoteForBash`, in parts. */
export function* quoteForBashInParts(text: string): Parts<string> {
  if (text.length <= CHARACTERS_PER_PART) return quoteForBash(text);
  if (NEEDS_ANSI_C.test(text)) return `$'${yield* inParts(text, ansiCBody)}'`;
  return `'${yield* inParts(text, (part) => part.replaceAll("'", "'\\''"))}'`;
}

/** As `backslashQuote`, in parts. */
export function* backslashQuoteInParts(text: string): Parts<string> {
  if (text.length <= CHARACTERS_PER_PART) return backslashQuote(text);
  if (NEEDS_ANSI_C.test(text)) return `$'${yield* inParts(text, ansiCBody)}'`;
  const first = /^[#~]/.test(text) ? "\\" : "";
  return first + (yield* inParts(text, backslashed));
}

function* inParts(text: string, quote: (part: string) => string): Parts<string> {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += CHARACTERS_PER_PART) {
    parts.push(quote(text.slice(at, at + CHARACTERS_PER_PART)));
    yield STEPS_PER_PART;
  }
  return parts.join("");
}

/** bash's `set -x`: quotes only where a character asks for it (lib/sh/shquote.c sh_contains_shell_metas, 5.2). */
export function bashTraceQuote(text: string): string {
  if (text === "") return "''";
  if (NEEDS_ANSI_C.test(text)) return ansiCQuote(text);
  return /[\s'"\\|&;()<>!{}*[\]?^$`]|^[#~]|=~|:~/.test(text) ? singleQuote(text) : text;
}

/** `printf %q` and completion: backslashes. */
export function backslashQuote(text: string): string {
  if (text === "") return "''";
  if (NEEDS_ANSI_C.test(text)) return ansiCQuote(text);
  return (/^[#~]/.test(text) ? "\\" : "") + backslashed(text);
}

const backslashed = (text: string): string => text.replace(/[\s'"\\|&;()<>!{}*[\]?^$`,]/g, "\\$&");
