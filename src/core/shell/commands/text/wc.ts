import { BYTES_PER_STEP, IO_CHUNK_BYTES } from "../../limits.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import { inputsOf } from "../lines.js";
import { parseOptions } from "../options.js";

interface Counts {
  lines: number;
  words: number;
  bytes: number;
  longest: number;
}

export function* wc(command: Command): Blocking<number> {
  const options = parseOptions(command, "lwcmL", {
    lines: "l",
    words: "w",
    bytes: "c",
    chars: "m",
    "max-line-length": "L",
  });
  const asked = options.order.join("");
  const wanted = asked === "" ? "lwc" : asked;
  const files = inputsOf(options.operands);
  const isPlain = files.length === 1 && wanted.length === 1;
  const width = command.isGnu ? gnuWidth(command, options.operands) : 9;
  const total: Counts = { lines: 0, words: 0, bytes: 0, longest: 0 };
  for (const path of files) {
    const counts = yield* countFile(command, path);
    if (counts === null) continue;
    total.lines += counts.lines;
    total.words += counts.words;
    total.bytes += counts.bytes;
    total.longest = Math.max(total.longest, counts.longest);
    const name = options.operands.length === 0 ? "" : path;
    command.output.add(format(counts, wanted, name, isPlain, width));
  }
  if (files.length > 1) command.output.add(format(total, wanted, "total", isPlain, width));
  return command.status;
}

// coreutils/wc.c: one number of one file stands alone, others in columns of nine.
function format(
  counts: Counts,
  wanted: string,
  name: string,
  isPlain: boolean,
  width: number,
): string {
  const numbers: number[] = [];
  if (wanted.includes("l")) numbers.push(counts.lines);
  if (wanted.includes("w")) numbers.push(counts.words);
  if (wanted.includes("c") || wanted.includes("m")) numbers.push(counts.bytes);
  if (wanted.includes("L")) numbers.push(counts.longest);
  const columns = isPlain
    ? String(numbers[0])
    : numbers.map((number) => String(number).padStart(width)).join(" ");
  return `${columns}${name === "" ? "" : ` ${name}`}\n`;
}

/** GNU's columns are as wide as the bytes of all files together need, and seven where a pipe is read (src/wc.c, compute_number_width). */
function gnuWidth(command: Command, operands: readonly string[]): number {
  let bytes = 0;
  for (const path of operands.length === 0 ? ["-"] : operands) {
    try {
      const stat = path === "-" ? command.sys.fstat(0) : command.sys.stat(path);
      if (stat.type !== "file") return 7;
      bytes += stat.sizeBytes;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
  }
  return String(bytes).length;
}

function* countFile(command: Command, path: string): Blocking<Counts | null> {
  let fd: number | null = null;
  try {
    fd = openInput(command.sys, path);
    return yield* count(command, fd);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.failWith(path, error);
    return error.errno === "EISDIR" ? { lines: 0, words: 0, bytes: 0, longest: 0 } : null;
  } finally {
    if (fd !== null) closeInput(command.sys, fd);
  }
}

function* count(command: Command, fd: number): Blocking<Counts> {
  const { sys } = command;
  const counts: Counts = { lines: 0, words: 0, bytes: 0, longest: 0 };
  let inWord = false;
  let width = 0;
  for (;;) {
    const bytes = yield* sys.read(fd, IO_CHUNK_BYTES);
    if (bytes.length === 0) break;
    counts.bytes += bytes.length;
    for (const byte of bytes) {
      if (byte === 10) {
        counts.lines += 1;
        counts.longest = Math.max(counts.longest, width);
        width = 0;
      } else if (byte === 9) width = (Math.floor(width / 8) + 1) * 8;
      else if (byte >= 32 && byte < 127) width += 1;
      const isBlank = byte === 32 || (byte >= 9 && byte <= 13);
      if (!isBlank && !inWord) counts.words += 1;
      inWord = !isBlank;
    }
    const steps = 1 + Math.floor(bytes.length / BYTES_PER_STEP);
    if (!sys.tryCharge(steps)) yield* sys.charge(steps);
  }
  counts.longest = Math.max(counts.longest, width);
  return counts;
}
