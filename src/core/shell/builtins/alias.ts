import { errorMessage } from "../interpreter/messages.js";
import { ashQuote, singleQuote } from "../interpreter/quoting.js";
import type { Shell } from "../interpreter/shell.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";

export const runAlias: Builtin = (shell, words) => alias(shell, words);

function* alias(shell: Shell, words: readonly string[]): Blocking<number> {
  const operands = words.slice(words[1] === "-p" ? 2 : 1);
  if (operands.length === 0) {
    const names = [...(shell.aliases?.keys() ?? [])].sort();
    return yield* writeLater(shell, names.map((name) => `${describe(shell, name)}\n`).join(""));
  }
  let status = 0;
  for (const operand of operands) {
    const equals = operand.indexOf("=", 1);
    if (equals > 0) {
      shell.aliases ??= new Map();
      shell.aliases.set(operand.slice(0, equals), operand.slice(equals + 1));
    } else if (shell.aliases?.has(operand) === true) {
      yield* writeLater(shell, `${describe(shell, operand)}\n`);
    } else {
      yield* writeError(shell.sys, notFound(shell, "alias", operand));
      status = 1;
    }
  }
  return status;
}

function describe(shell: Shell, name: string): string {
  const value = shell.aliases?.get(name) ?? "";
  switch (shell.dialect) {
    case "ash":
    case "dash":
      return `${name}=${ashQuote(value)}`;
    case "bash":
      return `alias ${name}=${singleQuote(value)}`;
  }
}

function notFound(shell: Shell, builtin: string, name: string): string {
  return shell.isBash
    ? errorMessage(shell, `${name}: not found`)
    : `${shell.dialect === "ash" ? `${shell.name}: ` : ""}${builtin}: ${name} not found\n`;
}

export const runUnalias: Builtin = (shell, words) => unalias(shell, words);

function* unalias(shell: Shell, words: readonly string[]): Blocking<number> {
  if (words[1] === "-a") {
    shell.aliases = null;
    return 0;
  }
  let status = 0;
  for (const name of words.slice(1)) {
    if (shell.aliases?.delete(name) === true) continue;
    yield* writeError(shell.sys, notFound(shell, "unalias", name));
    status = 1;
  }
  return status;
}
