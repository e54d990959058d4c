import { openInput } from "../input.js";
import { describeFailure } from "../../errno-text.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { eachLineOf } from "../lines.js";
import { Output } from "../output.js";
import { parseOptions, type Options } from "../options.js";

export function* uniq(command: Command): Blocking<number> {
  const options = parseOptions(command, "cduif:s:w:z", {
    count: "c",
    repeated: "d",
    unique: "u",
    "ignore-case": "i",
    "skip-fields=": "f",
    "skip-chars=": "s",
    "check-chars=": "w",
  });
  for (const letter of "fsw") countOf(command, options, letter);
  const end = options.has("z") ? "\0" : "\n";
  const [input = "-", target] = options.operands;
  let fd: number;
  try {
    fd = openInput(command.sys, input);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    const what = command.isGnu ? input : `can't open '${input}'`;
    throw command.failure(`${what}: ${describeFailure(error)}`);
  }
  const output =
    target === undefined || target === "-"
      ? command.output
      : new Output(
          command.sys,
          command.sys.open(target, { write: true, create: true, truncate: true }),
        );
  const keyOf = keyMaker(command, options);
  let previous: string | null = null;
  let count = 0;
  const show = (): void => {
    if (previous === null) return;
    if (options.has("d") && count < 2) return;
    if (options.has("u") && count > 1) return;
    output.add(`${options.has("c") ? `${String(count).padStart(7)} ` : ""}${previous}${end}`);
  };
  yield* eachLineOf(command, fd, ({ text }) => {
    if (previous !== null && keyOf(text) === keyOf(previous)) {
      count += 1;
      return true;
    }
    show();
    previous = text;
    count = 1;
    return true;
  });
  show();
  if (output !== command.output) yield* output.flush();
  return command.status;
}

function countOf(command: Command, options: Options, letter: string): number | null {
  const text = options.value(letter);
  if (text === undefined) return null;
  if (!/^\d+$/.test(text)) throw command.failure(`invalid number '${text}'`);
  return Number(text);
}

function keyMaker(command: Command, options: Options): (line: string) => string {
  const fields = countOf(command, options, "f") ?? 0;
  const skip = countOf(command, options, "s") ?? 0;
  const most = countOf(command, options, "w");
  return (line) => {
    let key = line;
    for (let field = 0; field < fields && key !== ""; field += 1)
      key = key.replace(/^[ \t]*[^ \t]*/, "");
    key = key.slice(skip);
    if (most !== null) key = key.slice(0, most);
    return options.has("i") ? key.toLowerCase() : key;
  };
}
