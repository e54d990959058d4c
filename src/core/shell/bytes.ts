/**
 * Inside a container text is bytes, as in C's own locale: a **byte string** is a JavaScript string whose characters are bytes (0 to
 * 255). What scripts read, cut and print round-trips exactly, and V8 keeps such strings at one byte a character. Every string that
 * crosses `Sys` (paths, arguments, environment) is a byte string; text that enters from outside is turned into one once.
 */

const ASCII_ONLY = /^[\0-\x7f]*$/;
const encoder = new TextEncoder();

/** UTF-8 bytes of `text` as a byte string. */
export function toByteString(text: string): string {
  return ASCII_ONLY.test(text) ? text : bytesToString(encoder.encode(text));
}

/** Characters past 255 cannot occur in a byte string; should one slip in, its UTF-8 is written. */
export function stringToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 255) return encoder.encode(text);
    bytes[index] = code;
  }
  return bytes;
}

const DECODE_BATCH = 8192;

export function bytesToString(bytes: Uint8Array): string {
  if (bytes.length <= DECODE_BATCH) return String.fromCharCode.apply(null, asNumbers(bytes));
  let text = "";
  for (let start = 0; start < bytes.length; start += DECODE_BATCH) {
    text += String.fromCharCode.apply(null, asNumbers(bytes.subarray(start, start + DECODE_BATCH)));
  }
  return text;
}

/** `apply` takes any array-like; its type says an array. */
function asNumbers(bytes: Uint8Array): number[] {
  return bytes as unknown as number[];
}

export function concatenateBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const all = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
