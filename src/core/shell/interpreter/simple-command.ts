import { expandFields, expandFieldsNow, finishGlobs } from "../expansion/expand.js";
import type { PendingGlob } from "../expansion/sink.js";
import type { AssignmentArgument, SimpleCommand, Word } from "../grammar/index.js";
import { MAX_CALL_DEPTH } from "../limits.js";
import type { Blocking } from "../syscall.js";
import { expandAlias } from "./aliases.js";
import { assignAll, assignAllNow, assignForCommand } from "./assignments.js";
import { runBuiltin } from "./builtin-run.js";
import { runExternal } from "./external-command.js";
import { callFunction } from "./function-call.js";
import { errorMessage } from "./messages.js";
import { ShellError, ShellExit, TESTED, type Outcome } from "./outcome.js";
import {
  keepRedirects,
  redirect,
  RedirectFailure,
  undoRedirects,
  type SavedDescriptor,
} from "./redirection.js";
import type { RunWordsOptions, Shell } from "./shell.js";
import { closeSubstitutions } from "./open-substitutions.js";
import { traceCommand } from "./trace.js";
import { writeError } from "../io/write.js";

export function runSimple(shell: Shell, command: SimpleCommand, flags: number): Outcome {
  shell.line = command.line;
  if (shell.options.xtrace) return runGenerally(shell, command, flags);
  if (shell.aliases !== null) {
    const aliased = expandAlias(shell, command);
    if (aliased !== null) return shell.interpreter.execute(shell, aliased, flags);
  }
  if (command.plain && !shell.variables.hasLarge) {
    const words: string[] = [];
    const pending = expandFieldsNow(shell, command.words as readonly Word[], words);
    if (pending !== null)
      return settleLater(shell, runWhenGlobbed(shell, words, pending, flags), flags);
    return settle(shell, runWords(shell, words, flags), flags);
  }
  if (command.words.length === 0 && command.redirects.length === 0) {
    const now = assignAllNow(shell, command.assignments);
    if (now) return settle(shell, 0, flags);
  }
  return runGenerally(shell, command, flags);
}

function* runWhenGlobbed(
  shell: Shell,
  words: string[],
  pending: readonly PendingGlob[],
  flags: number,
): Blocking<number> {
  yield* finishGlobs(shell, words, pending);
  const outcome = runWords(shell, words, flags);
  return typeof outcome === "number" ? outcome : yield* outcome;
}

/** `set -e` looks at the status of every simple command that nothing tests. */
function settle(shell: Shell, outcome: Outcome, flags: number): Outcome {
  if (typeof outcome !== "number") return settleLater(shell, outcome, flags);
  return finish(shell, outcome, flags);
}

function* settleLater(shell: Shell, outcome: Blocking<number>, flags: number): Blocking<number> {
  return finish(shell, yield* outcome, flags);
}

export function finish(shell: Shell, status: number, flags: number): number {
  shell.status = status;
  shell.pipeStatuses = null;
  if (status !== 0 && (flags & TESTED) === 0) {
    if (shell.traps.get("ERR") !== undefined) shell.traps.noteFailure();
    if (shell.options.errexit && shell.skip === null) throw new ShellExit(status);
  }
  return status;
}

const PLAIN_WORDS: RunWordsOptions = {
  skipFunctions: false,
  onlyBuiltins: false,
  path: null,
  flags: 0,
};

function runWords(shell: Shell, words: readonly string[], flags: number): Outcome {
  const [name] = words;
  if (name === undefined) return 0;
  const builtin = shell.findBuiltin(name);
  if (builtin !== null && (builtin.isSpecial || !shell.functions.has(name))) {
    return runBuiltin(shell, builtin, words, flags);
  }
  return runWordsWith(shell, words, flags === 0 ? PLAIN_WORDS : { ...PLAIN_WORDS, flags });
}

/** Runs words that have been expanded, as `command`, `builtin`, `exec` and aliases do too. */
export function runWordsWith(
  shell: Shell,
  words: readonly string[],
  options: RunWordsOptions,
): Outcome {
  const [name] = words;
  if (name === undefined) return 0;
  const builtin = shell.findBuiltin(name);
  const definition = options.skipFunctions ? undefined : shell.functions.get(name);
  // In bash a function hides even a special builtin.
  if (definition !== undefined && (builtin?.isSpecial !== true || shell.isBash)) {
    return callFunction(shell, definition, words, options.flags);
  }
  if (builtin !== null && options.path === null) {
    return runBuiltin(shell, builtin, words, options.flags);
  }
  if (options.onlyBuiltins) {
    throw new ShellError(errorMessage(shell, `${name}: not a shell builtin`, "builtin"), 1, false);
  }
  return runExternal(shell, words, options.path, options.flags);
}

/** The whole way: assignments, redirections, commands inside words. */
function* runGenerally(shell: Shell, command: SimpleCommand, flags: number): Blocking<number> {
  if (shell.callDepth > MAX_CALL_DEPTH) throw new ShellExit(139);
  shell.substitutionStatus = 0;
  const outer = shell.openSubstitutions;
  shell.openSubstitutions = null;
  try {
    return yield* runExpanded(shell, command, flags);
  } finally {
    closeSubstitutions(shell);
    shell.openSubstitutions = outer;
  }
}

function* runExpanded(shell: Shell, command: SimpleCommand, flags: number): Blocking<number> {
  const { arguments: words, declarations } = yield* expandWords(shell, command);
  const name = words[0];
  const builtin = name === undefined ? null : shell.findBuiltin(name);
  const isHidden = shell.isBash && shell.functions.has(name ?? "");
  const isSpecial = builtin?.isSpecial === true && !isHidden;
  const saved = yield* redirectOrTell(shell, command);
  if (saved === null) {
    const status = shell.dialect === "dash" ? 2 : 1;
    if (isSpecial && !shell.isBash) throw new ShellExit(status);
    return finish(shell, status, flags);
  }
  let keep = false;
  try {
    if (name === undefined) {
      yield* assignAll(shell, command.assignments, true);
      return finish(shell, shell.substitutionStatus, flags);
    }
    const status = yield* runWithAssignments(shell, command, words, declarations, isSpecial, flags);
    keep = builtin?.name === "exec" && !isHidden;
    return finish(shell, status, flags);
  } finally {
    if (keep) keepRedirects(shell, saved);
    else undoRedirects(shell, saved);
  }
}

/** What to undo afterwards; null where a redirection failed, which stderr tells. */
function* redirectOrTell(shell: Shell, command: SimpleCommand): Blocking<SavedDescriptor[] | null> {
  const saved: SavedDescriptor[] = [];
  try {
    yield* redirect(shell, command.redirects, saved);
    return saved;
  } catch (error) {
    undoRedirects(shell, saved);
    if (!(error instanceof RedirectFailure)) throw error;
    yield* writeError(shell.sys, error.text);
    return null;
  }
}

interface Expanded {
  readonly arguments: string[];
  /** Arguments of `declare` and its kin that were written as assignments, by their index. */
  readonly declarations: ReadonlyMap<number, AssignmentArgument> | null;
}

function* expandWords(shell: Shell, command: SimpleCommand): Blocking<Expanded> {
  const words: string[] = [];
  let declarations: Map<number, AssignmentArgument> | null = null;
  let declares = false;
  for (const [index, word] of command.words.entries()) {
    if (index === 1 || (index > 1 && words.length === 1)) declares = isDeclaration(shell, words[0]);
    if ("segments" in word) {
      yield* expandFields(shell, word, words);
    } else if (declares) {
      (declarations ??= new Map()).set(words.length, word);
      words.push(word.word.source);
    } else {
      yield* expandFields(shell, word.word, words);
    }
  }
  return { arguments: words, declarations };
}

function isDeclaration(shell: Shell, name: string | undefined): boolean {
  return name !== undefined && shell.findBuiltin(name)?.declares === true;
}

function* runWithAssignments(
  shell: Shell,
  command: SimpleCommand,
  words: string[],
  declarations: ReadonlyMap<number, AssignmentArgument> | null,
  isSpecial: boolean,
  flags: number,
): Blocking<number> {
  const { assignments } = command;
  const isScoped = assignments.length > 0 && !(isSpecial && !shell.isBash);
  if (isScoped) shell.variables.pushScope();
  try {
    if (isScoped) yield* assignForCommand(shell, assignments);
    else if (assignments.length > 0) yield* assignAll(shell, assignments, false);
    if (shell.options.xtrace) yield* traceCommand(shell, command, words);
    shell.declarations = declarations;
    // A process that another program took over could not undo the scope; nor need it.
    const outcome = runWords(shell, words, flags);
    return typeof outcome === "number" ? outcome : yield* outcome;
  } finally {
    if (isScoped) shell.variables.popScope();
  }
}
