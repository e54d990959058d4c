import type { Line } from "../../io/line-reader.js";
import type { Parts } from "../../paced.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { addRepeated } from "../output.js";
import { eachLine, inputsOf } from "../lines.js";
import { parseOptions } from "../options.js";

const TAB = 9;
const BLANK = 32;
/** Characters that are read and written in one part. */
const CHARACTERS_PER_PART = 16_384;
const STEPS_PER_PART = 16;

export function* expand(command: Command): Blocking<number> {
  const options = parseOptions(command, "it:", { initial: "i", "tabs=": "t" });
  const tab = tabWidth(command, options.value("t"));
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, (line) => expandLine(command, line, tab, options.has("i")));
  }
  return command.status;
}

function tabWidth(command: Command, text: string | undefined): number {
  if (text === undefined) return 8;
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw command.failure(`invalid number '${text}'`);
  return Number(text);
}

function* expandLine(
  { output }: Command,
  { text, isTerminated }: Line,
  tab: number,
  onlyInitial: boolean,
): Parts<void> {
  let inIndent = true;
  let column = 0;
  let start = 0;
  let work = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === TAB && (!onlyInitial || inIndent)) {
      output.add(text.slice(start, index));
      const width = tab - (column % tab);
      yield* addRepeated(output, " ", width);
      column += width;
      work += width;
      start = index + 1;
    } else {
      column += 1;
      inIndent &&= code === BLANK;
    }
    work += 1;
    if (work < CHARACTERS_PER_PART) continue;
    work = 0;
    yield STEPS_PER_PART;
  }
  output.add(isTerminated ? `${text.slice(start)}\n` : text.slice(start));
}

export function* unexpand(command: Command): Blocking<number> {
  const options = parseOptions(command, "aft:", { all: "a", "first-only": "f", "tabs=": "t" });
  const tab = tabWidth(command, options.value("t"));
  const all = (options.has("a") || options.has("t")) && !options.has("f");
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, (line) => unexpandLine(command, line, tab, all));
  }
  return command.status;
}

function* unexpandLine(
  { output }: Command,
  { text, isTerminated }: Line,
  tab: number,
  all: boolean,
): Parts<void> {
  let column = 0;
  let blanks = 0;
  let inIndent = true;
  /** Where the text that is not told yet begins, when the last character was no blank. */
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (index % CHARACTERS_PER_PART === CHARACTERS_PER_PART - 1) yield STEPS_PER_PART;
    if ((code !== BLANK && code !== TAB) || !(inIndent || all)) {
      yield* addRepeated(output, " ", blanks);
      blanks = 0;
      column += 1;
      inIndent = false;
      continue;
    }
    output.add(text.slice(start, index));
    start = index + 1;
    const next = code === TAB ? column + tab - (column % tab) : column + 1;
    blanks += next - column;
    column = next;
    if (column % tab !== 0 || (blanks <= 1 && code !== TAB)) continue;
    output.add("\t");
    blanks = 0;
  }
  yield* addRepeated(output, " ", blanks);
  output.add(isTerminated ? `${text.slice(start)}\n` : text.slice(start));
}
