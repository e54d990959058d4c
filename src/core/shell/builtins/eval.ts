import { errnoText } from "../errno-text.js";
import { errorMessage } from "../interpreter/messages.js";
import { PLAIN, ShellError, TESTED } from "../interpreter/outcome.js";
import { enterCall } from "../interpreter/function-call.js";
import type { Shell } from "../interpreter/shell.js";
import { readAll } from "../io/read-file.js";
import { pathDirectories } from "../text/search-path.js";
import { SysError, type Blocking } from "../syscall.js";
import type { Builtin } from "./builtin.js";

export const runEval: Builtin = (shell, words, flags) => {
  const text = words
    .slice(1)
    .filter((word, index) => index > 0 || word !== "--")
    .join(" ");
  if (text.trim() === "") return 0;
  return evaluate(shell, text, flags & TESTED);
};

function* evaluate(shell: Shell, text: string, flags: number): Blocking<number> {
  enterCall(shell, "eval");
  const named = shell.commandName;
  try {
    return yield* shell.interpreter.runText(shell, text, flags);
  } finally {
    shell.callDepth -= 1;
    shell.commandName = named;
  }
}

/** `. file`: runs it here; bash also gives it arguments. */
export const runSource: Builtin = (shell, words) => {
  const path = words[1] === "--" ? words[2] : words[1];
  if (path === undefined) {
    if (!shell.isBash) return 0;
    throw new ShellError(errorMessage(shell, "filename argument required"), 2, false);
  }
  return source(shell, path, words.slice(2));
};

function* source(shell: Shell, path: string, positional: readonly string[]): Blocking<number> {
  enterCall(shell, path);
  const text = yield* readSource(shell, path);
  const saved = shell.positional;
  const { loopDepth } = shell;
  shell.sourceDepth += 1;
  shell.loopDepth = 0;
  if (positional.length > 0 && shell.dialect !== "dash") shell.positional = positional;
  try {
    const status = yield* shell.interpreter.runText(shell, text, PLAIN);
    if (shell.skip !== "return") return status;
    shell.skip = null;
    return shell.status;
  } finally {
    shell.callDepth -= 1;
    shell.sourceDepth -= 1;
    shell.loopDepth = loopDepth;
    shell.positional = saved;
  }
}

function* readSource(shell: Shell, path: string): Blocking<string> {
  const { sys } = shell;
  try {
    const fd = sys.open(locate(shell, path), { read: true });
    try {
      return yield* readAll(sys, fd);
    } finally {
      sys.close(fd);
    }
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new ShellError(
      errorMessage(shell, cannotRead(shell, path, error), shell.isBash ? null : shell.commandName),
      shell.isBash ? 1 : 2,
      !shell.isBash,
    );
  }
}

/** A name without a slash is looked for along PATH, then (bash) here. */
function locate(shell: Shell, path: string): string {
  if (path.includes("/")) return path;
  for (const directory of pathDirectories(shell.variables.get("PATH") ?? "")) {
    const candidate = directory === "" ? path : `${directory}/${path}`;
    if (shell.sys.access(candidate, { read: true })) return candidate;
  }
  if (shell.isBash) return path;
  const text = `${path}: not found`;
  throw new ShellError(errorMessage(shell, text), shell.dialect === "dash" ? 2 : 2);
}

function cannotRead(shell: Shell, path: string, error: SysError): string {
  switch (shell.dialect) {
    case "ash":
      return `can't open '${path}': ${errnoText(error.errno)}`;
    case "dash":
      return `cannot open ${path}: ${error.errno === "ENOENT" ? "No such file" : errnoText(error.errno)}`;
    case "bash":
      return `${path}: ${errnoText(error.errno)}`;
  }
}
