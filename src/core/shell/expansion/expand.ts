import type { CommandSegment, ProcessSegment, Word } from "../grammar/index.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import type { Blocking } from "../syscall.js";
import {
  appendSegment,
  appendWord,
  NOTHING_RESOLVED,
  wordToPattern,
  wordToString,
} from "./append.js";
import { expandGlob } from "./glob.js";
import { resolveSegment } from "./resolve.js";
import { FieldSink, PatternSink, StringSink, type MatchFiles, type Sink } from "./sink.js";

/** For words that run nothing. */
export function expandStringNow(shell: Shell, word: Word): string {
  return wordToString(shell, word, NOTHING_RESOLVED);
}

export function expandPatternNow(shell: Shell, word: Word): string {
  return wordToPattern(shell, word, NOTHING_RESOLVED);
}

/** Appends the fields of words that run nothing. */
export function expandFieldsNow(shell: Shell, words: readonly Word[], fields: string[]): void {
  for (const word of words) {
    if (word.literal !== null) fields.push(word.literal);
    else appendFieldsNow(shell, word, fields);
  }
}

export function appendFieldsNow(shell: Shell, word: Word, fields: string[]): void {
  const sink = fieldSink(shell);
  appendWord(shell, word, sink, NOTHING_RESOLVED);
  sink.end();
  for (const field of sink.fields) fields.push(field);
}

export function* expandString(shell: Shell, word: Word): Blocking<string> {
  if (!word.blocking) return expandStringNow(shell, word);
  const sink = new StringSink();
  yield* expandInto(shell, word, sink);
  return sink.text;
}

export function* expandPattern(shell: Shell, word: Word): Blocking<string> {
  if (!word.blocking) return expandPatternNow(shell, word);
  const sink = new PatternSink();
  yield* expandInto(shell, word, sink);
  return sink.pattern;
}

/** Appends the fields of a word. */
export function* expandFields(shell: Shell, word: Word, fields: string[]): Blocking<void> {
  if (word.literal !== null) {
    fields.push(word.literal);
    return;
  }
  if (!word.blocking) {
    appendFieldsNow(shell, word, fields);
    return;
  }
  const sink = fieldSink(shell);
  yield* expandInto(shell, word, sink);
  sink.end();
  for (const field of sink.fields) fields.push(field);
}

/** Piece by piece, in the order written: what one piece assigns, the next one sees. */
function* expandInto(shell: Shell, word: Word, sink: Sink): Blocking<void> {
  for (const segment of word.segments) {
    const results = new Map<CommandSegment | ProcessSegment, string>();
    yield* resolveSegment(shell, segment, results);
    appendSegment(shell, segment, sink, results);
  }
}

function fieldSink(shell: Shell): FieldSink {
  const match: MatchFiles | null = shell.options.noglob
    ? null
    : (pattern) => matchFiles(shell, pattern);
  return new FieldSink(shell.variables.get("IFS") ?? null, match);
}

/** Null leaves the pattern as it was written. */
function matchFiles(shell: Shell, pattern: string): readonly string[] | null {
  const matches = expandGlob(shell.sys, pattern, {
    dots: shell.shopt("dotglob"),
    extended: shell.shopt("extglob"),
    deep: shell.shopt("globstar"),
    ignoreCase: shell.shopt("nocaseglob"),
  });
  if (matches.length > 0) return matches;
  if (shell.shopt("failglob")) {
    throw new ShellError(errorMessage(shell, `no match: ${pattern}`), 1, false);
  }
  return shell.shopt("nullglob") ? [] : null;
}
