import { findAll, findExecutable } from "../interpreter/command-lookup.js";
import { errorMessage } from "../interpreter/messages.js";
import type { Shell } from "../interpreter/shell.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { writeLater } from "./echo.js";
import { isKeyword } from "./keywords.js";

export const runType: Builtin = (shell, words) => tellTypes(shell, words);

function* tellTypes(shell: Shell, words: readonly string[]): Blocking<number> {
  let index = 1;
  let letters = "";
  for (; shell.isBash && /^-[aftpP]+$/.test(words[index] ?? ""); index += 1) {
    letters += words[index] ?? "";
  }
  let status = 0;
  for (const name of words.slice(index)) {
    const text = letters.includes("t")
      ? typeWord(shell, name)
      : /[pP]/.test(letters)
        ? pathOf(shell, name)
        : describeCommand(shell, name);
    if (text !== null) {
      yield* writeLater(shell, `${text}\n`);
      continue;
    }
    status = shell.isBash ? 1 : 127;
    if (shell.isBash && letters === "") {
      yield* writeError(shell.sys, errorMessage(shell, `${name}: not found`));
    } else if (!shell.isBash) {
      yield* writeLater(shell, `${name}: not found\n`);
    }
  }
  return status;
}

/** `type -t` */
function typeWord(shell: Shell, name: string): string | null {
  if (shell.aliases?.has(name) === true) return "alias";
  if (isKeyword(name) || name === "[[" || name === "time") return "keyword";
  if (shell.functions.has(name)) return "function";
  if (shell.findBuiltin(name) !== null) return "builtin";
  return pathOf(shell, name) === null ? null : "file";
}

function pathOf(shell: Shell, name: string): string | null {
  if (shell.findBuiltin(name) !== null || shell.functions.has(name)) return null;
  return findAll(shell, name)[0] ?? null;
}

/** What `type` and `command -V` print. */
export function describeCommand(shell: Shell, name: string): string | null {
  if (isKeyword(name)) {
    return shell.isBash ? `${name} is a shell keyword` : `${name} is a shell keyword`;
  }
  const alias = shell.aliases?.get(name);
  if (alias !== undefined) {
    return shell.isBash ? `${name} is aliased to \`${alias}'` : `${name} is an alias for ${alias}`;
  }
  const definition = shell.functions.get(name);
  if (definition !== undefined) {
    if (!shell.isBash) {
      return shell.dialect === "ash" ? `${name} is a function` : `${name} is a shell function`;
    }
    return `${name} is a function\n${definition.source}`;
  }
  const builtin = shell.findBuiltin(name);
  if (builtin !== null) {
    const isSpecial = builtin.isSpecial && !shell.isBash && name !== "local";
    return `${name} is a ${isSpecial ? "special " : ""}shell builtin`;
  }
  const found = findExecutable(shell, name);
  if (!("path" in found) || findAll(shell, name).length === 0) return null;
  return `${name} is ${found.path}`;
}
