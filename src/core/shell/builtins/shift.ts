import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Builtin } from "./builtin.js";
import { illegalNumber } from "./control.js";

export const runShift: Builtin = (shell, words) => {
  const text = words[1];
  if (text !== undefined && !/^\d+$/.test(text)) {
    throw new ShellError(errorMessage(shell, illegalNumber(shell, text)), shell.isBash ? 1 : 2);
  }
  const count = text === undefined ? 1 : Number(text);
  if (count > shell.positionalCount) {
    // ash says nothing (shell/ash.c shiftcmd: "could be an error"); dash ends.
    if (shell.dialect === "dash")
      throw new ShellError(errorMessage(shell, "can't shift that many"), 2);
    return 1;
  }
  shell.shiftPositional(count);
  return 0;
};
