import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import { ShellError, ShellExit } from "./outcome.js";
import type { Shell } from "./shell.js";
import type { TrapName } from "./traps.js";

/** Runs the actions of the signals that came. `$?` is afterwards what it was before. */
export function* runPendingTraps(shell: Shell): Blocking<void> {
  if (shell.traps.takeFailure()) yield* runTrap(shell, "ERR");
  for (let name = shell.traps.takePending(); name !== undefined; name = shell.traps.takePending()) {
    yield* runTrap(shell, name);
    if (shell.skip === "return") return;
  }
}

export function* runTrap(shell: Shell, name: TrapName): Blocking<void> {
  const action = shell.traps.get(name);
  if (action === undefined || action === "") return;
  const { status, line, commandName, pipeStatuses } = shell;
  yield* shell.interpreter.runText(shell, action, 0);
  if (shell.skip === null) shell.status = status;
  shell.pipeStatuses = pipeStatuses;
  shell.line = line;
  shell.commandName = commandName;
}

/** The EXIT trap runs once; its own `exit` decides the status. */
export function* runExitTrap(shell: Shell, status: number): Blocking<number> {
  const action = shell.traps.get("EXIT");
  if (action === undefined || action === "") return status;
  shell.traps.reset("EXIT");
  shell.status = status;
  shell.skip = null;
  try {
    yield* shell.interpreter.runText(shell, action, 0);
    return status;
  } catch (error) {
    if (error instanceof ShellExit) return error.status;
    if (!(error instanceof ShellError)) throw error;
    yield* writeError(shell.sys, error.text);
    return error.status;
  }
}
