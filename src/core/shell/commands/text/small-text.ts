import { bytesToString, stringToBytes } from "../../bytes.js";
import { NAME_BYTES } from "../../../vfs/index.js";
import { describeFailure } from "../../errno-text.js";
import { readAll } from "../../io/read-file.js";
import type { Blocking } from "../../syscall.js";
import { formatTime } from "../../text/time-format.js";
import { parseCount } from "../counts.js";
import type { Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import { eachLine, eachLineOf, inputsOf, openOperand, readLines } from "../lines.js";
import { Output } from "../output.js";
import { parseOptions } from "../options.js";

/** Runs of printable characters, four or more. */
export function* strings(command: Command): Blocking<number> {
  const options = parseOptions(
    command,
    "an:fot:",
    {},
    command.operands.map((word) => (/^-\d+$/.test(word) ? `-n${word.slice(1)}` : word)),
  );
  const least = Number(options.value("n") ?? 4);
  for (const path of inputsOf(options.operands)) {
    const fd = yield* openOperand(command, path);
    if (fd === null) continue;
    let run = "";
    const end = (): void => {
      if (run.length >= least) command.output.add(`${options.has("f") ? `${path}: ` : ""}${run}\n`);
      run = "";
    };
    for (;;) {
      const bytes = yield* command.sys.read(fd, 65_536);
      if (bytes.length === 0) break;
      for (const character of bytesToString(bytes)) {
        if (character === "\t" || (character >= " " && character <= "~")) run += character;
        else end();
      }
      if (command.output.isFull) yield* command.output.flush();
      if (!command.sys.tryCharge(16)) yield* command.sys.charge(16);
    }
    end();
    closeInput(command.sys, fd);
  }
  return command.status;
}

/** Files of so many lines or bytes: `xaa`, `xab`, … */
export function* split(command: Command): Blocking<number> {
  const options = parseOptions(command, "l:b:a:", {
    "lines=": "l",
    "bytes=": "b",
    "suffix-length=": "a",
  });
  const [input = "-", prefix = "x"] = options.operands;
  const width = Number(options.value("a") ?? 2);
  // coreutils/split.c, 1.37.
  if (!(prefix.length + width <= NAME_BYTES)) throw command.failure("suffix too long");
  const bytes = options.value("b");
  const size = parseCount(bytes ?? options.value("l") ?? "1000");
  if (size === null || size < 1)
    throw command.failure(`invalid number '${bytes ?? options.value("l") ?? ""}'`);
  let fd: number;
  try {
    fd = openInput(command.sys, input);
  } catch (error) {
    throw command.failure(`can't open '${input}': ${describeFailure(error)}`);
  }
  const pieces = new Pieces(command, prefix, width);
  if (bytes !== undefined) yield* splitBytes(command, fd, size, pieces);
  else yield* splitLines(command, fd, size, pieces);
  yield* pieces.close();
  return 0;
}

class Pieces {
  #count = 0;
  #fd = -1;
  #output: Output | null = null;

  constructor(
    private readonly command: Command,
    private readonly prefix: string,
    private readonly width: number,
  ) {}

  *next(): Blocking<Output> {
    yield* this.close();
    const name = this.prefix + this.#suffix();
    this.#count += 1;
    this.#fd = this.command.sys.open(name, { write: true, create: true, truncate: true }, 0o666);
    this.#output = new Output(this.command.sys, this.#fd);
    return this.#output;
  }

  #suffix(): string {
    let text = "";
    let rest = this.#count;
    for (let place = 0; place < this.width; place += 1) {
      text = String.fromCharCode(97 + (rest % 26)) + text;
      rest = Math.floor(rest / 26);
    }
    if (rest > 0) throw this.command.failure("suffixes exhausted");
    return text;
  }

  *close(): Blocking<void> {
    if (this.#output === null) return;
    yield* this.#output.flush();
    this.command.sys.close(this.#fd);
    this.#output = null;
  }
}

function* splitBytes(command: Command, fd: number, size: number, pieces: Pieces): Blocking<void> {
  for (let left = 0, output: Output | null = null; ;) {
    const bytes = yield* command.sys.read(fd, Math.min(65_536, left === 0 ? size : left));
    if (bytes.length === 0) return;
    if (left === 0) {
      output = yield* pieces.next();
      left = size;
    }
    left -= bytes.length;
    output?.add(bytesToString(bytes));
    if (output !== null) yield* output.flush();
    if (!command.sys.tryCharge(2)) yield* command.sys.charge(2);
  }
}

function* splitLines(command: Command, fd: number, size: number, pieces: Pieces): Blocking<void> {
  let batch: string[] = [];
  const batches: string[][] = [];
  yield* eachLineOf(command, fd, (line) => {
    batch.push(line.isTerminated ? `${line.text}\n` : line.text);
    command.sys.allocate(line.text.length + 16);
    if (batch.length === size) {
      batches.push(batch);
      batch = [];
    }
    return true;
  });
  if (batch.length > 0) batches.push(batch);
  for (const lines of batches) {
    const output = yield* pieces.next();
    for (const line of lines) output.add(line);
  }
}

const NUMBERS_PER_CHARGE = 1024;
const MEMORY_PER_NUMBER = 32;
const STEPS_PER_CHARGE = 16;

/** In a seeded order. */
export function* shuf(command: Command): Blocking<number> {
  const options = parseOptions(command, "ei:n:o:z", {
    "input-range=": "i",
    "head-count=": "n",
    echo: "e",
  });
  const range = /^(\d+)-(\d+)$/.exec(options.value("i") ?? "");
  let lines: string[] = [];
  if (range !== null) {
    for (let value = Number(range[1]); value <= Number(range[2]); value += 1) {
      lines.push(String(value));
      if (lines.length % NUMBERS_PER_CHARGE !== 0) continue;
      command.sys.allocate(NUMBERS_PER_CHARGE * MEMORY_PER_NUMBER);
      yield* command.sys.charge(STEPS_PER_CHARGE);
    }
  } else if (options.has("e")) lines = [...options.operands];
  else lines = yield* readLines(command, options.operands[0] ?? "-");
  const most = Math.min(lines.length, Number(options.value("n") ?? Infinity));
  for (let index = 0; index < most; index += 1) {
    const other = index + Math.floor(command.sys.random() * (lines.length - index));
    [lines[index], lines[other]] = [lines[other] ?? "", lines[index] ?? ""];
    command.output.add(`${lines[index] ?? ""}\n`);
    if (index % NUMBERS_PER_CHARGE === 0) yield* command.sys.charge(STEPS_PER_CHARGE);
    if (command.output.isFull) yield* command.output.flush();
  }
  return command.status;
}

/** `dos2unix` and `unix2dos`: the named files are changed, standard input is passed on. */
export function* convertLineEnds(command: Command): Blocking<number> {
  const options = parseOptions(command, "ud");
  const toUnix = options.has("u") || (command.name === "dos2unix" && !options.has("d"));
  const convert = (text: string): string =>
    toUnix ? text.replaceAll("\r\n", "\n") : text.replace(/\r?\n/g, "\r\n");
  if (options.operands.length === 0) {
    command.output.add(convert(yield* readAll(command.sys, 0)));
    return 0;
  }
  for (const path of options.operands) {
    const { sys } = command;
    try {
      const input = sys.open(path, { read: true });
      const text = yield* readAll(sys, input);
      sys.close(input);
      const output = sys.open(path, { write: true, truncate: true });
      yield* sys.write(output, stringToBytes(convert(text)));
      sys.close(output);
    } catch (error) {
      yield* command.failWith(path, error);
    }
  }
  return command.status;
}

/** Each line with the time in front of it. */
export function* ts(command: Command): Blocking<number> {
  const format = command.operands.find((word) => !word.startsWith("-")) ?? "%b %d %H:%M:%S";
  yield* eachLine(command, "-", (line) => {
    command.output.add(`${formatTime(format, command.sys.nowMs())} ${line.text}\n`);
    return true;
  });
  return 0;
}
