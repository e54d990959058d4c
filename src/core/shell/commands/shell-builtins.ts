import { describeFailure } from "../errno-text.js";
import { parseSignal, signalByNumber, signalNames, signalNumber } from "../signal-names.js";
import { SysError, type Blocking } from "../syscall.js";
import { paced } from "../paced.js";
import { echoText } from "../text/echo-text.js";
import { formatPrintfInParts, writeFormatted } from "../text/format-printf.js";
import { evaluateTest, TestProblem } from "../text/test-expression.js";
import type { Command } from "./command.js";
import { usageFailure } from "./options.js";

/** What the shell does itself, as programs of their own: for `env`, `xargs`, an exec probe without a shell. */
export function* echo(command: Command): Blocking<number> {
  const text = echoText(command.argv, "ash");
  command.output.add(typeof text === "string" ? text : yield* paced(command.sys, text));
  return 0;
}

export function trueCommand(): number {
  return 0;
}

export function falseCommand(): number {
  return 1;
}

export function pwd(command: Command): number {
  command.output.add(`${command.sys.cwd()}\n`);
  return 0;
}

export function* printf(command: Command): Blocking<number> {
  const operands = command.operands[0] === "--" ? command.operands.slice(1) : command.operands;
  const [format, ...words] = operands;
  if (format === undefined) throw usageFailure(command);
  const { sys } = command;
  const made = yield* paced(sys, formatPrintfInParts(format, words, "ash", sys.nowMs()));
  for (const problem of made.problems) yield* command.fail(problem);
  if (made.pieces.length > 0) yield* writeFormatted(sys, 1, made);
  else command.output.add(made.text);
  return command.status;
}

export function test(command: Command): number {
  let operands = command.operands;
  const closing = command.name === "[" ? "]" : command.name === "[[" ? "]]" : null;
  if (closing !== null) {
    if (operands.at(-1) !== closing) throw command.failure(`missing ${closing}`, 2);
    operands = operands.slice(0, -1);
  }
  try {
    const context = { sys: command.sys, dialect: "ash" as const, patterns: closing === "]]" };
    return evaluateTest(context, operands) ? 0 : 1;
  } catch (error) {
    if (error instanceof TestProblem) throw command.failure(error.text, 2);
    throw error;
  }
}

export function* kill(command: Command): Blocking<number> {
  const [first, ...rest] = command.operands;
  if (first === undefined) throw command.failure("you need to specify whom to kill");
  if (first === "-l") return listSignals(command, rest);
  let name = "TERM";
  let targets: readonly string[] = command.operands;
  if (first === "-s") {
    name = rest[0] ?? "";
    targets = rest.slice(1);
  } else if (/^-[A-Za-z0-9]/.test(first)) {
    name = first.slice(1);
    targets = rest;
  }
  if (targets[0] === "--") targets = targets.slice(1);
  const signal = parseSignal(name);
  if (signal === null) throw command.failure(`bad signal name '${name}'`);
  if (targets.length === 0) throw command.failure("you need to specify whom to kill");
  for (const target of targets) {
    if (!/^-?\d+$/.test(target)) {
      yield* command.fail(`invalid number '${target}'`);
      continue;
    }
    try {
      command.sys.kill(Number(target), signal);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.fail(`can't kill pid ${target}: ${describeFailure(error)}`);
    }
  }
  return command.status;
}

function listSignals(command: Command, operands: readonly string[]): number {
  if (operands.length === 0) {
    for (const name of signalNames()) {
      command.output.add(`${String(signalNumber(name)).padStart(2)}) ${name}\n`);
    }
    return 0;
  }
  for (const operand of operands) {
    const number = Number(operand) & 127;
    const name = /^\d+$/.test(operand) ? signalByNumber(number) : parseSignal(operand);
    if (name === null || name === 0) throw command.failure(`unknown signal '${operand}'`);
    command.output.add(/^\d+$/.test(operand) ? `${name}\n` : `${String(signalNumber(name))}\n`);
  }
  return 0;
}
