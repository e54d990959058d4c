import type { LineReader } from "../../io/line-reader.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { openLines } from "./comm.js";

/** Lines of two files that agree in a field. Both must be sorted by it. */
export function* join(command: Command): Blocking<number> {
  const options = parseOptions(command, "a:e:o:t:v:1:2:j:i");
  const [first, second] = options.operands;
  if (first === undefined || second === undefined) throw usageFailure(command);
  const left = joinInput(command, options, "1", first);
  const right = joinInput(command, options, "2", second);
  const alone = [...options.all("a"), ...options.all("v")];
  const joint = options.value("t") ?? " ";
  yield* left.advance();
  yield* right.advance();
  while (left.group !== null || right.group !== null) {
    if (!command.sys.tryCharge(1)) yield* command.sys.charge(1);
    const order = compare(left, right);
    if (order === 0) {
      if (!options.has("v")) printPairs(command, left, right, joint);
    } else if (alone.includes(order < 0 ? "1" : "2")) {
      printAlone(command, order < 0 ? left : right, joint);
    }
    if (order <= 0) yield* left.advance();
    if (order >= 0) yield* right.advance();
    if (command.output.isFull) yield* command.output.flush();
  }
  return 0;
}

function joinInput(command: Command, options: Options, side: string, path: string): JoinInput {
  const field = Number(options.value(side) ?? options.value("j") ?? 1);
  return new JoinInput(openLines(command, path), field, options.value("t"));
}

/** A file that has ended comes last. */
function compare(left: JoinInput, right: JoinInput): number {
  if (left.group === null) return 1;
  if (right.group === null || left.key < right.key) return -1;
  return left.key > right.key ? 1 : 0;
}

function printPairs(command: Command, left: JoinInput, right: JoinInput, joint: string): void {
  for (const a of left.group ?? []) {
    for (const b of right.group ?? []) {
      command.output.add(`${[left.key, ...left.others(a), ...right.others(b)].join(joint)}\n`);
    }
  }
}

function printAlone(command: Command, input: JoinInput, joint: string): void {
  for (const fields of input.group ?? []) {
    command.output.add(`${[input.key, ...input.others(fields)].join(joint)}\n`);
  }
}

/** Lines with the same key, one group after the other. */
class JoinInput {
  group: string[][] | null = null;
  key = "";
  #ahead: string[] | null = null;

  constructor(
    private readonly reader: LineReader,
    private readonly field: number,
    private readonly separator: string | undefined,
  ) {}

  *advance(): Blocking<void> {
    const first = this.#ahead ?? (yield* this.#read());
    this.#ahead = null;
    if (first === null) {
      this.group = null;
      return;
    }
    this.key = first[this.field - 1] ?? "";
    this.group = [first];
    for (;;) {
      const next = yield* this.#read();
      if (next === null || (next[this.field - 1] ?? "") !== this.key) {
        this.#ahead = next;
        return;
      }
      this.group.push(next);
    }
  }

  others(fields: readonly string[]): string[] {
    return fields.filter((_, index) => index !== this.field - 1);
  }

  *#read(): Blocking<string[] | null> {
    const line = yield* this.reader.readLine();
    if (line === null) return null;
    return this.separator === undefined
      ? line.text.trim().split(/[ \t]+/)
      : line.text.split(this.separator);
  }
}
