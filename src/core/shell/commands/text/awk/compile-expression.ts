import { blocking, lift, perform, Slot, sync, type Code, type Frame } from "./code.js";
import { AwkProblem, type Expression, type FunctionDefinition, type Target } from "./syntax.js";
import type { AwkArray } from "./runtime.js";
import type { Blocking } from "../../../syscall.js";
import { compareValues, inputValue, toBoolean, toNumber, type Value } from "./value.js";

/** Calls nested deeper than the C stack of busybox allows. */
const MAX_CALL_DEPTH = 1000;

export interface CompiledFunction {
  readonly definition: FunctionDefinition;
  /** Set once its body is compiled: functions may call each other. */
  body: Code<number> | null;
}

/** What expressions refer to. */
export interface Scope {
  readonly functions: ReadonlyMap<string, CompiledFunction>;
  /** Parameters of the function that is compiled. */
  readonly parameters: readonly string[];
  /** Reads the next record of the main input into `$0`; false at the end. */
  readonly nextRecord: (frame: Frame) => Blocking<string | null>;
  /** Compiles a call of a built-in function; its operands are expressions again. */
  readonly compileBuiltin: (
    scope: Scope,
    call: Extract<Expression, { kind: "builtin" }>,
  ) => Code<Value>;
}

export function compileExpression(scope: Scope, expression: Expression): Code<Value> {
  switch (expression.kind) {
    case "number":
    case "string": {
      const { value } = expression;
      return sync(() => value);
    }
    case "regex": {
      const { pattern } = expression;
      return blocking(function* run({ runtime }) {
        return (yield* runtime.contains(runtime.record(), pattern)) ? 1 : 0;
      });
    }
    case "variable":
    case "field":
    case "element":
      return compileTarget(scope, expression).read;
    case "group":
      return compileExpression(scope, expression.inner);
    case "assign":
      return compileAssignment(scope, expression);
    case "step":
      return compileStep(scope, expression);
    case "call":
      return compileCall(scope, expression);
    case "builtin":
      return scope.compileBuiltin(scope, expression);
    case "getline":
      return compileGetline(scope, expression);
    default:
      return compileOperator(scope, expression);
  }
}

type Operator = Extract<
  Expression,
  { kind: "unary" | "binary" | "match" | "and" | "or" | "conditional" | "in" }
>;

function compileOperator(scope: Scope, expression: Operator): Code<Value> {
  switch (expression.kind) {
    case "unary":
      return compileUnary(scope, expression);
    case "binary": {
      const { operator } = expression;
      const left = compileExpression(scope, expression.left);
      const right = compileExpression(scope, expression.right);
      return lift([left, right], ([a, b], frame) => applyBinary(operator, a, b, frame));
    }
    case "match":
      return compileMatch(scope, expression);
    case "and":
    case "or":
      return compileLogic(scope, expression);
    case "conditional": {
      const test = compileExpression(scope, expression.test);
      const yes = compileExpression(scope, expression.yes);
      const no = compileExpression(scope, expression.no);
      if (!test.blocks && !yes.blocks && !no.blocks) {
        return sync((frame) => (toBoolean(test.run(frame)) ? yes : no).run(frame));
      }
      return blocking(function* run(frame) {
        return yield* perform(toBoolean(yield* perform(test, frame)) ? yes : no, frame);
      });
    }
    case "in": {
      const array = compileArray(scope, expression.array);
      const keys = expression.keys.map((key) => compileExpression(scope, key));
      return lift(keys, (values, frame) => (array(frame).has(subscript(values, frame)) ? 1 : 0));
    }
  }
}

function compileUnary(
  scope: Scope,
  { operator, operand }: Extract<Expression, { kind: "unary" }>,
): Code<Value> {
  const code = compileExpression(scope, operand);
  switch (operator) {
    case "!":
      return lift([code], ([value]) => (toBoolean(value) ? 0 : 1));
    case "-":
      return lift([code], ([value]) => -toNumber(value));
    case "+":
      return lift([code], ([value]) => toNumber(value));
  }
}

function applyBinary(operator: string, left: Value, right: Value, frame: Frame): Value {
  const { runtime } = frame;
  switch (operator) {
    case " ":
      return runtime.text(left) + runtime.text(right);
    case "<":
      return compareValues(left, right, runtime.convertFormat) < 0 ? 1 : 0;
    case "<=":
      return compareValues(left, right, runtime.convertFormat) <= 0 ? 1 : 0;
    case "==":
      return compareValues(left, right, runtime.convertFormat) === 0 ? 1 : 0;
    case "!=":
      return compareValues(left, right, runtime.convertFormat) === 0 ? 0 : 1;
    case ">":
      return compareValues(left, right, runtime.convertFormat) > 0 ? 1 : 0;
    case ">=":
      return compareValues(left, right, runtime.convertFormat) >= 0 ? 1 : 0;
    default:
      return arithmetic(operator, toNumber(left), toNumber(right));
  }
}

function arithmetic(operator: string, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      if (right === 0) throw new AwkProblem("Division by zero", 0);
      return left / right;
    case "%":
      if (right === 0) throw new AwkProblem("Division by zero", 0);
      return left % right;
    case "^":
      return left ** right;
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}

function compileMatch(
  scope: Scope,
  expression: Extract<Expression, { kind: "match" }>,
): Code<Value> {
  const left = compileExpression(scope, expression.left);
  const hit = expression.isNegated ? 0 : 1;
  const { right } = expression;
  if (right.kind === "regex") {
    const { pattern } = right;
    return blocking(function* run(frame) {
      const text = frame.runtime.text(yield* perform(left, frame));
      return (yield* frame.runtime.contains(text, pattern)) ? hit : 1 - hit;
    });
  }
  const made = compileExpression(scope, right);
  return blocking(function* run(frame) {
    const { runtime } = frame;
    const text = runtime.text(yield* perform(left, frame));
    const pattern = runtime.text(yield* perform(made, frame));
    return (yield* runtime.contains(text, pattern)) ? hit : 1 - hit;
  });
}

function compileLogic(
  scope: Scope,
  expression: Extract<Expression, { kind: "and" | "or" }>,
): Code<Value> {
  const left = compileExpression(scope, expression.left);
  const right = compileExpression(scope, expression.right);
  const stopsAt = expression.kind === "or";
  const settled = stopsAt ? 1 : 0;
  if (!left.blocks && !right.blocks) {
    return sync((frame) => {
      if (toBoolean(left.run(frame)) === stopsAt) return settled;
      return toBoolean(right.run(frame)) ? 1 : 0;
    });
  }
  return blocking(function* run(frame) {
    if (toBoolean(yield* perform(left, frame)) === stopsAt) return settled;
    return toBoolean(yield* perform(right, frame)) ? 1 : 0;
  });
}

export function subscript(keys: readonly Value[], { runtime }: Frame): string {
  if (keys.length === 1) return runtime.text(keys[0]);
  return keys.map((key) => runtime.text(key)).join(runtime.subscriptSeparator);
}

export function compileArray(scope: Scope, name: string): (frame: Frame) => AwkArray {
  const index = scope.parameters.indexOf(name);
  if (index < 0) return ({ runtime }) => runtime.array(name);
  return ({ slots }) => slots[index]?.array ?? new Map<string, Value>();
}

/** How a place is read and written; its index is computed once for both. */
interface CompiledTarget {
  readonly read: Code<Value>;
  /** Takes the index (from `locate`) and the new value. */
  readonly locate: Code<Value>;
  readonly get: (at: Value, frame: Frame) => Value;
  readonly set: (at: Value, value: Value, frame: Frame) => void;
}

export function compileTarget(scope: Scope, target: Target): CompiledTarget {
  switch (target.kind) {
    case "variable":
      return compileVariable(scope, target.name);
    case "field": {
      const locate = compileExpression(scope, target.index);
      const get = (at: Value, { runtime }: Frame): Value => runtime.field(Math.trunc(toNumber(at)));
      return {
        read: lift([locate], ([at], frame) => get(at, frame)),
        locate,
        get,
        set: (at, value, { runtime }) => {
          runtime.setField(Math.trunc(toNumber(at)), value);
        },
      };
    }
    case "element": {
      const array = compileArray(scope, target.array);
      const keys = target.keys.map((key) => compileExpression(scope, key));
      const locate = lift<Value>(keys, subscript);
      const get = (at: Value, frame: Frame): Value =>
        frame.runtime.element(array(frame), frame.runtime.text(at));
      return {
        read: lift([locate], ([at], frame) => get(at, frame)),
        locate,
        get,
        set: (at, value, frame) => {
          frame.runtime.setElement(array(frame), frame.runtime.text(at), value);
        },
      };
    }
  }
}

const NOWHERE: Code<Value> = sync(() => undefined);

function compileVariable(scope: Scope, name: string): CompiledTarget {
  const index = scope.parameters.indexOf(name);
  if (index < 0) {
    const get = (_: Value, { runtime }: Frame): Value => runtime.get(name);
    return {
      read: sync(({ runtime }) => runtime.get(name)),
      locate: NOWHERE,
      get,
      set: (_, value, { runtime }) => {
        runtime.set(name, value);
      },
    };
  }
  return {
    read: sync(({ slots }) => slots[index]?.value),
    locate: NOWHERE,
    get: (_, { slots }) => slots[index]?.value,
    set: (_, value, { slots }) => {
      const slot = slots[index];
      if (slot !== undefined) slot.value = value;
    },
  };
}

function compileAssignment(
  scope: Scope,
  expression: Extract<Expression, { kind: "assign" }>,
): Code<Value> {
  const target = compileTarget(scope, expression.target);
  const value = compileExpression(scope, expression.value);
  const { operator } = expression;
  return lift([target.locate, value], ([at, right], frame) => {
    const result =
      operator === ""
        ? right
        : arithmetic(operator, toNumber(target.get(at, frame)), toNumber(right));
    target.set(at, result, frame);
    return result;
  });
}

function compileStep(scope: Scope, expression: Extract<Expression, { kind: "step" }>): Code<Value> {
  const target = compileTarget(scope, expression.target);
  const { by, isPrefix } = expression;
  return lift([target.locate], ([at], frame) => {
    const before = toNumber(target.get(at, frame));
    target.set(at, before + by, frame);
    return isPrefix ? before + by : before;
  });
}

function compileCall(scope: Scope, expression: Extract<Expression, { kind: "call" }>): Code<Value> {
  const callee = scope.functions.get(expression.name);
  if (callee === undefined) throw new AwkProblem("Call to undefined function", 0);
  const makers = expression.operands.map((operand) => compileOperand(scope, operand));
  const count = callee.definition.parameters.length;
  if (makers.length > count) throw new AwkProblem("Too many parameters", 0);
  return blocking(function* run(frame) {
    const slots: Slot[] = [];
    for (const maker of makers) slots.push(yield* perform(maker, frame));
    while (slots.length < count) slots.push(new Slot(undefined, null));
    const { sys } = frame.runtime.command;
    if (!sys.tryCharge(1)) yield* sys.charge(1);
    frame.runtime.callDepth += 1;
    if (frame.runtime.callDepth > MAX_CALL_DEPTH) throw new AwkProblem("Stack overflow", 0);
    const inner: Frame = { runtime: frame.runtime, slots, returned: undefined };
    if (callee.body !== null) yield* perform(callee.body, inner);
    frame.runtime.callDepth -= 1;
    return inner.returned;
  });
}

/** A bare name may be an array, which the function then shares. */
function compileOperand(scope: Scope, operand: Expression): Code<Slot> {
  if (operand.kind !== "variable") {
    return lift([compileExpression(scope, operand)], ([value]) => new Slot(value, null));
  }
  const array = compileArray(scope, operand.name);
  const { read } = compileTarget(scope, operand);
  return lift([read], ([value], frame) => new Slot(value, () => array(frame)));
}

/** 1: a record was read; 0: the end; -1: it cannot be read. */
function compileGetline(
  scope: Scope,
  expression: Extract<Expression, { kind: "getline" }>,
): Code<Value> {
  const source = expression.source === null ? null : compileExpression(scope, expression.source);
  const target = expression.target === null ? null : compileTarget(scope, expression.target);
  return blocking(function* run(frame) {
    const { runtime } = frame;
    let record: string | null;
    if (source === null) {
      record = yield* scope.nextRecord(frame);
    } else {
      const name = runtime.text(yield* perform(source, frame));
      const reader = yield* runtime.streams.input(name, expression.from === "command");
      if (reader === null) return -1;
      record = yield* reader.read(runtime.text(runtime.get("RS")));
      if (record !== null && expression.from === "command") countRecord(frame, false);
    }
    if (record === null) return 0;
    if (source === null) countRecord(frame, true);
    if (target === null) runtime.setRecord(record);
    else target.set(yield* perform(target.locate, frame), inputValue(record), frame);
    return 1;
  });
}

export function countRecord({ runtime }: Frame, inFile: boolean): void {
  runtime.variables.set("NR", toNumber(runtime.variables.get("NR")) + 1);
  if (inFile) runtime.variables.set("FNR", toNumber(runtime.variables.get("FNR")) + 1);
}
