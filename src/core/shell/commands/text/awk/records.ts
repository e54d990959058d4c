import { bytesToString } from "../../../bytes.js";
import {
  BYTES_PER_STEP,
  IO_CHUNK_BYTES,
  LINES_PER_CHARGE,
  STEPS_PER_CHARGE,
} from "../../../limits.js";
import type { Parts } from "../../../paced.js";
import { compileRegex } from "../../../pattern/regex-match.js";
import { scanNow } from "../../../pattern/wildcard-scan.js";
import type { Blocking, Sys } from "../../../syscall.js";

/** Records of a descriptor, by a separator that may change between two of them. */
export class RecordReader {
  #buffer = "";
  #atEnd = false;
  /** What follows the buffer and has no separator: put together only when the record ends, lest one without end is copied for each chunk. */
  #parts: string[] = [];
  #uncharged = 0;

  constructor(
    private readonly sys: Sys,
    readonly fd: number,
  ) {}

  /** Null at the end. */
  *read(separator: string): Blocking<string | null> {
    this.#uncharged += 1;
    if (this.#uncharged >= LINES_PER_CHARGE) {
      this.#uncharged = 0;
      if (!this.sys.tryCharge(STEPS_PER_CHARGE)) yield* this.sys.charge(STEPS_PER_CHARGE);
    }
    for (;;) {
      const record = this.#take(separator);
      if (record !== null) return record;
      if (this.#atEnd) return this.#takeRest(separator);
      const bytes = yield* this.sys.read(this.fd, IO_CHUNK_BYTES);
      const steps = 1 + Math.floor(bytes.length / BYTES_PER_STEP);
      if (!this.sys.tryCharge(steps)) yield* this.sys.charge(steps);
      if (bytes.length === 0) this.#atEnd = true;
      else {
        if (this.#buffer !== "" || this.#parts.length > 0) this.sys.allocate(bytes.length);
        this.#parts.push(bytesToString(bytes));
        if (separator.length === 1 && this.#parts.at(-1)?.includes(separator) === false) continue;
      }
      this.#buffer += this.#parts.join("");
      this.#parts = [];
    }
  }

  #take(separator: string): string | null {
    if (separator.length === 1) {
      const end = this.#buffer.indexOf(separator);
      return end < 0 ? null : this.#cut(end, end + 1);
    }
    if (separator === "") return this.#takeParagraph();
    const match = compileRegex(separator, { isExtended: true }).search(this.#buffer, 0);
    // A match at the very end may go on in what is not read yet.
    if (match === null || match.end === match.start) return null;
    if (match.end === this.#buffer.length && !this.#atEnd) return null;
    return this.#cut(match.start, match.end);
  }

  /** Records are separated by empty lines; those at the start do not count. */
  #takeParagraph(): string | null {
    this.#buffer = this.#buffer.replace(/^\n+/, "");
    const match = /\n\n+/.exec(this.#buffer);
    if (match === null || (match.index + match[0].length === this.#buffer.length && !this.#atEnd)) {
      return null;
    }
    return this.#cut(match.index, match.index + match[0].length);
  }

  #cut(end: number, next: number): string {
    const record = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(next);
    return record;
  }

  #takeRest(separator: string): string | null {
    const rest = separator === "" ? this.#buffer.replace(/\n+$/, "") : this.#buffer;
    this.#buffer = "";
    if (rest === "") return null;
    // A newline at the end is not part of the last record of any separator.
    return separator.length > 1 || separator === "" ? rest.replace(/\n$/, "") : rest;
  }
}

/** In a text of so many characters fields are looked for in parts. */
export const LONG_RECORD_CHARACTERS = 16_384;
const FIELDS_PER_PART = 1024;
const STEPS_PER_PART = 16;

/** As `splitFields`, in parts; there is but one of a short text. */
export function* splitInParts(
  text: string,
  separator: string,
  isParagraph = false,
): Parts<string[]> {
  if (text.length < LONG_RECORD_CHARACTERS) return splitFields(text, separator, isParagraph);
  if (isParagraph && separator !== " ") {
    const fields: string[] = [];
    for (const line of text.split("\n")) {
      for (const field of yield* splitInParts(line, separator)) fields.push(field);
      yield 1;
    }
    return fields;
  }
  return isExpression(separator)
    ? yield* splitByExpression(text, separator)
    : yield* splitByCharacter(text, separator);
}

/** Cuts between two fields, and splits the stretches. */
function* splitByCharacter(text: string, separator: string): Parts<string[]> {
  const fields: string[] = [];
  let start = 0;
  while (start < text.length) {
    const end = cutAfter(text, separator, start + LONG_RECORD_CHARACTERS);
    // The separator at the cut is left out: the next stretch begins with a field.
    const isCut = separator !== "" && end < text.length;
    const stretch = text.slice(start, isCut ? end - 1 : end);
    if (stretch === "") fields.push("");
    else for (const field of splitFields(stretch, separator)) fields.push(field);
    // What ends with a separator has an empty field behind it.
    if (isCut && end === text.length) fields.push("");
    start = end;
    yield STEPS_PER_PART;
  }
  return fields;
}

/** The place behind the first separator at or after `from`, when something follows it. */
function cutAfter(text: string, separator: string, from: number): number {
  if (separator === "") return Math.min(text.length, from);
  for (let at = from; at < text.length - 1; at += 1) {
    const character = text.charAt(at);
    if (separator === " " ? " \t\n".includes(character) : character === separator) return at + 1;
  }
  return text.length;
}

const isExpression = (separator: string): boolean => separator.length > 1 || separator === "\\";

function* splitByExpression(text: string, separator: string): Parts<string[]> {
  const regex = compileRegex(separator, { isExtended: true });
  const fields: string[] = [];
  let at = 0;
  for (let from = 0; from <= text.length;) {
    const match = yield* regex.searchInParts(text, from);
    if (match === null) break;
    from = match.end === match.start ? match.end + 1 : match.end;
    if (match.end === match.start) continue;
    fields.push(text.slice(at, match.start));
    at = match.end;
    if (fields.length % FIELDS_PER_PART === 0) yield STEPS_PER_PART;
  }
  fields.push(text.slice(at));
  return fields;
}

/** Splits a record by FS: blanks, one character, or an expression. */
export function splitFields(text: string, separator: string, isParagraph = false): string[] {
  if (separator === " ") {
    const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, "");
    return trimmed === "" ? [] : trimmed.split(/[ \t\n]+/);
  }
  if (text === "") return [];
  if (separator === "") return Array.from(text);
  if (isParagraph) return text.split("\n").flatMap((line) => splitFields(line, separator));
  if (!isExpression(separator)) return text.split(separator);
  return scanNow(splitByExpression(text, separator));
}
