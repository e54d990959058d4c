import { findExecutable } from "../interpreter/command-lookup.js";
import { refuse, replaceShell } from "../interpreter/external-command.js";
import { writeError } from "../io/write.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellExit } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";

/** `exec command` becomes the command; without one only the redirections stay. */
export const runExec: Builtin = (shell, words) => {
  let index = 1;
  let argv0: string | null = null;
  let isEmpty = false;
  if (shell.dialect !== "dash") {
    for (; index < words.length; index += 1) {
      const word = words[index] ?? "";
      if (word === "-a") {
        argv0 = words[index + 1] ?? "";
        index += 1;
      } else if (word === "-c") isEmpty = true;
      else if (word !== "-l") break;
    }
  }
  if (words[index] === "--") index += 1;
  if (words[index] === undefined) return 0;
  return become(shell, words.slice(index), argv0, isEmpty);
};

function* refuseExec(
  shell: Shell,
  name: string,
  errno: "ENOENT" | "EACCES" | "EISDIR",
): Blocking<number> {
  if (!shell.isBash || errno !== "ENOENT") return yield* refuse(shell, name, errno);
  yield* writeError(shell.sys, errorMessage(shell, `${name}: not found`));
  return 127;
}

function* become(
  shell: Shell,
  words: readonly string[],
  argv0: string | null,
  isEmpty: boolean,
): Blocking<number> {
  const name = words[0] ?? "";
  const found = findExecutable(shell, name);
  let status: number;
  if ("path" in found) {
    if (isEmpty)
      for (const [variable] of shell.variables.environment()) shell.variables.unset(variable);
    status = yield* replaceShell(
      shell,
      found.path,
      argv0 === null ? words : [argv0, ...words.slice(1)],
    );
  } else {
    status = yield* refuseExec(shell, name, found.errno);
  }
  if (shell.options.interactive || (shell.isBash && shell.shopt("execfail"))) return status;
  throw new ShellExit(status);
}
