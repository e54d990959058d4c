/** How Go prints values: messages of Kubernetes are built with these. */

const ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** strconv.Quote (`%q`): double quotes, Go escapes, unprintable runes as \x, \u or \U. */
export function quote(text: string): string {
  let quoted = "";
  for (const character of text) quoted += ESCAPES[character] ?? quoteRune(character);
  return `"${quoted}"`;
}

function quoteRune(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (isPrintable(character, code)) return character;
  if (code < 0x80) return `\\x${hexadecimal(code, 2)}`;
  return code > 0xffff ? `\\U${hexadecimal(code, 8)}` : `\\u${hexadecimal(code, 4)}`;
}

/** unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
function isPrintable(character: string, code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
}

function hexadecimal(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** json.Marshal: as JSON.stringify, with <, > and & and the line separators escaped. */
export function marshal(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${hexadecimal(character.charCodeAt(0), 4)}`,
  );
}

/** len() of a Go string: bytes of its UTF-8 form. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      index += 1;
    } else bytes += 3;
  }
  return bytes;
}
