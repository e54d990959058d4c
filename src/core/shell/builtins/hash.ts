import { findExecutable } from "../interpreter/command-lookup.js";
import { errorMessage } from "../interpreter/messages.js";
import type { Shell } from "../interpreter/shell.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runHash: Builtin = (shell, words) => hash(shell, words);

function* hash(shell: Shell, words: readonly string[]): Blocking<number> {
  if (words[1] === "-r") {
    shell.locations = null;
    return 0;
  }
  const names = words.slice(1).filter((word) => !word.startsWith("-"));
  if (names.length === 0) {
    const paths = [...(shell.locations?.values() ?? [])];
    if (shell.isBash && paths.length === 0) {
      return yield* writeLater(shell, "hash: hash table empty\n");
    }
    const head = shell.isBash ? "hits\tcommand\n" : "";
    const lines = paths.map((path) => (shell.isBash ? `   1\t${path}\n` : `${path}\n`));
    return yield* writeLater(shell, head + lines.join(""));
  }
  let status = 0;
  for (const name of names) {
    if (shell.findBuiltin(name) !== null || shell.functions.has(name)) continue;
    if ("path" in findExecutable(shell, name)) continue;
    yield* writeError(shell.sys, errorMessage(shell, `${name}: not found`));
    status = 1;
  }
  return status;
}
