import { LineReader, type Line } from "../io/line-reader.js";
import { SysError, type Blocking } from "../syscall.js";
import type { Command } from "./command.js";
import { closeInput, openInput } from "./input.js";

/** Files named on a command line, or standard input. */
export function inputsOf(operands: readonly string[]): readonly string[] {
  return operands.length === 0 ? ["-"] : operands;
}

/** Opens an operand; says why not and gives null when it cannot be. */
export function* openOperand(command: Command, path: string): Blocking<number | null> {
  try {
    return openInput(command.sys, path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.failWith(path, error);
    return null;
  }
}

/** Reads a file's lines into `use`, which may stop by returning false. What it adds to the output gets out as the buffer fills. */
export function* eachLine(
  command: Command,
  path: string,
  use: (line: Line) => boolean | undefined,
): Blocking<void> {
  const fd = yield* openOperand(command, path);
  if (fd === null) return;
  try {
    yield* eachLineOf(command, fd, use);
  } catch (error) {
    if (!(error instanceof SysError) || error.errno !== "EISDIR") throw error;
    yield* command.failWith(path, error);
  } finally {
    closeInput(command.sys, fd);
  }
}

export function* eachLineOf(
  command: Command,
  fd: number,
  use: (line: Line) => boolean | undefined,
  delimiter?: number,
): Blocking<void> {
  const reader = new LineReader(command.sys, fd, undefined, delimiter);
  const { output } = command;
  for (;;) {
    const line = reader.takeBuffered() ?? (yield* reader.readLine());
    if (line === null || use(line) === false) return;
    if (output.isFull) yield* output.flush();
  }
}

/** All lines of a file, held in memory that counts. */
export function* readLines(command: Command, path: string): Blocking<string[]> {
  const lines: string[] = [];
  let bytes = 0;
  yield* eachLine(command, path, (line) => {
    lines.push(line.text);
    bytes += line.text.length + 32;
    if (bytes >= 16_384) {
      command.sys.allocate(bytes);
      bytes = 0;
    }
    return true;
  });
  return lines;
}
