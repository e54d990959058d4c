import { concatenateBytes } from "../../bytes.js";
import type { Blocking, Sys } from "../../syscall.js";
import { parseCount } from "../counts.js";
import type { Command } from "../command.js";
import { closeInput } from "../input.js";
import { inputsOf, openOperand } from "../lines.js";
import { parseOptions, type Options } from "../options.js";

const WIDTH = 16;

/** Bytes of all operands in lines of 16. */
function* blocks(
  command: Command,
  operands: readonly string[],
  skip: number,
  most: number,
  use: (block: Uint8Array) => void,
  width = WIDTH,
): Blocking<void> {
  let left = most;
  let toSkip = skip;
  let pending: Uint8Array = new Uint8Array(0);
  for (const path of inputsOf(operands)) {
    const fd = yield* openOperand(command, path);
    if (fd === null) continue;
    toSkip = yield* skipBytes(command.sys, fd, toSkip);
    while (left > 0) {
      const bytes = yield* command.sys.read(fd, Math.min(4096, left));
      if (bytes.length === 0) break;
      left -= bytes.length;
      pending = concatenateBytes([pending, bytes]);
      let at = 0;
      for (; at + width <= pending.length; at += width) use(pending.subarray(at, at + width));
      pending = pending.slice(at);
      yield* command.output.flush();
      const steps = 1 + bytes.length / WIDTH;
      if (!command.sys.tryCharge(steps)) yield* command.sys.charge(steps);
    }
    closeInput(command.sys, fd);
  }
  if (pending.length > 0) use(pending);
}

function* skipBytes(sys: Sys, fd: number, count: number): Blocking<number> {
  let left = count;
  while (left > 0) {
    const bytes = yield* sys.read(fd, Math.min(left, 65_536));
    if (bytes.length === 0) break;
    left -= bytes.length;
  }
  return left;
}

/** `hexdump`, `hexdump -C` (also as `hd`) and the one-letter formats. */
export function* hexdump(command: Command): Blocking<number> {
  const options = parseOptions(command, "bcCdoxe:f:n:s:v");
  const canonical = options.has("C") || command.name === "hd";
  const skip = parseCount(options.value("s") ?? "0") ?? 0;
  const most = parseCount(options.value("n") ?? "") ?? Infinity;
  let address = skip;
  let last = "";
  let isRepeating = false;
  const show = lineFormat(options, canonical);
  yield* blocks(command, options.operands, skip, most, (block) => {
    const key = block.join();
    if (key === last && block.length === WIDTH && !options.has("v")) {
      if (!isRepeating) command.output.add("*\n");
      isRepeating = true;
    } else {
      isRepeating = false;
      command.output.add(`${addressText(address, canonical)}${show(block)}\n`);
    }
    last = key;
    address += block.length;
  });
  if (address > skip) command.output.add(`${addressText(address, canonical)}\n`);
  return command.status;
}

function addressText(address: number, isLong: boolean): string {
  return address.toString(16).padStart(isLong ? 8 : 7, "0");
}

function lineFormat(options: Options, canonical: boolean): (block: Uint8Array) => string {
  if (canonical) return canonicalLine;
  if (options.has("b"))
    return (block) => bytesLine(block, (byte) => byte.toString(8).padStart(3, "0"));
  if (options.has("c")) return (block) => bytesLine(block, characterName);
  const [radix, width, pad] = options.has("d")
    ? [10, 8, 5]
    : options.has("o")
      ? [8, 8, 6]
      : options.has("x")
        ? [16, 8, 4]
        : [16, 5, 4];
  return (block) => wordsLine(block, radix, width, pad);
}

function bytesLine(block: Uint8Array, show: (byte: number) => string): string {
  return Array.from(block, (byte) => ` ${show(byte).padStart(3)}`)
    .join("")
    .padEnd(WIDTH * 4);
}

function wordsLine(block: Uint8Array, radix: number, width: number, pad: number): string {
  let line = "";
  for (let at = 0; at < block.length; at += 2) {
    const value = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    line += value.toString(radix).padStart(pad, "0").padStart(width);
  }
  return line.padEnd((WIDTH / 2) * width);
}

function canonicalLine(block: Uint8Array): string {
  const cells = Array.from(block, (byte, index) => {
    const gap = index === 0 || index === 8 ? "  " : " ";
    return gap + byte.toString(16).padStart(2, "0");
  }).join("");
  const text = Array.from(block, (byte) =>
    byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".",
  ).join("");
  return `${cells.padEnd(50)}  |${text}|`;
}

const NAMES: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

function characterName(byte: number): string {
  const known = NAMES[byte];
  if (known !== undefined) return known;
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0");
}

/** `xxd`, `xxd -p` and `xxd -r`. */
export function* xxd(command: Command): Blocking<number> {
  const options = parseOptions(command, "pg:c:l:s:ruo:i");
  const isPlain = options.has("p");
  const width = Number(options.value("c") ?? (isPlain ? 30 : WIDTH));
  const group = Number(options.value("g") ?? 2);
  const most = parseCount(options.value("l") ?? "") ?? Infinity;
  const skip = parseCount(options.value("s") ?? "0") ?? 0;
  if (options.has("r")) return yield* reverse(command, options, isPlain);
  const digits = (byte: number): string => {
    const text = byte.toString(16).padStart(2, "0");
    return options.has("u") ? text.toUpperCase() : text;
  };
  let address = skip;
  yield* blocks(
    command,
    options.operands,
    skip,
    most,
    (block) => {
      if (isPlain) command.output.add(`${Array.from(block, digits).join("")}\n`);
      else
        command.output.add(
          `${address.toString(16).padStart(8, "0")}: ${xxdLine(block, width, group, digits)}\n`,
        );
      address += block.length;
    },
    width,
  );
  return command.status;
}

function xxdLine(
  block: Uint8Array,
  width: number,
  group: number,
  digits: (byte: number) => string,
): string {
  let line = "";
  for (const [index, byte] of block.entries()) {
    line += digits(byte);
    if (group > 0 && (index + 1) % group === 0) line += " ";
  }
  const full = width * 2 + (group > 0 ? Math.ceil(width / group) : 0);
  const text = Array.from(block, (byte) =>
    byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".",
  ).join("");
  return `${line.padEnd(full)} ${text}`;
}

function* reverse(command: Command, options: Options, isPlain: boolean): Blocking<number> {
  let text = "";
  yield* blocks(command, options.operands, 0, Infinity, (block) => {
    text += String.fromCharCode(...block);
  });
  let result = "";
  for (const line of text.split("\n")) {
    const body = isPlain ? line : line.replace(/^[0-9a-fA-F]+:/, "").replace(/ {2}.*$/, "");
    for (const pair of body.replace(/\s+/g, "").match(/[0-9a-fA-F]{2}/g) ?? []) {
      result += String.fromCharCode(parseInt(pair, 16));
    }
  }
  command.output.add(result);
  return 0;
}
