import type { Parts } from "../../paced.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { compileRegex } from "../../pattern/regex-match.js";
import { eachLine, inputsOf } from "../lines.js";
import { parseOptions, usageFailure } from "../options.js";

interface Range {
  readonly from: number;
  readonly to: number;
}

export function* cut(command: Command): Blocking<number> {
  const options = parseOptions(command, "b:c:d:f:F:O:snDz", {
    "bytes=": "b",
    "characters=": "c",
    "delimiter=": "d",
    "fields=": "f",
    "only-delimited": "s",
    "output-delimiter=": "O",
  });
  const kinds = Array.from("bcfF").filter((letter) => options.has(letter));
  const [kind] = kinds;
  if (kinds.length > 1) {
    throw usageFailure(command, command.isGnu ? "only one list may be specified" : undefined);
  }
  if (kind === undefined) {
    throw command.failure("expected a list of bytes, characters, or fields");
  }
  const delimiter = (options.value("d") || "\t").charAt(0);
  if (kind === "b" || kind === "c") {
    const where = "only when operating on fields";
    if (options.has("s")) {
      throw command.failure(`suppressing non-delimited lines makes sense ${where}`);
    }
    if (options.has("d")) throw command.failure(`a delimiter may be specified ${where}`);
  }
  const ranges = parseList(command, options.value(kind) ?? "");
  const joint = options.value("O") ?? (kind === "F" ? " " : delimiter);
  const only = { joint, skipsUndelimited: options.has("s") };
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, ({ text }) => {
      if (kind === "b" || kind === "c") return cutBytes(command, text, ranges);
      const fields =
        kind === "f" ? fieldsOf(text, delimiter) : splitByRegex(text)[Symbol.iterator]();
      return cutFields(command, text, fields, { ...only, ranges });
    });
  }
  return command.status;
}

function splitByRegex(text: string): string[] {
  const blank = compileRegex("[[:space:]]+", { isExtended: true });
  const fields: string[] = [];
  let at = 0;
  for (let match = blank.search(text, 0); match !== null; match = blank.search(text, at)) {
    fields.push(text.slice(at, match.start));
    at = match.end;
  }
  return [...fields, text.slice(at)];
}

function parseList(command: Command, text: string): Range[] {
  const pieces = text.split(",").filter((piece) => piece !== "");
  if (pieces.length === 0) throw command.failure("missing list of positions");
  const ranges = pieces.map((piece): Range => {
    const dash = piece.indexOf("-");
    const low = dash < 0 ? piece : piece.slice(0, dash);
    const from = Math.max(1, low === "" ? 1 : positionOf(command, low));
    if (dash < 0) return { from, to: from };
    const high = piece.slice(dash + 1);
    const to = high === "" ? Infinity : positionOf(command, high);
    // coreutils/cut.c, 1.37: the start counts from 0 by then.
    if (to < from - 1) throw command.failure(`${String(to)}<${String(from - 1)}`);
    return { from, to };
  });
  return merged(ranges.sort((a, b) => a.from - b.from));
}

function positionOf(command: Command, text: string): number {
  if (!/^\d+$/.test(text)) throw command.failure(`invalid number '${text}'`);
  return Number(text);
}

/** The same places, in rising order and none twice. */
function merged(sorted: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last === undefined || range.from > last.to + 1) result.push(range);
    else if (range.to > last.to) result[result.length - 1] = { from: last.from, to: range.to };
  }
  return result;
}

/** Pieces that are cut out in one part. */
const PIECES_PER_PART = 8192;
const STEPS_PER_PART = 32;

function* cutBytes({ output }: Command, text: string, ranges: readonly Range[]): Parts<void> {
  for (const [index, { from, to }] of ranges.entries()) {
    if (from > text.length) break;
    output.add(text.slice(from - 1, to));
    if (index % PIECES_PER_PART === PIECES_PER_PART - 1) yield STEPS_PER_PART;
  }
  output.add("\n");
}

function* fieldsOf(text: string, delimiter: string): Generator<string, undefined> {
  for (let start = 0; ;) {
    const end = text.indexOf(delimiter, start);
    if (end < 0) {
      yield text.slice(start);
      return undefined;
    }
    yield text.slice(start, end);
    start = end + delimiter.length;
  }
}

interface Fields {
  readonly ranges: readonly Range[];
  readonly joint: string;
  /** `-s`: lines without a delimiter are left out. */
  readonly skipsUndelimited: boolean;
}

function* cutFields(
  { output, isGnu }: Command,
  line: string,
  fields: Iterator<string>,
  { ranges, joint, skipsUndelimited }: Fields,
): Parts<void> {
  let field = fields.next();
  const first = field.value as string;
  if (first.length === line.length) {
    if (!skipsUndelimited) output.add(`${line}\n`);
    return;
  }
  let shown = 0;
  /** One more than the fields that were looked at. */
  let count = 1;
  let at = 0;
  let range = ranges[at];
  for (let number = 1; field.done !== true && range !== undefined; field = fields.next()) {
    if (number >= range.from) {
      output.add(shown === 0 ? field.value : joint + field.value);
      shown += 1;
    }
    if (number >= range.to) range = ranges[(at += 1)];
    if (number % PIECES_PER_PART === 0) yield STEPS_PER_PART;
    number += 1;
    count = number;
  }
  // coreutils/cut.c, 1.37: a list behind the last field is an empty one.
  const missing = isGnu ? 0 : ranges.slice(at).filter(({ from }) => from >= count).length;
  output.add(`${joint.repeat(missing - (shown === 0 && missing > 0 ? 1 : 0))}\n`);
}
