import type { Blocking } from "../syscall.js";

/**
 * What running something gives: its exit status at once, or a generator that will give it. Most commands of a script end without
 * waiting for anything, and then no generator is made.
 */
export type Outcome = number | Blocking<number>;

/** The shell (or subshell) ends now. */
export class ShellExit extends Error {
  override readonly name = "ShellExit";

  constructor(readonly status: number) {
    super(`exit ${String(status)}`);
  }
}

/**
 * An error that ends a shell which is not interactive, unless `command` or the dialect saves it. `text` goes to standard error where
 * it is caught: it may have to wait there.
 */
export class ShellError extends Error {
  override readonly name = "ShellError";

  constructor(
    readonly text: string,
    readonly status: number,
    /** bash goes on after most errors that end a POSIX shell: only the command fails. */
    readonly isFatal = true,
  ) {
    super(text);
  }
}

/** How a command is run. Bits. */
export const PLAIN = 0;
/** Its status decides something (`if`, `&&`, `!`), so `set -e` does not look at it. */
export const TESTED = 1;
/** Nothing follows it in this process: an external command may take the process over. */
export const FINAL = 2;

/** Why the commands after the present one are passed over. */
export type Skip = "break" | "continue" | "return" | null;
