import { readScript, type Script } from "../grammar/index.js";
import {
  CHARACTERS_READ_PER_STEP,
  MAX_COMMAND_CHARACTERS,
  MAX_COMMAND_MARKS,
  SCRIPT_PIECE_CHARACTERS,
} from "../limits.js";
import type { Blocking } from "../syscall.js";
import {
  endOfLine,
  findEnd,
  isHereDocument,
  openHereDocument,
  type OpenHereDocument,
} from "./here-documents.js";
import { errorMessage } from "./messages.js";
import { ShellError } from "./outcome.js";
import type { Shell } from "./shell.js";

/** Some whole commands of a script. */
export interface ScriptPiece {
  readonly script: Script;
  /** Where in the text the next piece begins. */
  readonly end: number;
  readonly lines: number;
}

/** Reads the commands that begin at `start`: about a piece of them, or as much as the first one takes. */
export function* readPiece(
  shell: Shell,
  text: string,
  start: number,
  firstLine: number,
): Blocking<ScriptPiece> {
  const gathered = { source: "", end: start };
  for (let size = SCRIPT_PIECE_CHARACTERS; ; size *= 2) {
    const end = Math.max(gathered.end, endOfLine(text, Math.min(text.length, start + size)));
    gathered.source += text.slice(gathered.end, end);
    gathered.end = end;
    closeHereDocuments(shell, text, gathered);
    const { source } = gathered;
    checkCommandSize(shell, source);
    yield* shell.sys.charge(source.length / CHARACTERS_READ_PER_STEP);
    const script = readScript(source, shell.dialect, firstLine);
    if (gathered.end < text.length && mayGoOn(script, source)) continue;
    return { script, end: gathered.end, lines: countLines(text, start, gathered.end) };
  }
}

/** Goes on to the ends of the here-documents that have begun. */
function closeHereDocuments(
  shell: Shell,
  text: string,
  gathered: { source: string; end: number },
): void {
  const passedOver = new Set<number>();
  for (;;) {
    const { source } = gathered;
    const open = openHereDocument(source, passedOver);
    if (open === null) return;
    const end = findEnd(text, gathered.end, open);
    if (end === null) {
      if (takeRest(shell, text, gathered, open)) return;
      passedOver.add(open.offset);
      continue;
    }
    const rest = text.slice(gathered.end, end.start);
    const last = text.slice(end.start, end.after);
    gathered.end = end.after;
    if (open.bodyStart !== null) {
      const before = source.slice(0, open.bodyStart);
      const body = source.slice(open.bodyStart) + rest;
      const mark = shell.hereDocuments.setAside(shell, before, open, body);
      if (mark !== null) {
        gathered.source = before + mark + last;
        continue;
      }
    }
    gathered.source = source + rest + last;
  }
}

/** A here-document without an end has all that is left; false where it only looked like one. */
function takeRest(
  shell: Shell,
  text: string,
  gathered: { source: string; end: number },
  open: OpenHereDocument,
): boolean {
  if (open.bodyStart === null) return false;
  const before = gathered.source.slice(0, open.bodyStart);
  if (isHereDocument(shell, before, open) !== true) return false;
  const body = gathered.source.slice(open.bodyStart) + text.slice(gathered.end);
  const mark = shell.hereDocuments.setAside(shell, before, open, body);
  gathered.source = mark === null ? before + body : `${before}${mark}${open.word}\n`;
  gathered.end = text.length;
  return true;
}

/** Whether what has been read may be only the beginning of a command. */
export function mayGoOn(script: Script, source: string): boolean {
  return script.problem?.incomplete === true || /(?:^|[^\\])(?:\\\\)*\\\n$/.test(source);
}

/** @throws ShellError when reading it would take more than a shell has */
export function checkCommandSize(shell: Shell, source: string): void {
  const isTooLarge =
    source.length > MAX_COMMAND_CHARACTERS ||
    (source.length > MAX_COMMAND_MARKS && countMarks(source) > MAX_COMMAND_MARKS);
  if (isTooLarge) throw new ShellError(errorMessage(shell, "out of memory"), 2);
}

/** An operator takes more than a blank. */
const MARKS_OF_OPERATOR = 3;
const MARKS = new Uint8Array(256);
for (const character of " \t\n{}$`\"'\\") MARKS[character.charCodeAt(0)] = 1;
for (const character of ";&|()<>") MARKS[character.charCodeAt(0)] = MARKS_OF_OPERATOR;

function countMarks(source: string): number {
  let count = 0;
  for (let index = 0; index < source.length; index += 1)
    count += MARKS[source.charCodeAt(index)] ?? 0;
  return count;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1))
    count += 1;
  return count;
}
