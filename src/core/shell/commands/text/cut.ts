import type { Parts } from "../../paced.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { compileRegex } from "../../pattern/regex-match.js";
import { eachLine, inputsOf } from "../lines.js";
import { parseOptions } from "../options.js";

interface Range {
  readonly from: number;
  readonly to: number;
}

export function* cut(command: Command): Blocking<number> {
  const options = parseOptions(command, "b:c:d:f:F:snD", {
    "bytes=": "b",
    "characters=": "c",
    "delimiter=": "d",
    "fields=": "f",
    "only-delimited": "s",
    "output-delimiter=": "O",
  });
  const kind = options.last("bcfF");
  if (kind === null) {
    throw command.failure("expected a list of bytes, characters, or fields");
  }
  const delimiter = options.value("d") ?? "\t";
  if (options.has("d") && kind !== "f" && kind !== "F") {
    throw command.failure("specifying a delimiter makes sense only with -f or -F");
  }
  const ranges = parseList(command, options.value(kind) ?? "");
  const joint = options.value("O") ?? (kind === "F" ? " " : delimiter);
  const only = { joint, skipsUndelimited: options.has("s") };
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, ({ text }) => {
      if (kind === "b" || kind === "c") return cutBytes(command, text, ranges);
      const fields =
        kind === "f" ? fieldsOf(text, delimiter || "\0") : splitByRegex(text)[Symbol.iterator]();
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
  const ranges = text.split(/[, ]+/).map((piece): Range => {
    const match = /^(\d*)(-?)(\d*)$/.exec(piece);
    if (match === null || piece === "" || piece === "-") {
      throw command.failure(`invalid range ${piece}`);
    }
    const [, low = "", dash = "", high = ""] = match;
    const from = low === "" ? 1 : Number(low);
    const to = dash === "" ? from : high === "" ? Infinity : Number(high);
    if (from < 1 || to < from) throw command.failure(`invalid range ${piece}`);
    return { from, to };
  });
  return merged(ranges.sort((a, b) => a.from - b.from));
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
  { output }: Command,
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
  }
  output.add("\n");
}
