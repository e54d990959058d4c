import { errorMessage } from "../interpreter/messages.js";
import { ShellError, ShellExit } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import type { Builtin } from "./builtin.js";

/** `break` and `continue`, out of as many loops as asked for. */
export const runBreak: Builtin = (shell, words) => leave(shell, words, "break");
export const runContinue: Builtin = (shell, words) => leave(shell, words, "continue");

function leave(shell: Shell, words: readonly string[], how: "break" | "continue"): number {
  const levels = words[1] === undefined ? 1 : parseCount(shell, words[1]);
  if (shell.isBash && shell.loopDepth === 0) {
    const text = "only meaningful in a `for', `while', or `until' loop";
    throw new ShellError(errorMessage(shell, text), 0, false);
  }
  if (levels < 1) {
    if (shell.isBash) {
      shell.skip = "break";
      shell.skipCount = shell.loopDepth;
      throw new ShellError(
        errorMessage(shell, `${words[1] ?? ""}: loop count out of range`),
        1,
        false,
      );
    }
    throw new ShellError(errorMessage(shell, illegalNumber(shell, words[1] ?? "")), 2);
  }
  if (shell.loopDepth === 0) return 0;
  shell.skip = how;
  shell.skipCount = Math.min(levels, shell.loopDepth);
  return 0;
}

function parseCount(shell: Shell, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new ShellError(errorMessage(shell, illegalNumber(shell, text)), shell.isBash ? 128 : 2);
}

export function illegalNumber(shell: Shell, text: string): string {
  switch (shell.dialect) {
    case "ash":
      return `Illegal number: ${text}`;
    case "dash":
      return `Illegal number: ${text}`;
    case "bash":
      return `${text}: numeric argument required`;
  }
}

/** `return`, out of a function or a script that `.` reads. */
export const runReturn: Builtin = (shell, words) => {
  const status = words[1] === undefined ? shell.status : statusArgument(shell, words[1]);
  if (shell.functionDepth === 0 && shell.sourceDepth === 0 && shell.isBash) {
    const text = "can only `return' from a function or sourced script";
    throw new ShellError(errorMessage(shell, text), 2, false);
  }
  shell.skip = "return";
  shell.status = status;
  return status;
};

export const runExit: Builtin = (shell, words) => {
  const status = words[1] === undefined ? shell.status : statusArgument(shell, words[1]);
  throw new ShellExit(status);
};

function statusArgument(shell: Shell, text: string): number {
  const isNumber = shell.isBash ? /^\s*[-+]?\d+\s*$/.test(text) : /^\d+$/.test(text);
  if (!isNumber) {
    throw new ShellError(errorMessage(shell, illegalNumber(shell, text)), 2);
  }
  return Number(text) & 255;
}
