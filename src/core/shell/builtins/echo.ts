import { echoText } from "../text/echo-text.js";
import { writeNow, writeText } from "../io/write.js";
import type { Shell } from "../interpreter/shell.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";

export const runEcho: Builtin = (shell, words) => {
  const text = echoText(words, shell.dialect, shell.shopt("xpg_echo"));
  return writeNow(shell.sys, 1, text) ? 0 : writeLater(shell, text);
};

/** Writes what a builtin made; waits where the other end is slow. */
export function* writeLater(shell: Shell, text: string): Blocking<number> {
  yield* writeText(shell.sys, 1, text);
  return 0;
}
