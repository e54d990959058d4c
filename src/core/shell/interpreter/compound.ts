import { expandFields, expandPattern, expandString } from "../expansion/expand.js";
import type {
  AndOr,
  Case,
  Compound,
  For,
  Group,
  If,
  List,
  Subshell,
  While,
  Word,
} from "../grammar/index.js";
import { writeError } from "../io/write.js";
import { pacedNow } from "../paced.js";
import { matchInParts, withoutCaret } from "../pattern/wildcard.js";
import type { Blocking } from "../syscall.js";
import { forkShell } from "./child.js";
import { reportSignal } from "./external-command.js";
import { statusCode } from "./jobs.js";
import { errorMessage } from "./messages.js";
import { closeSubstitutions } from "./open-substitutions.js";
import { ShellError, TESTED, FINAL, type Outcome } from "./outcome.js";
import { redirect, RedirectFailure, undoRedirects, type SavedDescriptor } from "./redirection.js";
import type { Shell } from "./shell.js";
import { finish } from "./simple-command.js";
import { traceLine } from "./trace.js";
import { runPendingTraps } from "./trap-run.js";
import { ReadOnlyVariable } from "./variables.js";
import { readOnlyFailure } from "../expansion/arithmetic-expansion.js";

/** Runs a list as far as nothing blocks, and hands over to a generator where something does. */
export function runList(shell: Shell, list: List, flags: number): Outcome {
  const { commands } = list;
  const last = commands.length - 1;
  let status = 0;
  for (let index = 0; index <= last; index += 1) {
    const command = commands[index];
    if (command === undefined) break;
    if (!shell.sys.tryCharge(1)) return continueList(shell, list, index, flags, null);
    const outcome = shell.interpreter.execute(
      shell,
      command,
      index === last ? flags : flags & TESTED,
    );
    if (typeof outcome !== "number") return continueList(shell, list, index, flags, outcome);
    status = outcome;
    if (shell.traps.hasPending) return continueList(shell, list, index, flags, status);
    if (shell.skip !== null) return status;
  }
  return status;
}

/** Goes on at `start`: with what its command began (a generator), or ended with (a number), or from before it (null). */
function* continueList(
  shell: Shell,
  list: List,
  start: number,
  flags: number,
  begun: Outcome | null,
): Blocking<number> {
  const { commands } = list;
  const last = commands.length - 1;
  let status = 0;
  let pending = begun;
  for (let index = start; index <= last; index += 1) {
    const command = commands[index];
    if (command === undefined) break;
    if (pending === null && !shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
    const outcome =
      pending ?? shell.interpreter.execute(shell, command, index === last ? flags : flags & TESTED);
    pending = null;
    status = typeof outcome === "number" ? outcome : yield* outcome;
    if (shell.traps.hasPending) yield* runPendingTraps(shell);
    if (shell.skip !== null) return status;
  }
  return status;
}

export function* runAndOr(shell: Shell, andOr: AndOr, flags: number): Blocking<number> {
  let status = 0;
  const last = andOr.commands.length - 1;
  for (const [index, command] of andOr.commands.entries()) {
    if (index > 0) {
      const wantsSuccess = andOr.operators[index - 1] === "&&";
      if (wantsSuccess !== (status === 0)) continue;
    }
    const outcome = shell.interpreter.execute(shell, command, index === last ? flags : TESTED);
    status = typeof outcome === "number" ? outcome : yield* outcome;
    if (shell.skip !== null) return status;
  }
  return status;
}

export function* runIf(shell: Shell, command: If, flags: number): Blocking<number> {
  for (const clause of command.clauses) {
    const test = runList(shell, clause.test, TESTED);
    const status = typeof test === "number" ? test : yield* test;
    if (shell.skip !== null) return status;
    if (status !== 0) continue;
    const outcome = runList(shell, clause.body, flags);
    return typeof outcome === "number" ? outcome : yield* outcome;
  }
  if (command.otherwise === null) return succeed(shell);
  const outcome = runList(shell, command.otherwise, flags);
  return typeof outcome === "number" ? outcome : yield* outcome;
}

function succeed(shell: Shell): number {
  shell.status = 0;
  return 0;
}

/** After a loop's body: whether the loop ends because of `break`, `return` or an outer `continue`. */
export function leavesLoop(shell: Shell): boolean {
  if (shell.skip === null) return false;
  if (shell.skip === "return") return true;
  shell.skipCount -= 1;
  if (shell.skipCount > 0) return true;
  const isContinue = shell.skip === "continue";
  shell.skip = null;
  return !isContinue;
}

export function* runWhile(shell: Shell, loop: While, flags: number): Blocking<number> {
  let status = 0;
  const tested = flags & TESTED;
  shell.loopDepth += 1;
  try {
    for (;;) {
      if (!shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
      if (shell.traps.hasPending) yield* runPendingTraps(shell);
      const test = runList(shell, loop.test, TESTED);
      const tested1 = typeof test === "number" ? test : yield* test;
      if (shell.skip !== null) {
        if (shell.skip === "return") return tested1;
        if (leavesLoop(shell)) break;
        continue;
      }
      if ((tested1 === 0) === loop.until) break;
      const body = runList(shell, loop.body, tested);
      status = typeof body === "number" ? body : yield* body;
      if (leavesLoop(shell)) break;
    }
  } finally {
    shell.loopDepth -= 1;
  }
  if (shell.skip === null) shell.status = status;
  return status;
}

export function* runFor(shell: Shell, loop: For, flags: number): Blocking<number> {
  const words = yield* loopWords(shell, loop.words);
  let status = 0;
  if (!/^[A-Za-z_]\w*$/.test(loop.name)) {
    const text = errorMessage(shell, `\`${loop.name}': not a valid identifier`);
    yield* writeError(shell.sys, text);
    return finish(shell, 1, flags);
  }
  shell.loopDepth += 1;
  try {
    for (const word of words) {
      if (!shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
      setLoopVariable(shell, loop.name, word);
      if (shell.options.xtrace && shell.isBash) {
        yield* traceLine(shell, `for ${loop.name} in ${words.join(" ")}`);
      }
      const body = runList(shell, loop.body, flags & TESTED);
      status = typeof body === "number" ? body : yield* body;
      if (leavesLoop(shell)) break;
    }
  } finally {
    shell.loopDepth -= 1;
  }
  if (shell.skip === null) shell.status = status;
  return status;
}

function* loopWords(shell: Shell, words: readonly Word[] | null): Blocking<readonly string[]> {
  if (words === null) return shell.positional;
  const fields: string[] = [];
  for (const word of words) yield* expandFields(shell, word, fields);
  return fields;
}

function setLoopVariable(shell: Shell, name: string, value: string): void {
  try {
    shell.variables.set(name, value);
  } catch (error) {
    if (error instanceof ReadOnlyVariable) throw readOnlyFailure(shell, error);
    throw error;
  }
}

export function* runCase(shell: Shell, command: Case, flags: number): Blocking<number> {
  const word = yield* expandString(shell, command.word);
  if (shell.options.xtrace && shell.isBash)
    yield* traceLine(shell, `case ${command.word.source} in`);
  let falls = false;
  let status = 0;
  for (const item of command.items) {
    if (!falls && !(yield* matchesItem(shell, item.patterns, word))) continue;
    falls = false;
    const outcome = runList(shell, item.body, flags);
    status = typeof outcome === "number" ? outcome : yield* outcome;
    if (shell.skip === null) shell.status = status;
    if (shell.skip !== null || item.then === ";;") return status;
    falls = item.then === ";&";
  }
  shell.status = status;
  return status;
}

function* matchesItem(shell: Shell, patterns: readonly Word[], word: string): Blocking<boolean> {
  for (const pattern of patterns) {
    if (pattern.literal === word) return true;
    const text = yield* expandPattern(shell, pattern);
    const known = shell.dialect === "dash" ? withoutCaret(text) : text;
    const matching = matchInParts(known, word, shell.isBash && shell.shopt("extglob"));
    const matches = pacedNow(shell.sys, matching);
    if (typeof matches === "boolean" ? matches : yield* matches) return true;
  }
  return false;
}

export function* runSubshell(shell: Shell, command: Subshell, flags: number): Blocking<number> {
  // A subshell that is the last thing needs no process of its own (evalsubshell of ash and dash).
  if ((flags & FINAL) !== 0 && !shell.traps.areSet && !shell.isBash) {
    const saved: SavedDescriptor[] = [];
    yield* redirectOrExit(shell, command.redirects, saved);
    const outcome = runList(shell, command.body, flags);
    return typeof outcome === "number" ? outcome : yield* outcome;
  }
  const pid = forkShell(shell, (child) => runSubshellBody(child, command, flags & TESTED));
  const status = yield* shell.jobs.waitForeground(pid);
  yield* reportSignal(shell, status, pid, command.source);
  return finish(shell, statusCode(status), flags);
}

function* runSubshellBody(child: Shell, command: Subshell, tested: number): Blocking<number> {
  yield* redirectOrExit(child, command.redirects, null);
  child.loopDepth = 0;
  const outcome = runList(child, command.body, FINAL | tested);
  return typeof outcome === "number" ? outcome : yield* outcome;
}

function* redirectOrExit(
  shell: Shell,
  redirects: Compound["redirects"],
  saved: SavedDescriptor[] | null,
): Blocking<void> {
  try {
    yield* redirect(shell, redirects, saved);
  } catch (error) {
    if (!(error instanceof RedirectFailure)) throw error;
    throw new ShellError(error.text, shell.dialect === "dash" ? 2 : 1);
  }
}

export function runGroup(shell: Shell, command: Group, flags: number): Outcome {
  return runList(shell, command.body, flags);
}

/** `{ …; } > file`, `while …; done < file`: the redirections last as long as the construct. */
export function* runRedirected(
  shell: Shell,
  redirects: Compound["redirects"],
  flags: number,
  run: () => Outcome,
): Blocking<number> {
  const saved: SavedDescriptor[] = [];
  const outer = shell.openSubstitutions;
  shell.openSubstitutions = null;
  try {
    yield* redirect(shell, redirects, saved);
  } catch (error) {
    undoRedirects(shell, saved);
    if (!(error instanceof RedirectFailure)) throw error;
    yield* writeError(shell.sys, error.text);
    return finish(shell, shell.dialect === "dash" ? 2 : 1, flags);
  } finally {
    // What `< <(…)` opened is the construct's own descriptor now.
    closeSubstitutions(shell);
    shell.openSubstitutions = outer;
  }
  try {
    const outcome = run();
    return typeof outcome === "number" ? outcome : yield* outcome;
  } finally {
    undoRedirects(shell, saved);
  }
}
