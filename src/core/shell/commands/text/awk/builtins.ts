import { paced } from "../../../paced.js";
import { substituteMatches } from "../substitute-matches.js";
import { epochMsFromCivil } from "../../../text/calendar.js";
import { formatTime } from "../../../text/time-format.js";
import type { Blocking } from "../../../syscall.js";
import { blocking, lift, perform, type Code, type Frame } from "./code.js";
import {
  compileArray,
  compileExpression,
  compileTarget,
  type Scope,
} from "./compile-expression.js";
import { formatAwk } from "./format.js";
import { LONG_RECORD_CHARACTERS, splitFields, splitInParts } from "./records.js";
import { AwkProblem, type Expression, type Target } from "./syntax.js";
import { inputValue, toNumber, type Value } from "./value.js";

type Call = Extract<Expression, { kind: "builtin" }>;

export function compileBuiltin(scope: Scope, call: Call): Code<Value> {
  switch (call.name) {
    case "split":
      return compileSplit(scope, call);
    case "sub":
    case "gsub":
      return compileSubstitute(scope, call);
    case "gensub":
      return compileGeneralSubstitute(scope, call);
    case "match":
      return compileMatch(scope, call);
    case "length":
      return compileLength(scope, call);
    case "system":
    case "close":
    case "fflush":
      return compileStreamCall(scope, call);
    default:
      return lift(
        call.operands.map((operand) => compileExpression(scope, operand)),
        (values, frame) => applyBuiltin(call.name, values, frame),
      );
  }
}

/** An expression in slashes is itself a pattern here, not a match with the record. */
function compilePattern(scope: Scope, operand: Expression | undefined): Code<Value> {
  if (operand === undefined) throw new AwkProblem("Too few arguments", 0);
  if (operand.kind !== "regex") return compileExpression(scope, operand);
  return compileExpression(scope, { kind: "string", value: operand.pattern });
}

function compileLength(scope: Scope, call: Call): Code<Value> {
  const [operand] = call.operands;
  if (operand === undefined) return lift([], (_, { runtime }) => runtime.record().length);
  if (operand.kind === "variable") {
    // Of an array, the number of its elements.
    const array = compileArray(scope, operand.name);
    const { read } = compileTarget(scope, operand);
    const isLocal = scope.parameters.includes(operand.name);
    return lift([read], ([value], frame) => {
      const isArray = value === undefined && (isLocal || frame.runtime.arrays.has(operand.name));
      return isArray ? array(frame).size : frame.runtime.text(value).length;
    });
  }
  return lift(
    [compileExpression(scope, operand)],
    ([value], { runtime }) => runtime.text(value).length,
  );
}

function compileSplit(scope: Scope, call: Call): Code<Value> {
  const [subject, target, separator] = call.operands;
  if (subject === undefined || target?.kind !== "variable") {
    throw new AwkProblem("Too few arguments", 0);
  }
  const array = compileArray(scope, target.name);
  const codes = [compileExpression(scope, subject)];
  if (separator !== undefined) codes.push(compilePattern(scope, separator));
  const isRegex = separator?.kind === "regex";
  return blocking(function* run(frame): Blocking<Value> {
    const { runtime } = frame;
    const { sys } = runtime.command;
    const values: Value[] = [];
    for (const code of codes) values.push(yield* perform(code, frame));
    const text = runtime.text(values[0]);
    const by = separator === undefined ? runtime.text(runtime.get("FS")) : runtime.text(values[1]);
    const known = isRegex && by.length === 1 && by !== " " ? `[${by}]` : by;
    const pieces =
      text.length < LONG_RECORD_CHARACTERS
        ? splitFields(text, known)
        : yield* paced(sys, splitInParts(text, known));
    const elements = array(frame);
    elements.clear();
    for (const [index, piece] of pieces.entries()) {
      runtime.setElement(elements, String(index + 1), inputValue(piece));
      if (index % ELEMENTS_PER_CHARGE === ELEMENTS_PER_CHARGE - 1)
        yield* sys.charge(STEPS_PER_CHARGE);
    }
    return pieces.length;
  });
}

const ELEMENTS_PER_CHARGE = 4096;
const STEPS_PER_CHARGE = 64;

function compileMatch(scope: Scope, call: Call): Code<Value> {
  const [subject, pattern] = call.operands;
  if (subject === undefined) throw new AwkProblem("Too few arguments", 0);
  const codes = [compileExpression(scope, subject), compilePattern(scope, pattern)] as const;
  return blocking(function* run(frame): Blocking<Value> {
    const { runtime } = frame;
    const text = runtime.text(yield* perform(codes[0], frame));
    const regex = runtime.regex(runtime.text(yield* perform(codes[1], frame)));
    const match = yield* paced(runtime.command.sys, regex.searchInParts(text, 0));
    const start = match === null ? 0 : match.start + 1;
    runtime.set("RSTART", start);
    runtime.set("RLENGTH", match === null ? -1 : match.end - match.start);
    return start;
  });
}

function compileSubstitute(scope: Scope, call: Call): Code<Value> {
  const [pattern, replacement, given] = call.operands;
  if (replacement === undefined) throw new AwkProblem("Too few arguments", 0);
  const whole: Target = { kind: "field", index: { kind: "number", value: 0 } };
  const isPlace =
    given === undefined ||
    given.kind === "variable" ||
    given.kind === "field" ||
    given.kind === "element";
  const target = compileTarget(scope, isPlace ? (given ?? whole) : whole);
  const isGlobal = call.name === "gsub";
  const codes = [
    compilePattern(scope, pattern),
    compileExpression(scope, replacement),
    target.locate,
  ] as const;
  return blocking(function* run(frame): Blocking<Value> {
    const { runtime } = frame;
    const regex = runtime.regex(runtime.text(yield* perform(codes[0], frame)));
    const text = runtime.text(yield* perform(codes[1], frame));
    const at = yield* perform(codes[2], frame);
    const before = runtime.text(target.get(at, frame));
    const { sys } = runtime.command;
    const result = yield* substituteMatches(sys, before, regex, isGlobal, (match) =>
      expand(text, before.slice(match.start, match.end)),
    );
    if (result.count > 0) target.set(at, result.text, frame);
    return result.count;
  });
}

/** `gensub(pattern, replacement, which[, text])`: gives the result back; `\\1` is a group (editors/awk.c, B_ge). */
function compileGeneralSubstitute(scope: Scope, call: Call): Code<Value> {
  const [pattern, replacement, which, subject] = call.operands;
  if (replacement === undefined || which === undefined) {
    throw new AwkProblem("Too few arguments", 0);
  }
  const whole: Expression = { kind: "field", index: { kind: "number", value: 0 } };
  const codes = [
    compilePattern(scope, pattern),
    compileExpression(scope, replacement),
    compileExpression(scope, which),
    compileExpression(scope, subject ?? whole),
  ] as const;
  return blocking(function* run(frame): Blocking<Value> {
    const { runtime } = frame;
    const regex = runtime.regex(runtime.text(yield* perform(codes[0], frame)));
    const text = runtime.text(yield* perform(codes[1], frame));
    const how = runtime.text(yield* perform(codes[2], frame));
    const before = runtime.text(yield* perform(codes[3], frame));
    const only = /^[gG]/.test(how) ? 0 : Math.max(1, Math.trunc(toNumber(how)));
    let count = 0;
    const { sys } = runtime.command;
    const result = yield* substituteMatches(sys, before, regex, true, (match) => {
      count += 1;
      const matched = before.slice(match.start, match.end);
      if (only > 0 && count !== only) return matched;
      return text.replace(/\\([\\&0-9])|&/g, (_, escaped?: string) => {
        if (escaped === undefined || escaped === "0") return matched;
        if (!/\d/.test(escaped)) return escaped;
        const [start, end] = match.groups[Number(escaped)] ?? [0, 0];
        return before.slice(start, end);
      });
    });
    return result.text;
  });
}

/** `&` is what matched, `\&` an ampersand, `\\` a backslash. */
function expand(replacement: string, matched: string): string {
  if (!/[&\\]/.test(replacement)) return replacement;
  return replacement.replace(/\\([\\&])|&/g, (_, escaped?: string) => escaped ?? matched);
}

function compileStreamCall(scope: Scope, call: Call): Code<Value> {
  const operand = call.operands[0];
  const code = operand === undefined ? null : compileExpression(scope, operand);
  return blocking(function* run(frame): Blocking<Value> {
    const { runtime } = frame;
    const text = code === null ? "" : runtime.text(yield* perform(code, frame));
    switch (call.name) {
      case "system":
        return yield* runtime.streams.system(text);
      case "close":
        return yield* runtime.streams.close(text);
      default:
        yield* runtime.streams.flush();
        return 0;
    }
  });
}

export function applyBuiltin(name: string, values: readonly Value[], frame: Frame): Value {
  return (
    applyText(name, values, frame) ??
    applyNumber(name, values, frame) ??
    applyTime(name, values, frame)
  );
}

function applyText(name: string, values: readonly Value[], { runtime }: Frame): Value {
  switch (name) {
    case "substr":
      return substring(runtime.text(values[0]), values);
    case "index":
      return runtime.text(values[0]).indexOf(runtime.text(values[1])) + 1;
    case "tolower":
      return runtime.text(values[0]).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    case "toupper":
      return runtime.text(values[0]).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
    case "sprintf":
      return formatAwk(runtime.text(values[0]), values.slice(1), runtime.convertFormat);
    default:
      return undefined;
  }
}

/** Positions count from 1; one before the text counts as its start (editors/awk.c, B_ss). */
function substring(text: string, values: readonly Value[]): string {
  const start = Math.min(text.length, Math.max(0, Math.trunc(toNumber(values[1])) - 1));
  const length = values.length > 2 ? Math.max(0, Math.trunc(toNumber(values[2]))) : text.length;
  return text.slice(start, start + length);
}

function applyNumber(name: string, values: readonly Value[], frame: Frame): Value {
  const first = toNumber(values[0]);
  const second = toNumber(values[1]);
  switch (name) {
    case "sin":
      return Math.sin(first);
    case "cos":
      return Math.cos(first);
    case "atan2":
      return Math.atan2(first, second);
    case "exp":
      return Math.exp(first);
    case "log":
      return Math.log(first);
    case "sqrt":
      return Math.sqrt(first);
    case "int":
      return Math.trunc(first);
    case "rand":
      return frame.runtime.command.sys.random();
    case "srand":
      return 0;
    default:
      return applyBits(name, first, second);
  }
}

function applyBits(name: string, first: number, second: number): Value {
  const a = wordOf(first);
  const b = wordOf(second);
  switch (name) {
    case "and":
      return Number(a & b);
    case "or":
      return Number(a | b);
    case "xor":
      return Number(a ^ b);
    case "compl":
      return Number(BigInt.asUintN(64, ~a));
    case "lshift":
      return Number(BigInt.asUintN(64, a << (b & 63n)));
    case "rshift":
      return Number(a >> (b & 63n));
    default:
      return undefined;
  }
}

function wordOf(value: number): bigint {
  return Number.isFinite(value) ? BigInt.asUintN(64, BigInt(Math.trunc(value))) : 0n;
}

/** What strftime(3) gets as a buffer; what does not fit is nothing: MAXVARFMT, editors/awk.c, 1.37. */
const MAX_TIME_CHARACTERS = 240;

function applyTime(name: string, values: readonly Value[], { runtime }: Frame): Value {
  const nowMs = runtime.command.sys.nowMs();
  switch (name) {
    case "systime":
      return Math.floor(nowMs / 1000);
    case "strftime": {
      const format = values.length > 0 ? runtime.text(values[0]) : "%a %b %e %H:%M:%S %Z %Y";
      if (format.length > MAX_TIME_CHARACTERS) return "";
      return formatTime(format, values.length > 1 ? toNumber(values[1]) * 1000 : nowMs);
    }
    case "mktime": {
      const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = runtime
        .text(values[0])
        .split(/\s+/)
        .map(Number);
      return epochMsFromCivil(year, month, day, hour, minute, second) / 1000;
    }
    default:
      return "";
  }
}
