import type { Blocking } from "../../../syscall.js";
import { blocking, lift, perform, sync, type Code, type Frame } from "./code.js";
import {
  compileArray,
  compileExpression,
  compileTarget,
  subscript,
  type Scope,
} from "./compile-expression.js";
import { formatAwk } from "./format.js";
import type { Statement } from "./syntax.js";
import { toBoolean, toNumber, toText, type Value } from "./value.js";

/** How a statement ended. */
export const GO_ON = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export const NEXT = 3;
export const NEXT_FILE = 4;
export const EXIT = 5;
export const RETURN = 6;

const SIMPLE_ENDS: Readonly<Record<string, number>> = {
  break: BREAK,
  continue: CONTINUE,
  next: NEXT,
  nextfile: NEXT_FILE,
};

export function compileStatement(scope: Scope, statement: Statement): Code<number> {
  switch (statement.kind) {
    case "expression":
      return lift([compileExpression(scope, statement.expression)], () => GO_ON);
    case "print":
      return compilePrint(scope, statement);
    case "block":
      return compileBlock(scope, statement.statements);
    case "if":
      return compileIf(scope, statement);
    case "while":
    case "do":
    case "for":
    case "for-in":
      return compileLoop(scope, statement);
    case "delete":
      return compileDelete(scope, statement);
    case "exit":
    case "return": {
      const ends = statement.kind === "exit" ? EXIT : RETURN;
      if (statement.value === null) return sync(() => ends);
      return lift([compileExpression(scope, statement.value)], ([value], frame) => {
        frame.returned = value;
        if (ends === EXIT) frame.runtime.exitStatus = toNumber(value) & 255;
        return ends;
      });
    }
    case "break":
    case "continue":
    case "next":
    case "nextfile": {
      const ends = SIMPLE_ENDS[statement.kind] ?? GO_ON;
      return sync(() => ends);
    }
  }
}

function compileBlock(scope: Scope, statements: readonly Statement[]): Code<number> {
  const codes = statements.map((statement) => compileStatement(scope, statement));
  if (codes.every((code) => !code.blocks)) {
    return sync((frame) => {
      for (const code of codes) {
        const ends = code.run(frame);
        if (ends !== GO_ON) return ends;
      }
      return GO_ON;
    });
  }
  return blocking(function* run(frame) {
    for (const code of codes) {
      const ends = code.blocks ? yield* code.run(frame) : code.run(frame);
      if (ends !== GO_ON) return ends;
    }
    return GO_ON;
  });
}

function compileIf(scope: Scope, statement: Extract<Statement, { kind: "if" }>): Code<number> {
  const test = compileExpression(scope, statement.test);
  const yes = compileStatement(scope, statement.yes);
  const no = statement.no === null ? sync(() => GO_ON) : compileStatement(scope, statement.no);
  if (!test.blocks && !yes.blocks && !no.blocks) {
    return sync((frame) => (toBoolean(test.run(frame)) ? yes : no).run(frame));
  }
  return blocking(function* run(frame) {
    return yield* perform(toBoolean(yield* perform(test, frame)) ? yes : no, frame);
  });
}

function compilePrint(
  scope: Scope,
  statement: Extract<Statement, { kind: "print" }>,
): Code<number> {
  const operands = statement.operands.map((operand) => compileExpression(scope, operand));
  const make = statement.isFormatted ? formatted : printed;
  const text = lift(operands, make);
  const { redirect } = statement;
  if (redirect === null) {
    return lift([text as Code<Value>], ([made], { runtime }) => {
      runtime.command.output.add(made as string);
      return GO_ON;
    });
  }
  const target = statement.target === null ? null : compileExpression(scope, statement.target);
  return blocking(function* run(frame) {
    const made = yield* perform(text, frame);
    const name = target === null ? "" : frame.runtime.text(yield* perform(target, frame));
    const output = yield* frame.runtime.streams.output(name, redirect);
    output.add(made);
    if (output.isFull) yield* output.flush();
    return GO_ON;
  });
}

function printed(values: readonly Value[], { runtime }: Frame): string {
  const end = runtime.text(runtime.variables.get("ORS"));
  if (values.length === 0) return runtime.record() + end;
  const joint = values.length > 1 ? runtime.text(runtime.variables.get("OFS")) : "";
  return values.map((value) => toText(value, runtime.outputFormat)).join(joint) + end;
}

function formatted(values: readonly Value[], { runtime }: Frame): string {
  return formatAwk(runtime.text(values[0]), values.slice(1), runtime.convertFormat);
}

function compileDelete(
  scope: Scope,
  statement: Extract<Statement, { kind: "delete" }>,
): Code<number> {
  const array = compileArray(scope, statement.array);
  if (statement.keys === null) {
    return sync((frame) => {
      array(frame).clear();
      return GO_ON;
    });
  }
  const keys = statement.keys.map((key) => compileExpression(scope, key));
  return lift(keys, (values, frame) => {
    array(frame).delete(subscript(values, frame));
    return GO_ON;
  });
}

type Loop = Extract<Statement, { kind: "while" | "do" | "for" | "for-in" }>;

/** Loops charge CPU, so they may always have to wait. */
function compileLoop(scope: Scope, loop: Loop): Code<number> {
  const body = compileStatement(scope, loop.body);
  switch (loop.kind) {
    case "while": {
      const test = compileExpression(scope, loop.test);
      return blocking((frame) => repeat(frame, test, body, null, true));
    }
    case "do": {
      const test = compileExpression(scope, loop.test);
      return blocking((frame) => repeat(frame, test, body, null, false));
    }
    case "for": {
      const initialize = loop.initialize === null ? null : compileStatement(scope, loop.initialize);
      const test = loop.test === null ? null : compileExpression(scope, loop.test);
      const update = loop.update === null ? null : compileStatement(scope, loop.update);
      return blocking(function* run(frame) {
        if (initialize !== null) yield* perform(initialize, frame);
        return yield* repeat(frame, test, body, update, true);
      });
    }
    case "for-in": {
      const array = compileArray(scope, loop.array);
      const variable = compileTarget(scope, { kind: "variable", name: loop.variable });
      return blocking(function* run(frame) {
        for (const key of [...array(frame).keys()]) {
          variable.set(undefined, key, frame);
          yield* charge(frame);
          const ends = yield* perform(body, frame);
          if (ends === BREAK) break;
          if (ends > CONTINUE) return ends;
        }
        return GO_ON;
      });
    }
  }
}

function* repeat(
  frame: Frame,
  test: Code<Value> | null,
  body: Code<number>,
  update: Code<number> | null,
  testsFirst: boolean,
): Blocking<number> {
  for (let isFirst = true; ; isFirst = false) {
    if (test !== null && (testsFirst || !isFirst)) {
      const value = test.blocks ? yield* test.run(frame) : test.run(frame);
      if (!toBoolean(value)) return GO_ON;
    }
    const { sys } = frame.runtime.command;
    if (!sys.tryCharge(1)) yield* sys.charge(1);
    if (frame.runtime.command.output.isFull) yield* frame.runtime.command.output.flush();
    const ends = body.blocks ? yield* body.run(frame) : body.run(frame);
    if (ends === BREAK) return GO_ON;
    if (ends > CONTINUE) return ends;
    if (update !== null) yield* perform(update, frame);
  }
}

function* charge(frame: Frame): Blocking<void> {
  const { sys } = frame.runtime.command;
  if (!sys.tryCharge(1)) yield* sys.charge(1);
}
