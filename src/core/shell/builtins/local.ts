import { readOnlyFailure } from "../expansion/arithmetic-expansion.js";
import { assign } from "../interpreter/assignments.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { ReadOnlyVariable } from "../interpreter/variables.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { runDeclare } from "./declare.js";
import { badName, setValue } from "./export.js";

export const runLocal: Builtin = (shell, words, flags) => {
  if (shell.functionDepth === 0) {
    const text = shell.isBash ? "can only be used in a function" : "not in a function";
    throw new ShellError(errorMessage(shell, text), shell.isBash ? 1 : 2, !shell.isBash);
  }
  if (shell.isBash) return runDeclare(shell, words, flags);
  return makeLocals(shell, words);
};

function* makeLocals(shell: Shell, words: readonly string[]): Blocking<number> {
  const { declarations } = shell;
  shell.declarations = null;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const declared = declarations?.get(index);
    const equals = word.indexOf("=");
    const name = declared?.assignment.name ?? (equals < 0 ? word : word.slice(0, equals));
    if (name === "-") continue;
    if (!/^[A-Za-z_]\w*$/.test(name)) throw badName(shell, word, name);
    // The value is expanded before the name is local: `local x=$x`.
    if (declared !== undefined) yield* declareLocal(shell, declared.assignment);
    else {
      makeLocal(shell, name);
      if (equals >= 0) setValue(shell, name, word.slice(equals + 1));
    }
  }
  return 0;
}

function makeLocal(shell: Shell, name: string): void {
  try {
    shell.variables.makeLocal(name, shell.dialect === "dash" ? "all" : "flags");
  } catch (error) {
    if (error instanceof ReadOnlyVariable) throw readOnlyFailure(shell, error);
    throw error;
  }
}

function* declareLocal(shell: Shell, assignment: Parameters<typeof assign>[1]): Blocking<void> {
  makeLocal(shell, assignment.name);
  yield* assign(shell, assignment);
}
