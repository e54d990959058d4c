import { errnoText } from "../errno-text.js";
import { writeError } from "../io/write.js";
import { SysError, type Blocking, type SpawnOptions, type Sys } from "../syscall.js";
import { errorMessage } from "./messages.js";
import { ShellError, ShellExit, type Outcome } from "./outcome.js";
import type { Shell } from "./shell.js";
import { runExitTrap } from "./trap-run.js";

/** Forks the shell; the child runs `body` with its own copy of the shell's state. @throws ShellError when no process can be made */
export function forkShell(
  shell: Shell,
  body: (child: Shell) => Outcome,
  options?: SpawnOptions,
): number {
  try {
    return shell.sys.fork(shell.name, (sys: Sys) => runToEnd(shell.fork(sys), body), options);
  } catch (error) {
    if (error instanceof SysError) throw forkFailure(shell, error);
    throw error;
  }
}

export function forkFailure(shell: Shell, error: SysError): ShellError {
  const why = errnoText(error.errno);
  switch (shell.dialect) {
    case "ash":
      return new ShellError(errorMessage(shell, `can't fork: ${why}`), 2);
    case "dash":
      return new ShellError(errorMessage(shell, "Cannot fork"), 2);
    case "bash":
      return new ShellError(errorMessage(shell, `fork: ${why}`), 254, false);
  }
}

/** Runs a whole shell process: whatever ends it becomes its exit status, and its EXIT trap has the last word. */
export function* runToEnd(shell: Shell, body: (shell: Shell) => Outcome): Blocking<number> {
  const status = yield* runCaught(shell, body);
  return yield* runExitTrap(shell, status);
}

export function* runCaught(shell: Shell, body: (shell: Shell) => Outcome): Blocking<number> {
  try {
    const outcome = body(shell);
    return typeof outcome === "number" ? outcome : yield* outcome;
  } catch (error) {
    return yield* endedBy(shell, error);
  }
}

function* endedBy(shell: Shell, error: unknown): Blocking<number> {
  if (error instanceof ShellExit) return error.status;
  if (error instanceof ShellError) {
    yield* writeError(shell.sys, error.text);
    return error.status;
  }
  if (error instanceof SysError) {
    // A call that failed where no builtin catches it: the descriptor table is full, the disk is.
    yield* writeError(shell.sys, errorMessage(shell, errnoText(error.errno)));
    return 2;
  }
  throw error;
}
