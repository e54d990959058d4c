import { echoText } from "../text/echo-text.js";
import { writeNow, writeText } from "../io/write.js";
import { pacedNow } from "../paced.js";
import type { Outcome } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";

export const runEcho: Builtin = (shell, words) => {
  const text = echoText(words, shell.dialect, shell.shopt("xpg_echo"));
  if (typeof text === "string") return print(shell, text);
  const made = pacedNow(shell.sys, text);
  return typeof made === "string" ? print(shell, made) : printLater(shell, made);
};

const print = (shell: Shell, text: string): Outcome =>
  writeNow(shell.sys, 1, text) ? 0 : writeLater(shell, text);

function* printLater(shell: Shell, text: Blocking<string>): Blocking<number> {
  return yield* writeLater(shell, yield* text);
}

/** Writes what a builtin made; waits where the other end is slow. */
export function* writeLater(shell: Shell, text: string): Blocking<number> {
  yield* writeText(shell.sys, 1, text);
  return 0;
}
