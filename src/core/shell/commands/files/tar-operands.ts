import { describeFailure } from "../../errno-text.js";
import { readAll } from "../../io/read-file.js";
import type { Blocking } from "../../syscall.js";
import { CommandFailure, type Command } from "../command.js";
import { closeInput, openInput } from "../input.js";
import type { Options } from "../options.js";

/** What there is to say where nothing is to be packed. */
export function emptyArchive(command: Command): CommandFailure {
  if (!command.isGnu) return command.failure("empty archive");
  return new CommandFailure(
    "tar: Cowardly refusing to create an empty archive\n" +
      "Try 'tar --help' or 'tar --usage' for more information.\n",
    2,
  );
}

/** The last word after a file that could not be packed. */
export function* tellOfErrors(command: Command): Blocking<void> {
  yield* command.complain(
    command.isGnu
      ? "Exiting with failure status due to previous errors"
      : "error exit delayed from previous errors",
  );
}

/** Lines of the files that an option names: `-T` and `-X`. */
export function* listed(command: Command, options: Options, letter: "T" | "X"): Blocking<string[]> {
  const lines: string[] = [];
  for (const path of options.all(letter)) {
    const fd = openOr(command, path, () => openInput(command.sys, path));
    const text = yield* readAll(command.sys, fd);
    closeInput(command.sys, fd);
    lines.push(...text.split("\n").filter((line) => line !== ""));
  }
  return lines;
}

/** @throws CommandFailure that names the file */
export function openOr(command: Command, path: string, open: () => number): number {
  try {
    return open();
  } catch (error) {
    const why = describeFailure(error);
    if (!command.isGnu) throw command.failure(`can't open '${path}': ${why}`);
    const text = `tar: ${path}: Cannot open: ${why}\ntar: Error is not recoverable: exiting now\n`;
    throw new CommandFailure(text, 2);
  }
}
