import { bytesToString } from "../../../bytes.js";
import {
  BYTES_PER_STEP,
  IO_CHUNK_BYTES,
  LINES_PER_CHARGE,
  STEPS_PER_CHARGE,
} from "../../../limits.js";
import { compileRegex } from "../../../pattern/regex-match.js";
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

/** Splits a record by FS: blanks, one character, or an expression. */
export function splitFields(text: string, separator: string, isParagraph = false): string[] {
  if (separator === " ") {
    const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, "");
    return trimmed === "" ? [] : trimmed.split(/[ \t\n]+/);
  }
  if (text === "") return [];
  if (separator === "") return Array.from(text);
  if (isParagraph) return text.split("\n").flatMap((line) => splitFields(line, separator));
  if (separator.length === 1 && separator !== "\\") {
    return text.split(separator);
  }
  const regex = compileRegex(separator, { isExtended: true });
  const fields: string[] = [];
  let at = 0;
  for (let from = 0; from <= text.length;) {
    const match = regex.search(text, from);
    if (match === null) break;
    if (match.end === match.start) {
      from = match.end + 1;
      continue;
    }
    fields.push(text.slice(at, match.start));
    at = match.end;
    from = match.end;
  }
  return [...fields, text.slice(at)];
}
