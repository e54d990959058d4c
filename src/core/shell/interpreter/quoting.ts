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

/** `$'a\nb'` */
export function ansiCQuote(text: string): string {
  let body = "";
  for (const character of text) {
    const named = ANSI_C_NAMES[character];
    const code = character.charCodeAt(0);
    if (named !== undefined) body += named;
    else if (code < 32 || code >= 127) body += `\\${code.toString(8).padStart(3, "0")}`;
    else body += character;
  }
  return `$'${body}'`;
}

/** bash's `${x@Q}`, `set`, `export -p`, `declare -p` values. */
export function quoteForBash(text: string): string {
  return NEEDS_ANSI_C.test(text) ? ansiCQuote(text) : singleQuote(text);
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
  if (/[\0-\x1f\x7f-\xff]/.test(text)) return ansiCQuote(text);
  return text.replace(/[\s'"\\|&;()<>!{}*[\]?^$`,]|^[#~]/g, "\\$&");
}
