import type { CommandSegment, ProcessSegment, Word } from "../grammar/index.js";
import { errorMessage } from "../interpreter/messages.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { GLOB_PARTS_AT_ONCE, STEPS_PER_GLOB_CHARGE } from "../limits.js";
import type { Blocking } from "../syscall.js";
import { noteWork } from "../work.js";
import {
  appendSegment,
  appendWord,
  NOTHING_RESOLVED,
  wordToPattern,
  wordToString,
} from "./append.js";
import { walkGlob, type GlobWalk } from "./glob.js";
import { appendLargeSegment } from "./large-values.js";
import { resolveSegment } from "./resolve.js";
import {
  expansionTooLarge,
  FieldSink,
  PatternSink,
  StringSink,
  type MatchFiles,
  type PendingGlob,
  type Sink,
} from "./sink.js";

/** For words that run nothing. */
export function expandStringNow(shell: Shell, word: Word): string {
  return wordToString(shell, word, NOTHING_RESOLVED);
}

export function expandPatternNow(shell: Shell, word: Word): string {
  return wordToPattern(shell, word, NOTHING_RESOLVED);
}

/** Appends the fields of words that run nothing. Globs that take their time are left for `finishGlobs`. */
export function expandFieldsNow(
  shell: Shell,
  words: readonly Word[],
  fields: string[],
): readonly PendingGlob[] | null {
  let pending: PendingGlob[] | null = null;
  for (const word of words) {
    if (word.literal !== null) {
      fields.push(word.literal);
      continue;
    }
    const left = appendFieldsNow(shell, word, fields);
    if (left.length > 0) pending = [...(pending ?? []), ...left];
  }
  return pending;
}

function appendFieldsNow(shell: Shell, word: Word, fields: string[]): readonly PendingGlob[] {
  const sink = fieldSink(shell);
  appendWord(shell, word, sink, NOTHING_RESOLVED);
  sink.end();
  return takeFields(sink, fields);
}

function takeFields(sink: FieldSink, fields: string[]): readonly PendingGlob[] {
  const before = fields.length;
  for (const field of sink.fields) fields.push(field);
  if (before === 0 || sink.pending.length === 0) return sink.pending;
  return sink.pending.map((glob) => ({ ...glob, index: glob.index + before }));
}

/** Goes on with globs that were begun, charged for what they look at, and puts what they find into `fields`. */
export function* finishGlobs(
  shell: Shell,
  fields: string[],
  pending: readonly PendingGlob[],
): Blocking<void> {
  // From the end, so that the places of the others stay.
  for (const { index, pattern, walk } of [...pending].reverse()) {
    let step = walk.next();
    while (step.done !== true) {
      if (!shell.sys.tryCharge(STEPS_PER_GLOB_CHARGE))
        yield* shell.sys.charge(STEPS_PER_GLOB_CHARGE);
      step = walk.next();
    }
    const matches = whatMatches(shell, pattern, step.value);
    if (matches === null) continue;
    const after = fields.splice(index).slice(1);
    for (const match of matches) fields.push(match);
    for (const field of after) fields.push(field);
  }
}

export function* expandString(shell: Shell, word: Word): Blocking<string> {
  if (!word.blocking && !shell.variables.hasLarge) return expandStringNow(shell, word);
  const sink = new StringSink();
  yield* expandInto(shell, word, sink);
  return sink.text;
}

export function* expandPattern(shell: Shell, word: Word): Blocking<string> {
  if (!word.blocking && !shell.variables.hasLarge) return expandPatternNow(shell, word);
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
  if (!word.blocking && !shell.variables.hasLarge) {
    const left = appendFieldsNow(shell, word, fields);
    if (left.length > 0) yield* finishGlobs(shell, fields, left);
    return;
  }
  const sink = fieldSink(shell);
  yield* expandInto(shell, word, sink);
  sink.end();
  const left = takeFields(sink, fields);
  if (left.length > 0) yield* finishGlobs(shell, fields, left);
}

/** Piece by piece, in the order written: what one piece assigns, the next one sees. */
function* expandInto(shell: Shell, word: Word, sink: Sink): Blocking<void> {
  for (const segment of word.segments) {
    const results = new Map<CommandSegment | ProcessSegment, string>();
    yield* resolveSegment(shell, segment, results);
    if (!(yield* appendLargeSegment(shell, segment, sink, results)))
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
function matchFiles(shell: Shell, pattern: string): readonly string[] | GlobWalk | null {
  const walk = walkGlob(shell.sys, pattern, {
    dots: shell.shopt("dotglob"),
    extended: shell.shopt("extglob"),
    deep: shell.shopt("globstar"),
    ignoreCase: shell.shopt("nocaseglob"),
  });
  for (let part = 0; part < GLOB_PARTS_AT_ONCE; part += 1) {
    const step = walk.next();
    if (step.done === true) return whatMatches(shell, pattern, step.value);
    noteWork(STEPS_PER_GLOB_CHARGE);
  }
  return walk;
}

function whatMatches(
  shell: Shell,
  pattern: string,
  matches: readonly string[] | null,
): readonly string[] | null {
  if (matches === null) throw expansionTooLarge();
  if (matches.length > 0) return matches;
  if (shell.shopt("failglob")) {
    throw new ShellError(errorMessage(shell, `no match: ${pattern}`), 1, false);
  }
  return shell.shopt("nullglob") ? [] : null;
}
