import { describeFailure } from "../../errno-text.js";
import type { Line } from "../../io/line-reader.js";
import { writeError } from "../../io/write.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { Output } from "../output.js";
import { inputsOf, eachLineOf } from "../lines.js";
import { openInput, closeInput } from "../input.js";
import { parseOptions, type Options } from "../options.js";
import { compareLines, type SortKey } from "./sort-keys.js";

const MEMORY_PER_LINE = 48;

export function* sort(command: Command): Blocking<number> {
  const options = parseOptions(command, "ngMucszbrdfihVmS:T:o:k:t:", {
    reverse: "r",
    "numeric-sort": "n",
    unique: "u",
    "key=": "k",
    "field-separator=": "t",
    "output=": "o",
    check: "c",
    stable: "s",
    "ignore-case": "f",
    "human-numeric-sort": "h",
    "version-sort": "V",
  });
  const keys = readKeys(command, options);
  const separator = options.value("t");
  if (separator !== undefined && separator.length !== 1) {
    throw command.failure("bad -t parameter", 2);
  }
  const terminator = options.has("z") ? "\0" : "\n";
  const compare = compareLines(keys, separator ?? null, command.isGnu);
  const lastResort = options.has("s") || options.has("u");
  const reversed = options.has("r");
  const whole = (a: string, b: string): number => {
    const order = compare(a, b);
    if (order !== 0 || lastResort) return order;
    const bytes = a < b ? -1 : a > b ? 1 : 0;
    return reversed ? -bytes : bytes;
  };
  if (options.has("c")) return yield* check(command, options, compare);
  const lines = yield* gather(command, options);
  lines.sort(whole);
  const steps = Math.ceil((lines.length * Math.log2(lines.length + 1)) / 200);
  if (!command.sys.tryCharge(steps)) yield* command.sys.charge(steps);
  yield* print(command, options, lines, compare, terminator);
  return command.status;
}

function* gather(command: Command, options: Options): Blocking<string[]> {
  const lines: string[] = [];
  for (const path of inputsOf(options.operands)) {
    const fd = openOrDie(command, path);
    const hold = ({ text }: Line): boolean => {
      lines.push(text);
      command.sys.allocate(text.length + MEMORY_PER_LINE);
      return true;
    };
    yield* eachLineOf(command, fd, hold, options.has("z") ? 0 : undefined);
    closeInput(command.sys, fd);
  }
  return lines;
}

function openOrDie(command: Command, path: string): number {
  try {
    return openInput(command.sys, path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const what = command.words(path, `cannot read: ${path}`);
    throw command.failure(`${what}: ${describeFailure(error)}`, 2);
  }
}

function* print(
  command: Command,
  options: Options,
  lines: readonly string[],
  compare: (a: string, b: string) => number,
  terminator: string,
): Blocking<void> {
  const target = options.value("o");
  const output =
    target === undefined
      ? command.output
      : new Output(
          command.sys,
          command.sys.open(target, { write: true, create: true, truncate: true }),
        );
  let previous: string | null = null;
  for (const line of lines) {
    if (options.has("u") && previous !== null && compare(previous, line) === 0) continue;
    previous = line;
    output.add(line + terminator);
    if (output.isFull) yield* output.flush();
  }
  yield* output.flush();
}

function* check(
  command: Command,
  options: Options,
  compare: (a: string, b: string) => number,
): Blocking<number> {
  const lines = yield* gather(command, options);
  for (let index = 1; index < lines.length; index += 1) {
    const order = compare(lines[index - 1] ?? "", lines[index] ?? "");
    if (order < 0 || (order === 0 && !options.has("u"))) continue;
    yield* writeError(command.sys, `Check line ${String(index)}\n`);
    return 1;
  }
  return 0;
}

const FLAGS = "bdfginrMhV";

/** `-k 2,3n`, `-k 1.2,1.4`; without keys the whole line with the flags of the command. */
function readKeys(command: Command, options: Options): SortKey[] {
  const globalFlags = Array.from(FLAGS)
    .filter((flag) => options.has(flag))
    .join("");
  const texts = options.all("k");
  if (texts.length === 0) {
    return [
      { startField: 1, startCharacter: 1, endField: null, endCharacter: 0, flags: globalFlags },
    ];
  }
  return texts.map((text) => {
    const match = /^(\d+)(?:\.(\d+))?([bdfginrMhV]*)(?:,(\d+)(?:\.(\d+))?([bdfginrMhV]*))?$/.exec(
      text,
    );
    if (match === null || match[1] === "0") throw command.failure("bad field specification", 2);
    const [
      ,
      startField = "1",
      startCharacter = "1",
      startFlags = "",
      endField,
      endCharacter = "0",
      endFlags = "",
    ] = match;
    const own = startFlags + endFlags;
    return {
      startField: Number(startField),
      startCharacter: Number(startCharacter),
      endField: endField === undefined ? null : Number(endField),
      endCharacter: Number(endCharacter),
      flags: own === "" ? globalFlags : own,
    };
  });
}
