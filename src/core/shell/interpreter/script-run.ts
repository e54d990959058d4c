import { readScript, type Script, type SyntaxProblem } from "../grammar/index.js";
import { CHARACTERS_READ_PER_STEP, SCRIPT_PIECE_CHARACTERS } from "../limits.js";
import { noteWork } from "../work.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import { ShellError, TESTED } from "./outcome.js";
import { readPiece } from "./script-pieces.js";
import type { Shell } from "./shell.js";
import { syntaxErrorText } from "./syntax-message.js";
import { runPendingTraps } from "./trap-run.js";

/** Runs the text of `eval`, `.`, `-c`, a trap. */
export function runText(shell: Shell, text: string, flags: number): Blocking<number> {
  return runScriptText(shell, text, firstLine(shell), flags);
}

/** Runs a script of any length, a piece after the other, as shells read theirs. */
export function* runScriptText(
  shell: Shell,
  text: string,
  line: number,
  flags: number,
): Blocking<number> {
  if (text.length <= SCRIPT_PIECE_CHARACTERS) {
    if (text.length > CHARACTERS_READ_PER_STEP) noteWork(text.length / CHARACTERS_READ_PER_STEP);
    return yield* runScript(shell, readScript(text, shell.dialect, line), flags);
  }
  let status = 0;
  let nextLine = line;
  for (let at = 0; at < text.length;) {
    const piece = yield* readPiece(shell, text, at, nextLine);
    at = piece.end;
    nextLine += piece.lines;
    const isLast = at >= text.length;
    const { commands, problem } = piece.script;
    if (commands.length > 0 || problem !== null)
      status = yield* runScript(shell, piece.script, isLast ? flags : flags & TESTED);
    if (shell.skip !== null) return status;
  }
  return status;
}

/** dash counts the lines of such a text from 1, the others go on from where they are (0 for ash's `-c`). */
function firstLine(shell: Shell): number {
  switch (shell.dialect) {
    case "ash":
      return shell.line;
    case "dash":
      return 1;
    case "bash":
      return Math.max(1, shell.line);
  }
}

/** Runs the commands of a script in turn. A syntax error shows when the commands before it have run. */
export function* runScript(shell: Shell, script: Script, flags: number): Blocking<number> {
  let status = 0;
  const { commands, problem } = script;
  for (let index = 0; index < commands.length; index += 1) {
    const command = commands[index];
    if (command === undefined) break;
    if (!shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
    const isLast = index === commands.length - 1 && problem === null;
    try {
      const outcome = shell.interpreter.execute(shell, command, isLast ? flags : flags & TESTED);
      status = typeof outcome === "number" ? outcome : yield* outcome;
    } catch (error) {
      if (!isDiscarding(shell, error)) throw error;
      yield* writeError(shell.sys, error.text);
      status = error.status;
      shell.status = status;
      // bash gives up the line it is on.
      const unit = script.units[index];
      while (script.units[index + 1] === unit && index + 1 < commands.length) index += 1;
    }
    if (shell.traps.hasPending) yield* runPendingTraps(shell);
    if (shell.skip !== null) return shell.skip === "return" ? shell.status : status;
  }
  if (problem !== null) throw syntaxError(shell, problem);
  return status;
}

function isDiscarding(shell: Shell, error: unknown): error is ShellError {
  return shell.isBash && error instanceof ShellError && !error.isFatal && !shell.options.errexit;
}

function syntaxError(shell: Shell, problem: SyntaxProblem): ShellError {
  shell.line = problem.line;
  const endsShell = !shell.isBash || (shell.commandName !== "eval" && shell.sourceDepth === 0);
  return new ShellError(syntaxErrorText(shell, problem), 2, endsShell);
}
