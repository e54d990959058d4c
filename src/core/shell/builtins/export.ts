import { readOnlyFailure } from "../expansion/arithmetic-expansion.js";
import { assign } from "../interpreter/assignments.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import { ashQuote } from "../interpreter/quoting.js";
import type { Shell } from "../interpreter/shell.js";
import { EXPORTED, READ_ONLY, scalarValue } from "../interpreter/variable.js";
import { declaration } from "../interpreter/variable-listing.js";
import { ReadOnlyVariable } from "../interpreter/variables.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runExport: Builtin = (shell, words) => mark(shell, words, EXPORTED);
export const runReadonly: Builtin = (shell, words) => mark(shell, words, READ_ONLY);

function* mark(shell: Shell, words: readonly string[], flag: number): Blocking<number> {
  const { declarations } = shell;
  shell.declarations = null;
  let index = 1;
  let removes = false;
  let functions = false;
  for (; /^-[pnfaA]+$/.test(words[index] ?? ""); index += 1) {
    removes ||= (words[index] ?? "").includes("n");
    functions ||= (words[index] ?? "").includes("f");
  }
  if (words[index] === "--") index += 1;
  if (index >= words.length) return yield* writeLater(shell, listing(shell, flag));
  if (functions) return 0;
  let status = 0;
  for (; index < words.length; index += 1) {
    const declared = declarations?.get(index);
    if (declared !== undefined) {
      yield* assign(shell, declared.assignment);
      setFlag(shell, declared.assignment.name, flag, removes);
    } else {
      status = markWord(shell, words[index] ?? "", flag, removes) ?? status;
    }
  }
  return status;
}

function markWord(shell: Shell, word: string, flag: number, removes: boolean): number | null {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  if (!/^[A-Za-z_]\w*$/.test(name)) throw badName(shell, word, name);
  if (equals >= 0) setValue(shell, name, word.slice(equals + 1));
  setFlag(shell, name, flag, removes);
  return null;
}

export function badName(shell: Shell, word: string, name: string): ShellError {
  switch (shell.dialect) {
    case "ash":
      return new ShellError(errorMessage(shell, `${name}: bad variable name`), 2);
    case "dash":
      return new ShellError(errorMessage(shell, `${name}: bad variable name`), 2);
    case "bash":
      return new ShellError(errorMessage(shell, `\`${word}': not a valid identifier`), 1, false);
  }
}

export function setValue(shell: Shell, name: string, value: string): void {
  try {
    shell.variables.set(name, value);
  } catch (error) {
    if (error instanceof ReadOnlyVariable) throw readOnlyFailure(shell, error);
    throw error;
  }
}

function setFlag(shell: Shell, name: string, flag: number, removes: boolean): void {
  const variable = shell.variables.declare(name, removes ? 0 : flag);
  if (removes) variable.flags &= ~flag;
}

/** `export -p` */
function listing(shell: Shell, flag: number): string {
  const word = flag === EXPORTED ? "export" : "readonly";
  const lines: string[] = [];
  for (const [name, variable] of shell.variables.entries()) {
    if ((variable.flags & flag) === 0) continue;
    if (shell.isBash) {
      lines.push(`${declaration(name, variable)}\n`);
      continue;
    }
    const value = scalarValue(variable);
    const quoted = ashQuote(value ?? "");
    lines.push(value === undefined ? `${word} ${name}\n` : `${word} ${name}=${quoted}\n`);
  }
  return lines.sort().join("");
}
