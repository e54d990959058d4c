import type { Builtin } from "./builtin.js";

/** bash's `builtin name`: passes over functions and programs. */
export const runBuiltinBuiltin: Builtin = (shell, words, flags) =>
  shell.interpreter.runWords(shell, words.slice(1), {
    skipFunctions: true,
    onlyBuiltins: true,
    path: null,
    flags,
  });
