import { errorMessage } from "../interpreter/messages.js";
import { optionNames } from "../interpreter/options.js";
import { ShellError } from "../interpreter/outcome.js";
import { ashQuote, quoteForBash } from "../interpreter/quoting.js";
import type { Shell } from "../interpreter/shell.js";
import { isArray, scalarValue, type Variable } from "../interpreter/variable.js";
import { elementList } from "../interpreter/variable-listing.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runSet: Builtin = (shell, words) => {
  if (words.length === 1) return writeLater(shell, variableListing(shell));
  let index = 1;
  for (; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--") return setPositional(shell, words.slice(index + 1));
    if (word === "-") {
      shell.options.xtrace = false;
      shell.options.verbose = false;
      if (index + 1 < words.length) setPositional(shell, words.slice(index + 1));
      return 0;
    }
    if (!/^[-+]./.test(word)) return setPositional(shell, words.slice(index));
    const next = words[index + 1];
    const listed = setLetters(shell, word, next);
    if (listed === "next") index += 1;
    else if (listed !== null) return writeLater(shell, listed);
  }
  return 0;
};

function setPositional(shell: Shell, positional: readonly string[]): number {
  shell.positional = positional;
  shell.optionOffset = 0;
  return 0;
}

/** @returns "next" when the following word was used, or the text that `set -o` alone prints */
function setLetters(shell: Shell, word: string, next: string | undefined): string | null {
  const on = word.startsWith("-");
  for (const letter of word.slice(1)) {
    if (letter === "o") {
      if (next === undefined) return optionListing(shell, on);
      setNamed(shell, next, on);
      return "next";
    }
    const name = shell.options.byLetter(letter);
    if (name === null) throw unknownOption(shell, `${on ? "-" : "+"}${letter}`);
    shell.options.set(name, on);
  }
  return null;
}

function setNamed(shell: Shell, name: string, on: boolean): void {
  if (shell.options.isName(name)) {
    shell.options.set(name, on);
    return;
  }
  const sign = on ? "-" : "+";
  switch (shell.dialect) {
    case "ash":
      throw new ShellError(errorMessage(shell, `illegal option ${sign}o ${name}`), 2);
    case "dash":
      throw new ShellError(errorMessage(shell, `Illegal option ${sign}o ${name}`), 2);
    case "bash":
      throw new ShellError(errorMessage(shell, `${name}: invalid option name`), 2, false);
  }
}

function unknownOption(shell: Shell, option: string): ShellError {
  switch (shell.dialect) {
    case "ash":
      return new ShellError(errorMessage(shell, `illegal option ${option}`), 2);
    case "dash":
      return new ShellError(errorMessage(shell, `Illegal option ${option}`), 2);
    case "bash": {
      const usage = "set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n";
      const text = errorMessage(shell, `${option}: invalid option`) + usage;
      return new ShellError(text, 2, false);
    }
  }
}

/** `set -o` shows a table, `set +o` commands that bring the options back. */
function optionListing(shell: Shell, asTable: boolean): string {
  const names = optionNames(shell.dialect).map(({ name }) => name);
  const lines = names.map((name) => {
    const on = shell.options.get(name);
    if (!asTable) return `set ${on ? "-" : "+"}o ${name}\n`;
    const width = shell.isBash ? 15 : 16;
    return shell.isBash
      ? `${name.padEnd(width)}\t${on ? "on" : "off"}\n`
      : `${name.padEnd(width)}${on ? "on" : "off"}\n`;
  });
  const isAlphabetical = shell.isBash;
  const head = !shell.isBash && asTable ? "Current option settings\n" : "";
  return head + (isAlphabetical ? lines.sort() : lines).join("");
}

/** All variables, quoted so that they can be read back, in the order of their names. */
function variableListing(shell: Shell): string {
  const lines: string[] = [];
  for (const [name, variable] of shell.variables.entries()) {
    const line = assignmentText(shell, name, variable);
    if (line !== null) lines.push(line);
  }
  return lines.sort().join("");
}

function assignmentText(shell: Shell, name: string, variable: Variable): string | null {
  if (isArray(variable) && variable.elements !== null)
    return `${name}=(${elementList(variable)})\n`;
  const value = scalarValue(variable);
  if (value === undefined) return null;
  switch (shell.dialect) {
    case "ash":
    case "dash":
      return `${name}=${ashQuote(value)}\n`;
    case "bash":
      return `${name}=${/^[\w./:@%+,-]*$/.test(value) ? value : quoteForBash(value)}\n`;
  }
}
