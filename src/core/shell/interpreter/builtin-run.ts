import { describeFailure } from "../errno-text.js";
import type { BuiltinEntry } from "../builtins/builtin.js";
import { writeError } from "../io/write.js";
import { SysError, type Blocking } from "../syscall.js";
import { appletMessage, errorMessage } from "./messages.js";
import { ShellError, ShellExit, type Outcome } from "./outcome.js";
import type { Shell } from "./shell.js";

/** Runs a builtin in this process. */
export function runBuiltin(
  shell: Shell,
  builtin: BuiltinEntry,
  words: readonly string[],
  flags: number,
): Outcome {
  const named = shell.commandName;
  // `command` leaves no trace in messages (shell/ash.c evalcommand takes it off before it runs anything).
  if (builtin.name !== "command") shell.commandName = words[0] ?? null;
  try {
    const outcome = builtin.run(shell, words, flags);
    if (typeof outcome !== "number") return runLater(shell, builtin, outcome, named);
    shell.commandName = named;
    return outcome;
  } catch (error) {
    return failed(shell, builtin, error, named);
  }
}

function* runLater(
  shell: Shell,
  builtin: BuiltinEntry,
  outcome: Blocking<number>,
  named: string | null,
): Blocking<number> {
  try {
    return yield* outcome;
  } catch (error) {
    return yield* failed(shell, builtin, error, named);
  } finally {
    shell.commandName = named;
  }
}

function writeFailure(shell: Shell, name: string, error: SysError): string {
  if (shell.dialect === "dash") return errorMessage(shell, `${name}: I/O error`);
  // busybox's printf says nothing.
  if (shell.dialect === "ash" && name === "printf") return "";
  return appletMessage(shell, `write error: ${describeFailure(error)}`);
}

/** An error in a special builtin ends a POSIX shell; in another it is only the builtin's failure. */
function* failed(
  shell: Shell,
  builtin: BuiltinEntry,
  error: unknown,
  named: string | null,
): Blocking<number> {
  if (error instanceof ShellError) {
    const endsShell = builtin.isSpecial && !shell.isBash && error.isFatal;
    // Written now, while the builtin's redirections last.
    yield* writeError(shell.sys, error.text);
    shell.commandName = named;
    if (endsShell) throw new ShellExit(error.status);
    if (shell.isBash && error.isFatal) throw new ShellError("", error.status);
    return error.status;
  }
  if (error instanceof SysError) {
    // What the builtin wrote could not be written.
    yield* writeError(shell.sys, writeFailure(shell, builtin.name, error));
    shell.commandName = named;
    return 1;
  }
  if (error instanceof ShellExit) shell.commandName = named;
  throw error;
}
