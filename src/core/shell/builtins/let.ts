import { isZero } from "../arithmetic/index.js";
import { evaluateText } from "../expansion/arithmetic-expansion.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Builtin } from "./builtin.js";

/** True when the last expression is not zero. */
export const runLet: Builtin = (shell, words) => {
  if (words.length < 2) {
    throw new ShellError(errorMessage(shell, "expression expected"), shell.isBash ? 1 : 2, false);
  }
  let last = true;
  for (const word of words.slice(1)) last = !isZero(evaluateText(shell, word));
  return last ? 0 : 1;
};
