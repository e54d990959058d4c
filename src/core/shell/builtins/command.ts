import { findAll, findExecutable } from "../interpreter/command-lookup.js";
import type { Shell } from "../interpreter/shell.js";
import { ashQuote, singleQuote } from "../interpreter/quoting.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";
import { isKeyword } from "./keywords.js";
import { describeCommand } from "./type.js";
import { writeLater } from "./echo.js";
import { errorMessage } from "../interpreter/messages.js";

const STANDARD_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** `command name …` passes over functions; `-v` and `-V` tell what a name is. */
export const runCommand: Builtin = (shell, words, flags) => {
  let index = 1;
  let usesStandardPath = false;
  let asks: "v" | "V" | null = null;
  for (; /^-[pvV]+$/.test(words[index] ?? ""); index += 1) {
    const letters = words[index] ?? "";
    usesStandardPath ||= letters.includes("p");
    asks = letters.includes("V") ? "V" : letters.includes("v") ? "v" : asks;
  }
  if (words[index] === "--") index += 1;
  const rest = words.slice(index);
  if (asks !== null) return tell(shell, rest, asks);
  const name = rest[0];
  if (name === undefined) return 0;
  const isBuiltin = shell.findBuiltin(name) !== null;
  return shell.interpreter.runWords(shell, rest, {
    skipFunctions: true,
    onlyBuiltins: false,
    path: usesStandardPath && !isBuiltin ? STANDARD_PATH : null,
    flags,
  });
};

function* tell(shell: Shell, names: readonly string[], how: "v" | "V"): Blocking<number> {
  let status = shell.isBash ? 1 : 0;
  for (const name of names) {
    const text = how === "v" ? shortDescription(shell, name) : describeCommand(shell, name);
    if (text !== null) {
      yield* writeLater(shell, `${text}\n`);
      status = 0;
      continue;
    }
    if (how === "V") {
      const missing = shell.isBash
        ? errorMessage(shell, `${name}: not found`)
        : `${name}: not found\n`;
      if (shell.isBash) yield* writeError(shell.sys, missing);
      else yield* writeLater(shell, missing);
    }
    status = shell.isBash ? 1 : 127;
  }
  return status;
}

function shortDescription(shell: Shell, name: string): string | null {
  const alias = shell.aliases?.get(name);
  if (alias !== undefined) {
    return `alias ${name}=${shell.isBash ? singleQuote(alias) : ashQuote(alias)}`;
  }
  if (shell.functions.has(name) || shell.findBuiltin(name) !== null || isKeyword(name)) return name;
  const found = findExecutable(shell, name);
  if (!("path" in found)) return null;
  if (!name.includes("/")) return found.path;
  return findAll(shell, name).length > 0 ? name : null;
}
