import { formatInteger } from "../arithmetic/index.js";
import type {
  CommandSegment,
  ParameterSegment,
  ProcessSegment,
  Segment,
  Word,
} from "../grammar/index.js";
import type { Shell } from "../interpreter/shell.js";
import { evaluateText } from "./arithmetic-expansion.js";
import { readParameter } from "./parameter-value.js";
import { PatternSink, StringSink, type Sink } from "./sink.js";
import { expandTilde } from "./tilde.js";

/**
 * What the commands inside a word gave. They run first (they may wait); the rest of an expansion happens at once, with their
 * results at hand.
 */
export type Resolved = ReadonlyMap<CommandSegment | ProcessSegment, string>;

export const NOTHING_RESOLVED: Resolved = new Map();

export function appendWord(shell: Shell, word: Word, sink: Sink, resolved: Resolved): void {
  for (const segment of word.segments) appendSegment(shell, segment, sink, resolved);
}

export function appendSegment(
  shell: Shell,
  segment: Segment,
  sink: Sink,
  resolved: Resolved,
): void {
  switch (segment.kind) {
    case "text":
      if (segment.quoted) sink.quoted(segment.text);
      else sink.literal(segment.text);
      return;
    case "tilde":
      sink.quoted(expandTilde(shell, segment.user));
      return;
    case "parameter":
      if (segment.operation === null && segment.subscript === null) {
        appendPlainParameter(shell, segment, sink, resolved);
      } else {
        shell.interpreter.appendParameter(shell, segment, sink, resolved);
      }
      return;
    case "command":
      appendValue(sink, resultOf(segment, resolved), segment.quoted);
      return;
    case "arithmetic":
      appendValue(sink, expandArithmetic(shell, segment.expression, resolved), segment.quoted);
      return;
    case "process":
      sink.quoted(resultOf(segment, resolved));
  }
}

function appendPlainParameter(
  shell: Shell,
  segment: ParameterSegment,
  sink: Sink,
  resolved: Resolved,
): void {
  const { name } = segment;
  if (name === "@" || name === "*") {
    shell.interpreter.appendParameter(shell, segment, sink, resolved);
    return;
  }
  const value = readParameter(shell, name);
  if (value === undefined && shell.options.nounset) {
    shell.interpreter.appendParameter(shell, segment, sink, resolved);
    return;
  }
  appendValue(sink, value ?? "", segment.quoted);
}

export function appendValue(sink: Sink, value: string, quoted: boolean): void {
  if (quoted) sink.quoted(value);
  else if (value !== "") sink.expanded(value);
}

function resultOf(segment: CommandSegment | ProcessSegment, resolved: Resolved): string {
  const result = resolved.get(segment);
  if (result === undefined) throw new Error("a command substitution was not run before its word");
  return result;
}

export function expandArithmetic(shell: Shell, expression: Word, resolved: Resolved): string {
  return formatInteger(evaluateText(shell, wordToString(shell, expression, resolved)));
}

export function wordToString(shell: Shell, word: Word, resolved: Resolved): string {
  if (word.literal !== null) return word.literal;
  const sink = new StringSink();
  appendWord(shell, word, sink, resolved);
  return sink.text;
}

export function wordToPattern(shell: Shell, word: Word, resolved: Resolved): string {
  const sink = new PatternSink();
  appendWord(shell, word, sink, resolved);
  return sink.pattern;
}
