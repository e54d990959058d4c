import { describeFailure } from "../../errno-text.js";
import { LineReader, type Line } from "../../io/line-reader.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { openInput } from "../input.js";
import { parseOptions, usageFailure, type Options } from "../options.js";

/** A file that is read line by line to its end. */
export function openLines(command: Command, path: string): LineReader {
  try {
    return new LineReader(command.sys, openInput(command.sys, path));
  } catch (error) {
    throw command.failure(`can't open '${path}': ${describeFailure(error)}`);
  }
}

/** Lines of two sorted files: in the first only, in the second only, in both. */
export function* comm(command: Command): Blocking<number> {
  const options = parseOptions(command, "123z");
  const [first, second] = options.operands;
  if (first === undefined || second === undefined) throw usageFailure(command);
  const left = openLines(command, first);
  const right = openLines(command, second);
  let a = yield* left.readLine();
  let b = yield* right.readLine();
  while (a !== null || b !== null) {
    const order = compare(a, b);
    const text = (order > 0 ? b : a)?.text ?? "";
    show(command, options, order < 0 ? "1" : order > 0 ? "2" : "3", text);
    if (order <= 0) a = yield* left.readLine();
    if (order >= 0) b = yield* right.readLine();
    if (command.output.isFull) yield* command.output.flush();
  }
  return 0;
}

/** A file that has ended comes last. */
function compare(a: Line | null, b: Line | null): number {
  if (a === null) return 1;
  if (b === null || a.text < b.text) return -1;
  return a.text > b.text ? 1 : 0;
}

function show(command: Command, options: Options, column: string, text: string): void {
  if (options.has(column)) return;
  const shownBefore = ["1", "2"].filter((one) => one < column && !options.has(one));
  command.output.add(`${"\t".repeat(shownBefore.length)}${text}\n`);
}
