import { LineReader, type Line } from "../io/line-reader.js";
import type { Parts } from "../paced.js";
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

/**
 * What is done with a line, which may be as long as memory is: whether to go on, or parts that give the steps they took. What it adds to the
 * output gets out as the buffer fills, also between two parts.
 */
export type UseLine = (line: Line) => boolean | Parts<void>;

/** Reads a file's lines into `use`. */
export function* eachLine(command: Command, path: string, use: UseLine): Blocking<void> {
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
  use: UseLine,
  delimiter?: number,
): Blocking<void> {
  const reader = new LineReader(command.sys, fd, undefined, delimiter);
  const { output } = command;
  for (;;) {
    const line = reader.takeBuffered() ?? (yield* reader.readLine());
    if (line === null) return;
    const outcome = use(line);
    if (outcome === false) return;
    if (outcome !== true) yield* doParts(command, outcome);
    if (output.isFull) yield* output.flush();
  }
}

/** Work in parts that add to the output. */
export function* doParts(command: Command, parts: Parts<void>): Blocking<void> {
  const { output, sys } = command;
  for (let part = parts.next(); part.done !== true; part = parts.next()) {
    if (!sys.tryCharge(part.value)) yield* sys.charge(part.value);
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
