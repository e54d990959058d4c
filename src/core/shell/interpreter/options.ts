import type { Dialect } from "../grammar/index.js";

/** `set -o` names with their letters, in the order each shell lists them. */
export interface OptionName {
  readonly name: string;
  readonly letter: string | null;
}

// shell/ash.c optletters_optnames, busybox 1.37
const ASH_OPTIONS: readonly OptionName[] = [
  { name: "errexit", letter: "e" },
  { name: "noglob", letter: "f" },
  { name: "ignoreeof", letter: "I" },
  { name: "interactive", letter: "i" },
  { name: "monitor", letter: "m" },
  { name: "noexec", letter: "n" },
  { name: "stdin", letter: "s" },
  { name: "xtrace", letter: "x" },
  { name: "verbose", letter: "v" },
  { name: "noclobber", letter: "C" },
  { name: "allexport", letter: "a" },
  { name: "notify", letter: "b" },
  { name: "nounset", letter: "u" },
  { name: "vi", letter: "V" },
  { name: "pipefail", letter: null },
];

// dash 0.5.12 src/options.c
const DASH_OPTIONS: readonly OptionName[] = [
  { name: "errexit", letter: "e" },
  { name: "noglob", letter: "f" },
  { name: "ignoreeof", letter: "I" },
  { name: "interactive", letter: "i" },
  { name: "monitor", letter: "m" },
  { name: "noexec", letter: "n" },
  { name: "stdin", letter: "s" },
  { name: "xtrace", letter: "x" },
  { name: "verbose", letter: "v" },
  { name: "vi", letter: "V" },
  { name: "emacs", letter: "E" },
  { name: "noclobber", letter: "C" },
  { name: "allexport", letter: "a" },
  { name: "notify", letter: "b" },
  { name: "nounset", letter: "u" },
  { name: "nolog", letter: null },
  { name: "debug", letter: null },
];

// bash 5.2 builtins/set.def
const BASH_OPTIONS: readonly OptionName[] = [
  { name: "allexport", letter: "a" },
  { name: "braceexpand", letter: "B" },
  { name: "emacs", letter: null },
  { name: "errexit", letter: "e" },
  { name: "errtrace", letter: "E" },
  { name: "functrace", letter: "T" },
  { name: "hashall", letter: "h" },
  { name: "histexpand", letter: "H" },
  { name: "history", letter: null },
  { name: "ignoreeof", letter: null },
  { name: "interactive-comments", letter: null },
  { name: "keyword", letter: "k" },
  { name: "monitor", letter: "m" },
  { name: "noclobber", letter: "C" },
  { name: "noexec", letter: "n" },
  { name: "noglob", letter: "f" },
  { name: "nolog", letter: null },
  { name: "notify", letter: "b" },
  { name: "nounset", letter: "u" },
  { name: "onecmd", letter: "t" },
  { name: "physical", letter: "P" },
  { name: "pipefail", letter: null },
  { name: "posix", letter: null },
  { name: "privileged", letter: "p" },
  { name: "verbose", letter: "v" },
  { name: "vi", letter: null },
  { name: "xtrace", letter: "x" },
];

export function optionNames(dialect: Dialect): readonly OptionName[] {
  switch (dialect) {
    case "ash":
      return ASH_OPTIONS;
    case "dash":
      return DASH_OPTIONS;
    case "bash":
      return BASH_OPTIONS;
  }
}

/** The options that change what the interpreter does, as fields; the others are only remembered. */
export class ShellOptions {
  errexit = false;
  nounset = false;
  xtrace = false;
  noglob = false;
  noexec = false;
  noclobber = false;
  allexport = false;
  pipefail = false;
  verbose = false;
  monitor = false;
  interactive = false;
  readonly #others = new Set<string>();

  constructor(readonly dialect: Dialect) {
    if (dialect !== "bash") return;
    for (const name of ["braceexpand", "hashall", "interactive-comments"]) this.#others.add(name);
  }

  fork(): ShellOptions {
    const copy = new ShellOptions(this.dialect);
    copy.#others.clear();
    for (const { name } of optionNames(this.dialect)) copy.set(name, this.get(name));
    return copy;
  }

  get(name: string): boolean {
    switch (name) {
      case "errexit":
      case "nounset":
      case "xtrace":
      case "noglob":
      case "noexec":
      case "noclobber":
      case "allexport":
      case "pipefail":
      case "verbose":
      case "monitor":
      case "interactive":
        return this[name];
      default:
        return this.#others.has(name);
    }
  }

  set(name: string, on: boolean): void {
    switch (name) {
      case "errexit":
      case "nounset":
      case "xtrace":
      case "noglob":
      case "noexec":
      case "noclobber":
      case "allexport":
      case "pipefail":
      case "verbose":
      case "monitor":
      case "interactive":
        this[name] = on;
        return;
      default:
        if (on) this.#others.add(name);
        else this.#others.delete(name);
    }
  }

  byLetter(letter: string): string | null {
    return optionNames(this.dialect).find((option) => option.letter === letter)?.name ?? null;
  }

  isName(name: string): boolean {
    return optionNames(this.dialect).some((option) => option.name === name);
  }

  /** `$-`; `extra` adds the letters of how the shell was started (`c`, `s`). */
  letters(extra: string): string {
    const names = optionNames(this.dialect);
    const set = names.filter(({ name, letter }) => letter !== null && this.get(name));
    const letters = set.map(({ letter }) => letter);
    if (this.dialect !== "bash") return letters.join("") + extra;
    return [...letters].sort(bashLetterOrder).join("") + extra;
  }
}

/** bash lists the letters of its flag table: lower case first, in the alphabet's order. */
function bashLetterOrder(a: string | null, b: string | null): number {
  const rank = (letter: string | null): number =>
    letter === null ? 0 : letter.charCodeAt(0) + (letter < "a" ? 100 : 0);
  return rank(a) - rank(b);
}
