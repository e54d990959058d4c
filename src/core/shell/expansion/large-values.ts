import type { CommandSegment, ProcessSegment, Segment } from "../grammar/index.js";
import type { Shell } from "../interpreter/shell.js";
import { IO_CHUNK_BYTES, LARGE_VALUE_CHARACTERS, SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import type { Blocking } from "../syscall.js";
import { replacingPattern } from "./parameter-operations.js";
import { readParameter } from "./parameter-value.js";
import type { Sink } from "./sink.js";

type Results = ReadonlyMap<CommandSegment | ProcessSegment, string>;

/** Appends a piece of a word whose value is large, a part of it at a time; false where it is not. */
export function* appendLargeSegment(
  shell: Shell,
  segment: Segment,
  sink: Sink,
  results: Results,
): Blocking<boolean> {
  const value = largeValue(shell, segment, results);
  if (value === null) return false;
  if (segment.kind === "parameter" && segment.operation?.kind === "replace") {
    const replacing = replacingPattern(shell, value, segment.operation, results);
    let step = replacing.next();
    for (; step.done !== true; step = replacing.next()) yield* shell.sys.charge(step.value);
    yield* appendInParts(shell, step.value, segment.quoted, sink);
    return true;
  }
  yield* appendInParts(shell, value, "quoted" in segment && segment.quoted, sink);
  return true;
}

function* appendInParts(shell: Shell, value: string, quoted: boolean, sink: Sink): Blocking<void> {
  if (quoted) {
    sink.quoted(value);
    return;
  }
  for (let at = 0; at < value.length; at += IO_CHUNK_BYTES) {
    sink.expanded(value.slice(at, at + IO_CHUNK_BYTES));
    yield* shell.sys.charge(IO_CHUNK_BYTES / SCANNED_CHARACTERS_PER_STEP);
  }
}

/** The value of a parameter or command as it stands, or that is to be replaced in; null for all that is not large. */
function largeValue(shell: Shell, segment: Segment, results: Results): string | null {
  const value = plainValue(shell, segment, results);
  return value === undefined || value.length < LARGE_VALUE_CHARACTERS ? null : value;
}

function plainValue(shell: Shell, segment: Segment, results: Results): string | undefined {
  if (segment.kind === "command") return results.get(segment);
  if (segment.kind !== "parameter" || segment.subscript !== null) return undefined;
  if (segment.operation !== null && segment.operation.kind !== "replace") return undefined;
  if (segment.name === "@" || segment.name === "*") return undefined;
  return readParameter(shell, segment.name);
}
