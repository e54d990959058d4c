import { bytesToString } from "../../bytes.js";
import { readAll } from "../../io/read-file.js";
import { describeFailure } from "../../errno-text.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import { parseOptions } from "../options.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LINE_CHARACTERS = 76;

export function* base64(command: Command): Blocking<number> {
  const options = parseOptions(command, "diw:", {
    decode: "d",
    "ignore-garbage": "i",
    "wrap=": "w",
  });
  const path = options.operands[0] ?? "-";
  let text: string;
  try {
    const fd = openInput(command.sys, path);
    text = yield* readAll(command.sys, fd);
    closeInput(command.sys, fd);
  } catch (error) {
    throw command.failure(`can't open '${path}': ${describeFailure(error)}`);
  }
  if (options.has("d")) {
    const decoded = decodeBase64(text);
    if (decoded === null) throw command.failure("truncated input");
    command.output.add(decoded);
    return 0;
  }
  const width = Number(options.value("w") ?? LINE_CHARACTERS);
  const encoded = encodeBase64(text);
  if (width === 0) command.output.add(encoded);
  else
    for (let at = 0; at < encoded.length; at += width)
      command.output.add(`${encoded.slice(at, at + width)}\n`);
  return 0;
}

/** Of a byte string. */
export function encodeBase64(text: string): string {
  let result = "";
  for (let at = 0; at < text.length; at += 3) {
    // Past the end charCodeAt gives NaN, which is no bits.
    const bits =
      (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2);
    const left = text.length - at;
    result += LETTERS.charAt(bits >> 18) + LETTERS.charAt((bits >> 12) & 63);
    result += left > 1 ? LETTERS.charAt((bits >> 6) & 63) : "=";
    result += left > 2 ? LETTERS.charAt(bits & 63) : "=";
  }
  return result;
}

/** Null when the input ends inside a group. */
export function decodeBase64(text: string): string | null {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  let count = 0;
  for (const character of text) {
    if (character === "=") break;
    const value = LETTERS.indexOf(character);
    if (value < 0) continue;
    count += 1;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 255);
  }
  return count % 4 === 1 ? null : bytesToString(Uint8Array.from(bytes));
}
