import { evaluateText } from "../expansion/arithmetic-expansion.js";
import { expandString } from "../expansion/expand.js";
import type {
  ArithmeticCommand,
  ArithmeticFor,
  Command,
  Compound,
  FunctionDefinition,
  Word,
} from "../grammar/index.js";
import { isZero } from "../arithmetic/index.js";
import type { Blocking } from "../syscall.js";
import {
  leavesLoop,
  runAndOr,
  runCase,
  runFor,
  runGroup,
  runIf,
  runList,
  runRedirected,
  runSubshell,
  runWhile,
} from "./compound.js";
import { runCondition } from "./condition.js";
import { TESTED, type Outcome } from "./outcome.js";
import { runInBackground, runPipeline } from "./pipeline.js";
import { runSelect } from "./select.js";
import type { Shell } from "./shell.js";
import { finish, runSimple } from "./simple-command.js";
import { traceLine } from "./trace.js";

/** Runs one command of any kind. */
export function execute(shell: Shell, command: Command, flags: number): Outcome {
  if (shell.options.noexec) return 0;
  switch (command.kind) {
    case "simple":
      return runSimple(shell, command, flags);
    case "pipeline":
      return runPipeline(shell, command, flags);
    case "and-or":
      return runAndOr(shell, command, flags);
    case "background":
      return runInBackground(shell, command.command, command.source);
    case "list":
      return runList(shell, command, flags);
    case "subshell":
      return runSubshell(shell, command, flags);
    case "function":
      return defineFunction(shell, command);
    case "group":
    case "if":
    case "while":
    case "for":
    case "select":
    case "arithmetic-for":
    case "case":
    case "arithmetic":
    case "condition":
      if (command.redirects.length === 0) return runCompound(shell, command, flags);
      return runRedirected(shell, command.redirects, flags, () =>
        // Nothing may take the process over before the redirections are undone.
        runCompound(shell, command, flags & TESTED),
      );
  }
}

type CompoundCommand = Exclude<
  Extract<Command, Compound>,
  { kind: "subshell" | "simple" | "function" }
>;

function runCompound(shell: Shell, command: CompoundCommand, flags: number): Outcome {
  shell.line = command.line;
  switch (command.kind) {
    case "group":
      return runGroup(shell, command, flags);
    case "if":
      return runIf(shell, command, flags);
    case "while":
      return runWhile(shell, command, flags);
    case "for":
      return runFor(shell, command, flags);
    case "select":
      return runSelect(shell, command, flags);
    case "arithmetic-for":
      return runArithmeticFor(shell, command, flags);
    case "case":
      return runCase(shell, command, flags);
    case "arithmetic":
      return runArithmetic(shell, command, flags);
    case "condition":
      return runCondition(shell, command, flags);
  }
}

function defineFunction(shell: Shell, definition: FunctionDefinition): number {
  shell.functions.set(definition.name, definition);
  shell.status = 0;
  return 0;
}

/** `(( … ))`: true when the value is not zero. */
function* runArithmetic(shell: Shell, command: ArithmeticCommand, flags: number): Blocking<number> {
  const text = yield* expandString(shell, command.expression);
  if (shell.options.xtrace) yield* traceLine(shell, `((${text}))`);
  const previous = shell.commandName;
  shell.commandName = "((";
  const value = evaluateText(shell, text);
  shell.commandName = previous;
  return finish(shell, isZero(value) ? 1 : 0, flags);
}

function* runArithmeticFor(shell: Shell, loop: ArithmeticFor, flags: number): Blocking<number> {
  let status = 0;
  yield* evaluateWord(shell, loop.initialize);
  shell.loopDepth += 1;
  try {
    for (;;) {
      if (!shell.sys.tryCharge(1)) yield* shell.sys.charge(1);
      if (loop.test !== null && !(yield* evaluateWord(shell, loop.test))) break;
      const body = runList(shell, loop.body, flags & TESTED);
      status = typeof body === "number" ? body : yield* body;
      if (leavesLoop(shell)) break;
      yield* evaluateWord(shell, loop.update);
    }
  } finally {
    shell.loopDepth -= 1;
  }
  if (shell.skip === null) shell.status = status;
  return status;
}

/** Whether the value is not zero; nothing at all counts as one. */
function* evaluateWord(shell: Shell, word: Word | null): Blocking<boolean> {
  if (word === null) return true;
  return !isZero(evaluateText(shell, yield* expandString(shell, word)));
}
