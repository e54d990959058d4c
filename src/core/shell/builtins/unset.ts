import { elementKey, readOnlyFailure } from "../expansion/arithmetic-expansion.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { ReadOnlyVariable } from "../interpreter/variables.js";
import type { Builtin } from "./builtin.js";
import { badName } from "./export.js";

export const runUnset: Builtin = (shell, words) => {
  let index = 1;
  let which: "f" | "v" | null = null;
  for (; /^-[fvn]+$/.test(words[index] ?? ""); index += 1) {
    which = (words[index] ?? "").includes("f") ? "f" : "v";
  }
  if (words[index] === "--") index += 1;
  let status = 0;
  for (const name of words.slice(index)) status = unsetOne(shell, name, which) || status;
  return status;
};

function unsetOne(shell: Shell, name: string, which: "f" | "v" | null): number {
  if (which === "f") {
    shell.functions.delete(name);
    return 0;
  }
  if (shell.isBash && unsetElement(shell, name)) return 0;
  const isName = /^[A-Za-z_]\w*$/.test(name);
  if (shell.isBash && which === null && takesFunction(shell, name, isName)) {
    shell.functions.delete(name);
    return 0;
  }
  if (!isName) throw badName(shell, name, name);
  try {
    shell.variables.unset(name);
    return 0;
  } catch (error) {
    if (!(error instanceof ReadOnlyVariable)) throw error;
    if (!shell.isBash) throw readOnlyFailure(shell, error);
    throw new ShellError(errorMessage(shell, `${name}: cannot unset: readonly variable`), 1, false);
  }
}

/** bash takes for a function what cannot be a variable, or is none. */
function takesFunction(shell: Shell, name: string, isName: boolean): boolean {
  return !isName || (shell.variables.find(name) === undefined && shell.functions.has(name));
}

/** `unset 'x[1]'`; false where the word has no subscript. */
function unsetElement(shell: Shell, word: string): boolean {
  const match = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(word);
  if (match === null) return false;
  const variable = shell.variables.find(match[1] ?? "");
  const subscript = (match[2] ?? "").replace(/^(['"])(.*)\1$/s, "$2");
  if (subscript === "@" || subscript === "*") variable?.elements?.clear();
  else variable?.elements?.delete(elementKey(shell, variable, subscript));
  return true;
}
