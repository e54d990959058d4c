import { errnoText } from "../errno-text.js";
import type { Dialect } from "../grammar/index.js";
import { readAll } from "../io/read-file.js";
import { writeError } from "../io/write.js";
import { SysError, type Blocking, type Program, type Sys } from "../syscall.js";
import { runToEnd } from "./child.js";
import { interpreter } from "./interpreter.js";
import { readInvocation, type Invocation } from "./invocation.js";
import { FINAL, PLAIN } from "./outcome.js";
import { findExecutable } from "./command-lookup.js";
import { InputCommands } from "./input-commands.js";
import { runScript, runScriptText } from "./script-run.js";
import { Shell } from "./shell.js";
import { setStartVariables } from "./start-variables.js";

/** The shell as a program, in one of its dialects. */
export function shellProgram(dialect: Dialect): Program {
  return function* runShell(sys, argv, env) {
    const invocation = readInvocation(argv, dialect);
    if ("problem" in invocation) return yield* refuseOption(sys, argv, dialect, invocation.problem);
    const shell = new Shell(sys, {
      dialect,
      program: (argv[0] ?? "sh").replace(/^-|^.*\//g, ""),
      name: invocation.name.replace(/^-/, ""),
      positional: invocation.positional,
      environment: env,
      interpreter,
    });
    for (const [name, on] of invocation.options) shell.options.set(name, on);
    shell.options.interactive = invocation.isInteractive;
    shell.startLetters = invocation.startLetters;
    setStartVariables(shell, env);
    return yield* runToEnd(shell, () => runInvocation(shell, invocation));
  };
}

function* refuseOption(
  sys: Sys,
  argv: readonly string[],
  dialect: Dialect,
  problem: string,
): Blocking<number> {
  const name = argv[0] ?? "sh";
  if (problem === "-c") {
    const text = dialect === "bash" ? "-c: option requires an argument" : "-c requires an argument";
    yield* writeError(sys, dialect === "dash" ? `${name}: 0: ${text}\n` : `${name}: ${text}\n`);
    return 2;
  }
  const text =
    dialect === "bash"
      ? `${name}: ${problem}: invalid option\n`
      : dialect === "dash"
        ? `${name}: 0: Illegal option ${problem}\n`
        : `${name}: illegal option ${problem}\n`;
  yield* writeError(sys, text);
  return 2;
}

function* runInvocation(shell: Shell, invocation: Invocation): Blocking<number> {
  if (invocation.isLogin) yield* runProfiles(shell);
  const { source } = invocation;
  switch (source.kind) {
    case "command":
      // Messages of a command that was given a name carry it (shell/ash.c procargs).
      if (shell.name !== "" && invocation.positional.length > 0 && shell.dialect === "ash") {
        shell.commandName = shell.name;
      }
      return yield* interpreter.runText(shell, source.text, FINAL);
    case "file":
      shell.commandName = shell.dialect === "ash" ? shell.name : null;
      return yield* runFile(shell, source.path);
    case "input":
      return yield* runInput(shell);
  }
}

function* runFile(shell: Shell, path: string): Blocking<number> {
  const text = yield* readScriptFile(shell, path);
  if (text === null) return shell.dialect === "bash" ? 127 : 2;
  shell.sys.allocate(text.length);
  // Scripts of some size come from disk in blocks, so nothing of them may be lost to an exec; ash and dash run them command by command.
  const status = yield* runScriptText(shell, text, 1, PLAIN);
  shell.sys.free(text.length);
  return status;
}

function* readScriptFile(shell: Shell, path: string): Blocking<string | null> {
  const { sys } = shell;
  try {
    const fd = openScript(shell, path);
    const text = yield* readAll(sys, fd);
    sys.close(fd);
    return text;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* writeError(sys, cannotOpen(shell, path, error));
    return null;
  }
}

function openScript(shell: Shell, path: string): number {
  try {
    return shell.sys.open(path, { read: true });
  } catch (error) {
    if (!(error instanceof SysError) || path.includes("/") || !shell.isBash) throw error;
    const found = findExecutable(shell, path);
    if (!("path" in found)) throw error;
    return shell.sys.open(found.path, { read: true });
  }
}

function cannotOpen(shell: Shell, path: string, error: SysError): string {
  const why = errnoText(error.errno);
  switch (shell.dialect) {
    case "ash":
      return `sh: can't open '${path}': ${why}\n`;
    case "dash":
      return `sh: 0: cannot open ${path}: ${error.errno === "ENOENT" ? "No such file" : why}\n`;
    case "bash":
      return `bash: ${path}: ${why}\n`;
  }
}

/** Commands from standard input: line by line, as they share it with the script. */
function* runInput(shell: Shell): Blocking<number> {
  const input = new InputCommands(shell);
  let status = 0;
  for (;;) {
    const script = yield* input.next();
    if (script === null) return status;
    if (script.commands.length > 0 || script.problem !== null)
      status = yield* runScript(shell, script, PLAIN);
    if (shell.skip !== null) return status;
    input.release();
  }
}

/** A login shell reads /etc/profile and ~/.profile first. */
function* runProfiles(shell: Shell): Blocking<void> {
  const home = shell.variables.get("HOME") ?? "";
  for (const path of ["/etc/profile", `${home}/.profile`]) {
    if (!shell.sys.access(path, { read: true })) continue;
    const text = yield* readScriptFile(shell, path);
    if (text === null) continue;
    yield* interpreter.runText(shell, text, PLAIN);
    shell.skip = null;
  }
}
