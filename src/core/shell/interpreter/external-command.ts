import { errnoText } from "../errno-text.js";
import { writeError } from "../io/write.js";
import { readSmallFile } from "../io/read-file.js";
import { describeSignal } from "../signal-names.js";
import { SysError, type Blocking, type ExitStatus } from "../syscall.js";
import { findExecutable } from "./command-lookup.js";
import { forkFailure, forkShell } from "./child.js";
import { statusCode } from "./jobs.js";
import { shellMessage } from "./messages.js";
import { FINAL } from "./outcome.js";
import { inheritedDescriptors } from "./redirection.js";
import type { Shell } from "./shell.js";

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** Runs a program from disk: in this very process when nothing follows, else in a child that is waited for. */
export function* runExternal(
  shell: Shell,
  words: readonly string[],
  searchPath: string | null,
  flags: number,
): Blocking<number> {
  const name = words[0] ?? "";
  const found = findExecutable(shell, name, searchPath);
  if (!("path" in found)) return yield* refuse(shell, name, found.errno);
  if (shell.isBash) shell.lastArgument = words.at(-1) ?? "";
  if ((flags & FINAL) !== 0 && !shell.traps.areSet) {
    return yield* replaceShell(shell, found.path, words);
  }
  let pid: number;
  try {
    pid = spawn(shell, found.path, words);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (error.errno === "ENOEXEC") return yield* runAsScript(shell, found.path, words);
    if (error.errno === "EAGAIN") throw forkFailure(shell, error);
    return yield* refuse(shell, name, error.errno);
  }
  const status = yield* shell.jobs.waitForeground(pid);
  yield* reportSignal(shell, status, pid, words.join(" "));
  return statusCode(status);
}

function spawn(shell: Shell, path: string, words: readonly string[]): number {
  const fds = inheritedDescriptors(shell);
  const environment = shell.variables.environment();
  if (fds === undefined) return shell.sys.spawn(path, words, environment);
  return shell.sys.spawn(path, words, environment, { fds });
}

/** @returns only when the program could not be started */
export function* replaceShell(
  shell: Shell,
  path: string,
  words: readonly string[],
): Blocking<number> {
  const { sys } = shell;
  for (const copy of shell.savedDescriptors ?? []) if (sys.isOpen(copy)) sys.close(copy);
  shell.savedDescriptors = null;
  try {
    return yield* sys.exec(path, words, shell.variables.environment());
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (error.errno === "ENOEXEC") return yield* runScriptHere(shell, path, words);
    return yield* refuse(shell, words[0] ?? "", error.errno);
  }
}

/** A text file without `#!` is a script for this shell. */
function* runAsScript(shell: Shell, path: string, words: readonly string[]): Blocking<number> {
  const pid = forkShell(shell, (child) => runScriptHere(child, path, words));
  return statusCode(yield* shell.jobs.waitForeground(pid));
}

function* runScriptHere(shell: Shell, path: string, words: readonly string[]): Blocking<number> {
  const text = readSmallFile(shell.sys, path);
  shell.name = path;
  shell.positional = words.slice(1);
  shell.functions = new Map();
  return yield* shell.interpreter.runText(shell, text, FINAL);
}

export function* refuse(shell: Shell, name: string, errno: SysError["errno"]): Blocking<number> {
  yield* writeError(shell.sys, shellMessage(shell, refusal(shell, name, errno)));
  return errno === "ENOENT" || errno === "ENOTDIR" ? NOT_FOUND : NOT_EXECUTABLE;
}

function refusal(shell: Shell, name: string, errno: SysError["errno"]): string {
  const isMissing = errno === "ENOENT" || errno === "ENOTDIR";
  if (!shell.isBash) {
    return isMissing ? `${name}: not found` : `${name}: ${errnoText(errno)}`;
  }
  if (isMissing && !name.includes("/")) return `${name}: command not found`;
  if (errno === "EACCES" && isDirectory(shell, name)) return `${name}: Is a directory`;
  return `${name}: ${errnoText(errno)}`;
}

function isDirectory(shell: Shell, path: string): boolean {
  try {
    return shell.sys.stat(path).type === "directory";
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

/**
 * A command that a signal ended is announced, but for the signals that a user or a pipe sends (jobs.c of all three). bash names the command, except
 * for SIGTERM, and is silent about a background job that was asked to end.
 */
export function* reportSignal(
  shell: Shell,
  status: ExitStatus,
  pid: number,
  source: string,
  inBackground = false,
): Blocking<void> {
  if (!("signal" in status) || status.signal === "INT" || status.signal === "PIPE") return;
  const what = describeSignal(status.signal);
  if (shell.isBash && status.signal === "TERM" && inBackground) return;
  if (!shell.isBash || status.signal === "TERM") {
    yield* writeError(shell.sys, `${what}\n`);
    return;
  }
  const text = `${String(pid).padStart(5)} ${what.padEnd(23)} ${source}`;
  yield* writeError(shell.sys, shellMessage(shell, text));
}
