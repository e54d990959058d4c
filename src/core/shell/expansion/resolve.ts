import type {
  CommandSegment,
  ParameterOperation,
  ParameterSegment,
  ProcessSegment,
  Segment,
  Word,
} from "../grammar/index.js";
import type { Shell } from "../interpreter/shell.js";
import type { Blocking } from "../syscall.js";
import { readParameter } from "./parameter-value.js";

type Results = Map<CommandSegment | ProcessSegment, string>;

/** Runs the commands inside a segment that its expansion will need, and only those: `${x:-$(slow)}` runs nothing while x is set. */
export function* resolveSegment(shell: Shell, segment: Segment, results: Results): Blocking<void> {
  switch (segment.kind) {
    case "text":
    case "tilde":
      return;
    case "command":
      results.set(segment, yield* shell.interpreter.substitute(shell, segment.script));
      return;
    case "process":
      results.set(
        segment,
        shell.interpreter.substituteProcess(shell, segment.script, segment.direction),
      );
      return;
    case "arithmetic":
      yield* resolveWord(shell, segment.expression, results);
      return;
    case "parameter":
      if (segment.subscript !== null) yield* resolveWord(shell, segment.subscript, results);
      for (const operand of neededOperands(shell, segment, segment.operation)) {
        yield* resolveWord(shell, operand, results);
      }
  }
}

export function* resolveWord(shell: Shell, word: Word, results: Results): Blocking<void> {
  if (!word.blocking) return;
  for (const segment of word.segments) yield* resolveSegment(shell, segment, results);
}

function neededOperands(
  shell: Shell,
  segment: ParameterSegment,
  operation: ParameterOperation | null,
): readonly Word[] {
  if (operation === null) return [];
  switch (operation.kind) {
    case "default":
    case "assign":
    case "error":
      return isSet(shell, segment, operation.orEmpty) ? [] : [operation.operand];
    case "alternative":
      return isSet(shell, segment, operation.orEmpty) ? [operation.operand] : [];
    case "remove":
      return [operation.operand];
    case "replace":
      return [operation.pattern, operation.replacement];
    case "slice":
      return operation.length === null ? [operation.offset] : [operation.offset, operation.length];
    case "case":
      return operation.pattern === null ? [] : [operation.pattern];
    case "indirect":
      return neededOperands(shell, segment, operation.then);
    case "length":
    case "transform":
    case "names":
    case "bad":
      return [];
  }
}

function isSet(shell: Shell, segment: ParameterSegment, orEmpty: boolean): boolean {
  const { name } = segment;
  if (name === "@" || name === "*") {
    const joined = shell.positional.join(" ");
    return shell.positional.length > 0 && !(orEmpty && joined === "");
  }
  const value = readParameter(shell, name);
  return value !== undefined && !(orEmpty && value === "");
}
