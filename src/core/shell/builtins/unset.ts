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
  const element = shell.isBash ? /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(name) : null;
  if (element !== null) {
    const variable = shell.variables.find(element[1] ?? "");
    const subscript = (element[2] ?? "").replace(/^(['"])(.*)\1$/s, "$2");
    if (subscript === "@" || subscript === "*") variable?.elements?.clear();
    else variable?.elements?.delete(elementKey(shell, variable, subscript));
    return 0;
  }
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    // bash takes what cannot be a variable for a function.
    if (shell.isBash && which === null) {
      shell.functions.delete(name);
      return 0;
    }
    throw badName(shell, name, name);
  }
  if (
    which === null &&
    shell.isBash &&
    shell.variables.find(name) === undefined &&
    shell.functions.has(name)
  ) {
    shell.functions.delete(name);
    return 0;
  }
  try {
    shell.variables.unset(name);
    return 0;
  } catch (error) {
    if (!(error instanceof ReadOnlyVariable)) throw error;
    if (!shell.isBash) throw readOnlyFailure(shell, error);
    throw new ShellError(errorMessage(shell, `${name}: cannot unset: readonly variable`), 1, false);
  }
}
