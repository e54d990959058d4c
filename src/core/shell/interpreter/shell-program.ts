import { errnoText } from "../errno-text.js";
import { readScript, type Dialect, type Script } from "../grammar/index.js";
import {
  BYTES_PER_SCRIPT_CHARACTER,
  CHARACTERS_READ_PER_STEP,
  MAX_SCRIPT_CHARACTERS,
} from "../limits.js";
import { noteWork } from "../work.js";
import { LineReader } from "../io/line-reader.js";
import { readAll } from "../io/read-file.js";
import { writeError } from "../io/write.js";
import { SysError, type Blocking, type Program, type Sys } from "../syscall.js";
import { runToEnd } from "./child.js";
import { interpreter } from "./interpreter.js";
import { readInvocation, type Invocation } from "./invocation.js";
import { FINAL, PLAIN } from "./outcome.js";
import { findExecutable } from "./command-lookup.js";
import { runScript } from "./script-run.js";
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
  // Scripts of some size come from disk in blocks, so nothing of them may be lost to an exec; ash and dash run them command by command.
  return yield* runScript(shell, readScript(text, shell.dialect), PLAIN);
}

function* readScriptFile(shell: Shell, path: string): Blocking<string | null> {
  const { sys } = shell;
  try {
    const fd = openScript(shell, path);
    const text = yield* readAll(sys, fd);
    sys.close(fd);
    yield* holdScript(sys, text.length);
    if (text.length > MAX_SCRIPT_CHARACTERS) throw new SysError("ENOMEM");
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

const NO_WORDS: ReadonlySet<string> = new Set();

/** What reading a script takes, its commands and here-documents beside its text: a large one may be too much for the container. */
function* holdScript(sys: Sys, characters: number): Blocking<void> {
  const bytes = characters * BYTES_PER_SCRIPT_CHARACTER;
  sys.allocate(bytes);
  yield* sys.charge(1);
  sys.free(bytes);
}

/** Commands from standard input: line by line, as they share it with the script. */
function* runInput(shell: Shell): Blocking<number> {
  const reader = new LineReader(shell.sys, 0, 1);
  let pending = "";
  let firstLine = 1;
  let lines = 0;
  let status = 0;
  let hereWords: ReadonlySet<string> = NO_WORDS;
  let heldBytes = 0;
  for (;;) {
    if (shell.options.interactive && pending === "") yield* prompt(shell);
    const line = yield* reader.readLine();
    if (line !== null) {
      pending += `${line.text}${line.isTerminated ? "\n" : ""}`;
      lines += 1;
      heldBytes += hold(shell.sys, line.text);
      if (isInside(hereWords, line.text)) continue;
    }
    noteWork(pending.length / CHARACTERS_READ_PER_STEP);
    const script = readScript(pending, shell.dialect, firstLine);
    hereWords = openHereDocuments(pending);
    if (line !== null && mayGrow(script, hereWords, pending)) continue;
    if (script.commands.length > 0 || script.problem !== null) {
      status = yield* runScript(shell, script, PLAIN);
    }
    if (line === null || shell.skip !== null) return status;
    shell.sys.free(heldBytes);
    heldBytes = 0;
    hereWords = NO_WORDS;
    firstLine += lines;
    lines = 0;
    pending = "";
  }
}

/** The words of here-documents whose end has not been typed. */
function openHereDocuments(text: string): ReadonlySet<string> {
  if (!text.includes("<<")) return NO_WORDS;
  const words = new Set<string>();
  for (const match of text.matchAll(/<<(-?)\s*(["']?)([A-Za-z_]\w*)\2/g)) {
    const [, dash = "", , word = ""] = match;
    const rest = text.slice(match.index);
    const end = new RegExp(`^${dash === "" ? "" : "\\t*"}${word}$`, "m");
    if (!end.test(rest.slice(rest.indexOf("\n") + 1))) words.add(word);
  }
  return words;
}

function* prompt(shell: Shell): Blocking<void> {
  const text = shell.variables.get("PS1") ?? "$ ";
  const directory = shell.sys.cwd();
  const shown = text
    .replace(/\\\$/g, shell.sys.uid === 0 ? "#" : "$")
    .replace(/\\w/g, directory)
    .replace(/\\h/g, shell.sys.hostname)
    .replace(/\\u/g, shell.sys.uid === 0 ? "root" : "user");
  yield* writeError(shell.sys, shown);
}

/** Whether what has been read is only the beginning of a command. */
function mayGrow(script: Script, hereWords: ReadonlySet<string>, text: string): boolean {
  const isOpen = script.problem?.incomplete === true || hereWords.size > 0;
  return isOpen && text.length < MAX_SCRIPT_CHARACTERS;
}

function hold(sys: Sys, text: string): number {
  const bytes = text.length * BYTES_PER_SCRIPT_CHARACTER;
  sys.allocate(bytes);
  return bytes;
}

/** Nothing but its end can make a here-document whole, so what leads to it is not read again for each of its lines. */
function isInside(hereWords: ReadonlySet<string>, line: string): boolean {
  return hereWords.size > 0 && !hereWords.has(line.replace(/^\t+/, ""));
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
