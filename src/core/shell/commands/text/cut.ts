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
  for (const path of inputsOf(options.operands)) {
    yield* eachLine(command, path, ({ text }) => {
      const shown =
        kind === "b" || kind === "c"
          ? pick(Array.from(text), ranges).join("")
          : kind === "f"
            ? cutFields(text, text.split(delimiter), delimiter, ranges, joint, options.has("s"))
            : cutFields(text, splitByRegex(text), " ", ranges, joint, options.has("s"));
      if (shown !== null) command.output.add(`${shown}\n`);
      return true;
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
  return ranges.sort((a, b) => a.from - b.from);
}

function pick<T>(items: readonly T[], ranges: readonly Range[]): T[] {
  return items.filter((_, index) =>
    ranges.some(({ from, to }) => index + 1 >= from && index + 1 <= to),
  );
}

function cutFields(
  line: string,
  fields: readonly string[],
  delimiter: string,
  ranges: readonly Range[],
  joint: string,
  onlyDelimited: boolean,
): string | null {
  if (!line.includes(delimiter) && fields.length < 2) return onlyDelimited ? null : line;
  return pick(fields, ranges).join(joint);
}
