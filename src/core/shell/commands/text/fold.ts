import type { Line } from "../../io/line-reader.js";
import type { Parts } from "../../paced.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { eachLine, inputsOf } from "../lines.js";
import { parseOptions, type Options } from "../options.js";

export function* fold(command: Command): Blocking<number> {
  const options = parseOptions(
    command,
    "bsw:",
    { bytes: "b", spaces: "s", "width=": "w" },
    command.operands.map((word) => (/^-\d+$/.test(word) ? `-w${word.slice(1)}` : word)),
  );
  const width = Number(options.value("w") ?? 80);
  if (!(width > 0)) throw command.failure(`invalid number '${options.value("w") ?? ""}'`);
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, (line) => foldLine(command, line, width, options));
  }
  return command.status;
}

/** Characters that are looked at in one part. */
const CHARACTERS_PER_PART = 16_384;
const STEPS_PER_PART = 16;

function* foldLine(
  { output }: Command,
  { text, isTerminated }: Line,
  width: number,
  options: Options,
): Parts<void> {
  const atSpaces = options.has("s");
  const inBytes = options.has("b");
  let start = 0;
  let column = 0;
  let looked = 0;
  for (let index = 0; index < text.length; index += 1) {
    let next = advance(column, text.charCodeAt(index), inBytes);
    if (next > width && index > start) {
      const space = atSpaces ? text.slice(start, index).lastIndexOf(" ") : -1;
      const cut = space >= 0 ? start + space + 1 : index;
      output.add(`${text.slice(start, cut)}\n`);
      start = cut;
      column = 0;
      for (let kept = cut; kept < index; kept += 1)
        column = advance(column, text.charCodeAt(kept), inBytes);
      looked += atSpaces ? 2 * (index - start) : 1;
      next = advance(column, text.charCodeAt(index), inBytes);
    }
    column = next;
    looked += 1;
    if (looked < CHARACTERS_PER_PART) continue;
    looked = 0;
    yield STEPS_PER_PART;
  }
  output.add(isTerminated ? `${text.slice(start)}\n` : text.slice(start));
}

const BACKSPACE = 8;
const TAB = 9;
const CARRIAGE_RETURN = 13;

function advance(column: number, code: number, inBytes: boolean): number {
  if (inBytes) return column + 1;
  switch (code) {
    case BACKSPACE:
      return Math.max(0, column - 1);
    case CARRIAGE_RETURN:
      return 0;
    case TAB:
      return column + 8 - (column % 8);
    default:
      return column + 1;
  }
}
