import type { Command } from "../command.js";
import { parseOptions } from "../options.js";

export function tty(command: Command): number {
  const isTerminal = command.sys.isTerminal(0);
  const isQuiet = command.operands.includes("-s");
  if (!isQuiet) command.output.add(isTerminal ? "/dev/pts/0\n" : "not a tty\n");
  return isTerminal ? 0 : 1;
}

export function stty(command: Command): number {
  const size = command.sys.terminalSize(0);
  if (size === null) throw command.failure("standard input: Inappropriate ioctl for device");
  const { columns, rows } = size;
  const [what] = command.operands;
  if (what === "size") command.output.add(`${rows} ${columns}\n`);
  else if (what === undefined || what === "-a") {
    command.output.add(`speed 38400 baud; rows ${rows}; columns ${columns};\n`);
  }
  return 0;
}

export function clear(command: Command): number {
  command.output.add("\x1b[H\x1b[J");
  return 0;
}

export function reset(command: Command): number {
  if (command.sys.isTerminal(1)) command.output.add("\x1bc\x1b(B\x1b[m\x1b[J\x1b[?25h");
  return 0;
}

/** What is written is on the simulated disk at once. */
export function sync(command: Command): number {
  parseOptions(command, "df");
  return 0;
}

export function logger(command: Command): number {
  // There is no /dev/log in a container: the message goes nowhere, as with busybox.
  parseOptions(command, "st:p:");
  return 0;
}
