import type { CommandSegment, ProcessSegment, Segment } from "../grammar/index.js";
import type { Shell } from "../interpreter/shell.js";
import { IO_CHUNK_BYTES, LARGE_VALUE_CHARACTERS, SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import type { Blocking } from "../syscall.js";
import { paced } from "../paced.js";
import { appendValue } from "./append.js";
import { operateOnValue } from "./parameter-expansion.js";
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

const OPERATIONS: ReadonlySet<string> = new Set(["remove", "replace", "case", "transform"]);

/** The value of a parameter or command as it stands, or that an operation makes something of. */
function plainValue(shell: Shell, segment: Segment, results: Results): string | undefined {
  if (segment.kind === "command") return results.get(segment);
  if (segment.kind !== "parameter" || segment.subscript !== null) return undefined;
  const { operation, name } = segment;
  if (operation !== null && !OPERATIONS.has(operation.kind)) return undefined;
  // The keys of an array.
  if (operation?.kind === "transform" && operation.operator === "keys") return undefined;
  if (name === "@" || name === "*") return undefined;
  return readParameter(shell, name);
}
