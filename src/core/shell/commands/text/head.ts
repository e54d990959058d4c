import { LineReader } from "../../io/line-reader.js";
import { bytesToString } from "../../bytes.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseCount } from "../counts.js";
import { closeInput, openInput } from "../input.js";
import { inputsOf } from "../lines.js";
import { parseOptions } from "../options.js";

/** `head -5` is `head -n 5`. */
export function oldStyleCount(argv: readonly string[]): readonly string[] {
  const first = argv[0] ?? "";
  return /^-\d+$/.test(first) ? ["-n", first.slice(1), ...argv.slice(1)] : argv;
}

export function* head(command: Command): Blocking<number> {
  const options = parseOptions(
    command,
    "n:c:qv",
    { "lines=": "n", "bytes=": "c", quiet: "q", verbose: "v" },
    oldStyleCount(command.operands),
  );
  const inBytes = options.last("nc") === "c";
  const text = (inBytes ? options.value("c") : options.value("n")) ?? "10";
  const isAllBut = text.startsWith("-");
  const count = parseCount(isAllBut ? text.slice(1) : text);
  if (count === null) {
    throw command.failure(
      command.words("invalid number", `invalid number of ${inBytes ? "bytes" : "lines"}:`) +
        ` '${text}'`,
    );
  }
  const files = inputsOf(options.operands);
  const titled = (files.length > 1 && !options.has("q")) || options.has("v");
  for (const [index, path] of files.entries()) {
    let fd: number;
    try {
      fd = openInput(command.sys, path);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.output.flush();
      yield* command.failWith(command.isGnu ? `cannot open '${path}' for reading` : path, error);
      continue;
    }
    if (titled) command.output.add(`${index > 0 ? "\n" : ""}==> ${nameOf(path)} <==\n`);
    try {
      yield* show(command, fd, inBytes, isAllBut, count);
    } finally {
      closeInput(command.sys, fd);
    }
  }
  return command.status;
}

export function nameOf(path: string): string {
  return path === "-" ? "standard input" : path;
}

function* show(
  command: Command,
  fd: number,
  inBytes: boolean,
  isAllBut: boolean,
  count: number,
): Blocking<void> {
  if (inBytes) yield* isAllBut ? allButBytes(command, fd, count) : firstBytes(command, fd, count);
  else yield* isAllBut ? allButLines(command, fd, count) : firstLines(command, fd, count);
}

function* firstBytes(command: Command, fd: number, count: number): Blocking<void> {
  const { sys, output } = command;
  for (let left = count; left > 0;) {
    const bytes = yield* sys.read(fd, Math.min(left, 4096));
    if (bytes.length === 0) return;
    left -= bytes.length;
    output.add(bytesToString(bytes));
    if (output.isFull) yield* output.flush();
    if (!sys.tryCharge(1)) yield* sys.charge(1);
  }
}

function* firstLines(command: Command, fd: number, count: number): Blocking<void> {
  const reader = new LineReader(command.sys, fd, 4096);
  for (let left = count; left > 0; left -= 1) {
    const line = yield* reader.readLine();
    if (line === null) return;
    command.output.add(line.isTerminated ? `${line.text}\n` : line.text);
    if (command.output.isFull) yield* command.output.flush();
  }
}

function* allButLines(command: Command, fd: number, count: number): Blocking<void> {
  const reader = new LineReader(command.sys, fd);
  const held: string[] = [];
  for (;;) {
    const line = yield* reader.readLine();
    if (line === null) return;
    held.push(line.isTerminated ? `${line.text}\n` : line.text);
    command.sys.allocate(line.text.length);
    if (held.length <= count) continue;
    const oldest = held.shift() ?? "";
    command.sys.free(oldest.length);
    command.output.add(oldest);
    if (command.output.isFull) yield* command.output.flush();
  }
}

function* allButBytes(command: Command, fd: number, count: number): Blocking<void> {
  let held = "";
  for (;;) {
    const bytes = yield* command.sys.read(fd, 65_536);
    if (bytes.length === 0) return;
    held += bytesToString(bytes);
    if (held.length <= count) continue;
    command.output.add(held.slice(0, held.length - count));
    held = held.slice(held.length - count);
    yield* command.output.flush();
    if (!command.sys.tryCharge(16)) yield* command.sys.charge(16);
  }
}
