import { evaluateText } from "../expansion/arithmetic-expansion.js";
import { expandPattern, expandString } from "../expansion/expand.js";
import type { Condition, ConditionTest, Word } from "../grammar/index.js";
import { matchRegex } from "../pattern/regex-match.js";
import { matchInParts } from "../pattern/wildcard.js";
import { writeError } from "../io/write.js";
import type { Blocking } from "../syscall.js";
import { evaluateTest, TestProblem } from "../text/test-expression.js";
import { errorMessage } from "./messages.js";
import { paced } from "../paced.js";
import type { Shell } from "./shell.js";
import { finish } from "./simple-command.js";
import { INDEXED } from "./variable.js";

/** bash's `[[ … ]]`: no splitting, patterns on the right of `=`, regular expressions. */
export function* runCondition(shell: Shell, command: Condition, flags: number): Blocking<number> {
  try {
    const value = yield* evaluate(shell, command.test);
    return finish(shell, value ? 0 : 1, flags);
  } catch (error) {
    if (!(error instanceof TestProblem)) throw error;
    yield* writeError(shell.sys, errorMessage(shell, error.text, "[["));
    return finish(shell, 2, flags);
  }
}

function* evaluate(shell: Shell, test: ConditionTest): Blocking<boolean> {
  switch (test.kind) {
    case "and":
      for (const part of test.tests) if (!(yield* evaluate(shell, part))) return false;
      return true;
    case "or":
      for (const part of test.tests) if (yield* evaluate(shell, part)) return true;
      return false;
    case "not":
      return !(yield* evaluate(shell, test.test));
    case "unary":
      return unary(shell, test.operator, yield* expandString(shell, test.operand));
    case "binary":
      return yield* binary(shell, test.operator, test.left, test.right);
  }
}

function context(shell: Shell): Parameters<typeof evaluateTest>[0] {
  return {
    sys: shell.sys,
    dialect: shell.dialect,
    isSet: (name) => isSet(shell, name),
    hasOption: (name) => shell.options.get(name),
  };
}

function isSet(shell: Shell, name: string): boolean {
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(name);
  if (element === null) return shell.variables.get(name) !== undefined;
  return shell.variables.find(element[1] ?? "")?.elements?.has(element[2] ?? "") === true;
}

function unary(shell: Shell, operator: string, operand: string): boolean {
  return evaluateTest(context(shell), [operator, operand]);
}

function* binary(shell: Shell, operator: string, left: Word, right: Word): Blocking<boolean> {
  const text = yield* expandString(shell, left);
  switch (operator) {
    case "=":
    case "==":
      return yield* matches(shell, text, right);
    case "!=":
      return !(yield* matches(shell, text, right));
    case "=~":
      return yield* matchesRegex(shell, text, right);
    case "-eq":
    case "-ne":
    case "-lt":
    case "-le":
    case "-gt":
    case "-ge": {
      const other = yield* expandString(shell, right);
      const values = [evaluateText(shell, text), evaluateText(shell, other)].map(String);
      return evaluateTest(context(shell), [values[0] ?? "0", operator, values[1] ?? "0"]);
    }
    default:
      return evaluateTest(context(shell), [text, operator, yield* expandString(shell, right)]);
  }
}

function* matches(shell: Shell, text: string, word: Word): Blocking<boolean> {
  const expanded = yield* expandPattern(shell, word);
  // Inside [[ ]] extended globs are always on.
  const ignoresCase = shell.shopt("nocasematch");
  const pattern = ignoresCase ? expanded.toLowerCase() : expanded;
  const matched = ignoresCase ? text.toLowerCase() : text;
  return yield* paced(shell.sys, matchInParts(pattern, matched, true));
}

/** Quoted parts of the expression stand for themselves. */
function* matchesRegex(shell: Shell, text: string, word: Word): Blocking<boolean> {
  let expression = "";
  for (const segment of word.segments) {
    const piece = yield* expandString(shell, { ...word, segments: [segment], literal: null });
    const isQuoted =
      (segment.kind === "text" && segment.quoted) || ("quoted" in segment && segment.quoted);
    expression += isQuoted ? piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : piece;
  }
  const parts = matchRegex(expression, text, shell.shopt("nocasematch"));
  const groups = yield* paced(shell.sys, parts);
  const variable = shell.variables.declare("BASH_REMATCH", INDEXED);
  variable.elements = new Map((groups ?? []).map((group, index) => [String(index), group]));
  variable.value = null;
  return groups !== null;
}
