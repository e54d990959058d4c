import type {
  CommandSegment,
  ParameterSegment,
  ProcessSegment,
  Segment,
} from "../grammar/index.js";
import type { Shell } from "../interpreter/shell.js";
import { IO_CHUNK_BYTES, LARGE_VALUE_CHARACTERS, SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import type { Blocking } from "../syscall.js";
import { paced } from "../paced.js";
import { appendValue } from "./append.js";
import {
  appendList,
  isOnValues,
  listWithOperation,
  operateOnValue,
} from "./parameter-expansion.js";
import { readParameter } from "./parameter-value.js";
import { StringSink, type Sink } from "./sink.js";

type Results = ReadonlyMap<CommandSegment | ProcessSegment, string>;

/** Appends a piece of a word whose value is large, a part of it at a time; false where it is not. */
export function* appendLargeSegment(
  shell: Shell,
  segment: Segment,
  sink: Sink,
  results: Results,
): Blocking<boolean> {
  if (segment.kind === "parameter" && (yield* appendLargeList(shell, segment, sink, results)))
    return true;
  const value = plainValue(shell, segment, results);
  if (value === undefined) return false;
  const quoted = "quoted" in segment && segment.quoted;
  if (segment.kind === "parameter" && segment.operation !== null) {
    // Also of a small value: the pattern may be large.
    const { name, operation } = segment;
    const made = yield* paced(shell.sys, operateOnValue(shell, name, value, operation, results));
    if (made.length < LARGE_VALUE_CHARACTERS) appendValue(sink, made, quoted);
    else yield* appendInParts(shell, made, quoted, sink);
    return true;
  }
  if (value.length < LARGE_VALUE_CHARACTERS) return false;
  yield* appendInParts(shell, value, quoted, sink);
  return true;
}

const ELEMENTS_PER_PART = 1024;
const STEPS_PER_PART = 16;
const STEPS_PER_CHANGED_PART = 128;

/** The same of a list with very many elements. */
function* appendLargeList(
  shell: Shell,
  segment: ParameterSegment,
  sink: Sink,
  results: Results,
): Blocking<boolean> {
  const list = listWithOperation(shell, segment, results);
  if (list === null || list.elements.length < ELEMENTS_PER_PART) return false;
  const { operation } = list;
  const made: string[] = [];
  for (const element of list.elements) {
    if (made.length > 0 && made.length % ELEMENTS_PER_PART === 0) {
      yield* shell.sys.charge(operation === null ? STEPS_PER_PART : STEPS_PER_CHANGED_PART);
      // What is kept apart goes out as it comes.
      if (!list.isJoined) appendBefore(shell, made.splice(0), segment.quoted, sink);
    }
    if (operation === null) made.push(element);
    else {
      const parts = operateOnValue(shell, segment.name, element, operation, results);
      made.push(yield* paced(shell.sys, parts));
    }
  }
  appendList(shell, sink, made, segment.quoted, list.isJoined);
  return true;
}

/** Elements that others follow. */
function appendBefore(
  shell: Shell,
  elements: readonly string[],
  quoted: boolean,
  sink: Sink,
): void {
  appendList(shell, sink, elements, quoted, false);
  if (quoted) sink.separate(" ");
  else sink.separateUnquoted(" ");
}

function* appendInParts(shell: Shell, value: string, quoted: boolean, sink: Sink): Blocking<void> {
  // Nothing is looked for in what is quoted, nor in what becomes one text.
  if (quoted || sink instanceof StringSink) {
    sink.quoted(value);
    return;
  }
  for (let at = 0; at < value.length; at += IO_CHUNK_BYTES) {
    sink.expanded(value.slice(at, at + IO_CHUNK_BYTES));
    yield* shell.sys.charge(IO_CHUNK_BYTES / SCANNED_CHARACTERS_PER_STEP);
  }
}

/** The value of a parameter or command as it stands, or that an operation makes something of. */
function plainValue(shell: Shell, segment: Segment, results: Results): string | undefined {
  if (segment.kind === "command") return results.get(segment);
  if (segment.kind !== "parameter" || segment.subscript !== null) return undefined;
  const { operation, name } = segment;
  if (operation !== null && !isOnValues(operation)) return undefined;
  if (name === "@" || name === "*") return undefined;
  return readParameter(shell, name);
}
