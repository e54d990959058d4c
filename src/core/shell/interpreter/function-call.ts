import type { FunctionDefinition } from "../grammar/index.js";
import { MAX_CALL_DEPTH } from "../limits.js";
import type { Blocking } from "../syscall.js";
import { errorMessage } from "./messages.js";
import { ShellError, TESTED } from "./outcome.js";
import { runTrap } from "./trap-run.js";
import type { Shell } from "./shell.js";

/** Runs a function with its own positional parameters, locals and loops. */
export function* callFunction(
  shell: Shell,
  definition: FunctionDefinition,
  words: readonly string[],
  flags: number,
): Blocking<number> {
  enterCall(shell, definition.name);
  const { positional, loopDepth, optionOffset, commandName } = shell;
  shell.positional = words.slice(1);
  shell.loopDepth = 0;
  shell.functionDepth += 1;
  (shell.functionNames ??= []).push(definition.name);
  shell.variables.pushScope();
  try {
    const outcome = shell.interpreter.execute(shell, definition.body, flags & TESTED);
    let status = typeof outcome === "number" ? outcome : yield* outcome;
    if (shell.skip === "return") {
      shell.skip = null;
      status = shell.status;
    }
    if (shell.isBash && shell.traps.get("RETURN") !== undefined) yield* runTrap(shell, "RETURN");
    return status;
  } finally {
    shell.variables.popScope();
    shell.functionNames.pop();
    shell.functionDepth -= 1;
    shell.callDepth -= 1;
    shell.positional = positional;
    shell.loopDepth = loopDepth;
    shell.optionOffset = optionOffset;
    shell.commandName = commandName;
  }
}

/** Deep recursion ends as an overrun stack does: bash counts (FUNCNEST), the others are killed by SIGSEGV. */
export function enterCall(shell: Shell, name: string): void {
  shell.callDepth += 1;
  if (shell.callDepth <= MAX_CALL_DEPTH) return;
  shell.callDepth -= 1;
  if (!shell.isBash) shell.sys.kill(shell.sys.pid, "SEGV");
  const text = `${name}: maximum function nesting level exceeded (${String(MAX_CALL_DEPTH)})`;
  throw new ShellError(errorMessage(shell, text, null), 139);
}
