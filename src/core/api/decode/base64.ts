import { byteLength } from "../meta/go-format.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Why Go's base64.StdEncoding refuses a text; null when it decodes. Line breaks are skipped. */
export function base64Problem(text: string): string | null {
  const at = (offset: number): string => `illegal base64 data at input byte ${String(offset)}`;
  let digits = 0;
  let offset = 0;
  while (offset < text.length) {
    const character = text.charAt(offset);
    if (character === "=") return paddingProblem(text, offset, digits, at);
    if (character !== "\r" && character !== "\n") {
      if (!ALPHABET.includes(character)) return at(byteLength(text.slice(0, offset)));
      digits += 1;
    }
    offset += 1;
  }
  // An unfinished group is reported at its start.
  return digits % 4 === 0 ? null : at(offset - (digits % 4));
}

function paddingProblem(
  text: string,
  offset: number,
  digits: number,
  at: (offset: number) => string,
): string | null {
  const needed = { 2: 2, 3: 1 }[digits % 4];
  if (needed === undefined) return at(offset);
  const rest = text.slice(offset).replace(/[\r\n]/g, "");
  if (rest.startsWith("=".repeat(needed))) {
    return rest.length === needed ? null : at(offset + needed);
  }
  return at(text.length);
}

/** Bytes of a base64 text that was validated before. */
export function base64ByteLength(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** The UTF-8 bytes of a text as base64: `stringData` of a Secret becomes `data`. */
export function base64OfText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let encoded = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second, third] = bytes.subarray(index, index + 3);
    encoded += digit(first >> 2);
    encoded += digit(((first & 3) << 4) | ((second ?? 0) >> 4));
    encoded += second === undefined ? "=" : digit(((second & 15) << 2) | ((third ?? 0) >> 6));
    encoded += third === undefined ? "=" : digit(third & 63);
  }
  return encoded;
}

function digit(value: number): string {
  return ALPHABET.charAt(value);
}

/** The text whose UTF-8 bytes a base64 text holds; what is no UTF-8 becomes U+FFFD. */
export function textOfBase64(encoded: string): string {
  const bytes: number[] = [];
  for (let index = 0; index + 3 < encoded.length; index += 4) {
    const [a = 0, b = 0, c = -1, d = -1] = [0, 1, 2, 3].map((offset) =>
      ALPHABET.indexOf(encoded.charAt(index + offset)),
    );
    bytes.push((a << 2) | (b >> 4));
    if (c >= 0) bytes.push(((b & 15) << 4) | (c >> 2));
    if (d >= 0) bytes.push(((c & 3) << 6) | d);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
