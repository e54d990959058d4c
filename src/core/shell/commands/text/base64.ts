import { bytesToString } from "../../bytes.js";
import { readAll } from "../../io/read-file.js";
import { describeFailure } from "../../errno-text.js";
import type { Parts } from "../../paced.js";
import type { Blocking } from "../../syscall.js";
import { doParts } from "../lines.js";
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
    throw command.failure(`${path}: ${describeFailure(error)}`);
  }
  if (options.has("d")) {
    const isWhole = yield* decodeInto(command, text);
    // coreutils/uudecode.c read_base64, 1.37
    if (!isWhole) throw command.failure(command.isGnu ? "invalid input" : "truncated input");
    return 0;
  }
  yield* doParts(command, encodeInto(command, text, Number(options.value("w") ?? LINE_CHARACTERS)));
  return 0;
}

/** Bytes that are encoded, or letters that are decoded, in one part: whole groups. */
const PART = 49_152;
const STEPS_PER_PART = 48;

function* encodeInto({ output }: Command, text: string, width: number): Parts<void> {
  let column = 0;
  for (let at = 0; at < text.length; at += PART) {
    const encoded = encodeBase64(text.slice(at, at + PART));
    for (let start = 0; start < encoded.length;) {
      const end = width > 0 ? start + width - column : encoded.length;
      output.add(encoded.slice(start, end));
      column += Math.min(end, encoded.length) - start;
      start = end;
      if (column !== width) continue;
      output.add("\n");
      column = 0;
    }
    yield STEPS_PER_PART;
  }
  if (width > 0 && column > 0) output.add("\n");
}

/** Of a byte string. */
export function encodeBase64(text: string): string {
  const result = new Uint8Array(Math.ceil(text.length / 3) * 4);
  let length = 0;
  for (let at = 0; at < text.length; at += 3) {
    // Past the end charCodeAt gives NaN, which is no bits.
    const bits =
      (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2);
    for (let shift = 18; shift >= 0; shift -= 6) {
      result[length] = LETTERS.charCodeAt((bits >> shift) & 63);
      length += 1;
    }
  }
  const padding = (3 - (text.length % 3)) % 3;
  result.fill(LETTERS_END, length - padding);
  return bytesToString(result);
}

const LETTERS_END = "=".charCodeAt(0);
const VALUES = new Int8Array(256).fill(-1);
for (const [value, letter] of Array.from(LETTERS).entries()) VALUES[letter.charCodeAt(0)] = value;

/** False when the input ends inside a group: GNU's writes what there is of it, busybox's nothing. libbb/uuencode.c decode_base64, 1.37 */
function* decodeInto(command: Command, text: string): Blocking<boolean> {
  const pieces: string[] = [];
  const end = text.indexOf("=");
  const length = end < 0 ? text.length : end;
  let bits = 0;
  let count = 0;
  for (let from = 0; from < length; from += PART) {
    const bytes = new Uint8Array(PART);
    let made = 0;
    for (let index = from; index < Math.min(length, from + PART); index += 1) {
      const value = VALUES[text.charCodeAt(index) & 255] ?? -1;
      if (value < 0) continue;
      bits = ((bits << 6) | value) & 0xffff;
      count += 1;
      if (count % 4 === 1) continue;
      bytes[made] = (bits >> (((4 - (count % 4)) * 2) % 8)) & 255;
      made += 1;
    }
    pieces.push(bytesToString(bytes.subarray(0, made)));
    yield* command.sys.charge(STEPS_PER_PART);
  }
  const padding = /=*/.exec(text.slice(length, length + 2))?.[0].length ?? 0;
  const isWhole = (count + padding) % 4 === 0;
  const unwritten = isWhole || command.isGnu ? 0 : Math.max(0, (count % 4) - 1);
  // A group may begin in the last part but one.
  const tail = pieces.splice(-2).join("");
  for (const piece of pieces) command.output.add(piece);
  command.output.add(tail.slice(0, tail.length - unwritten));
  return isWhole;
}
