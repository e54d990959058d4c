import type { Dialect } from "../grammar/index.js";
import type { Outcome } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";

/** A command that the shell itself runs. `words[0]` is its name. */
export type Builtin = (shell: Shell, words: readonly string[], flags: number) => Outcome;

export interface BuiltinEntry {
  readonly name: string;
  readonly run: Builtin;
  /** POSIX's special builtins: found before functions; their errors end the shell. */
  readonly isSpecial: boolean;
  /** Its arguments may be assignments, whose values are not split. */
  readonly declares: boolean;
  readonly dialects: readonly Dialect[];
}
