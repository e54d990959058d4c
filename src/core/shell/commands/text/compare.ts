import { LineReader, type Line } from "../../io/line-reader.js";
import { describeFailure } from "../../errno-text.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { openInput } from "../input.js";
import { parseCount } from "../counts.js";
import { parseOptions, usageFailure } from "../options.js";

function openOrDie(command: Command, path: string): number {
  try {
    return openInput(command.sys, path);
  } catch (error) {
    const why = describeFailure(error);
    if (command.name === "cmp") throw command.failure(`${path}: ${why}`, 2);
    throw command.failure(`can't open '${path}': ${why}`);
  }
}

/** Lines of two sorted files: in the first only, in the second only, in both. */
export function* comm(command: Command): Blocking<number> {
  const options = parseOptions(command, "123z");
  const [first, second] = options.operands;
  if (first === undefined || second === undefined) throw usageFailure(command);
  const left = new LineReader(command.sys, openOrDie(command, first));
  const right = new LineReader(command.sys, openOrDie(command, second));
  const shows = (column: string): boolean => !options.has(column);
  const indent = (column: number): string => {
    let tabs = 0;
    if (column > 1 && shows("1")) tabs += 1;
    if (column > 2 && shows("2")) tabs += 1;
    return "\t".repeat(tabs);
  };
  let a: Line | null = yield* left.readLine();
  let b: Line | null = yield* right.readLine();
  while (a !== null || b !== null) {
    const order = a === null ? 1 : b === null ? -1 : a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
    const column = order < 0 ? 1 : order > 0 ? 2 : 3;
    const text = (order > 0 ? b : a)?.text ?? "";
    if (shows(String(column))) command.output.add(`${indent(column)}${text}\n`);
    if (order <= 0) a = yield* left.readLine();
    if (order >= 0) b = yield* right.readLine();
    if (command.output.isFull) yield* command.output.flush();
  }
  return 0;
}

/** Byte by byte: 0 equal, 1 different, 2 trouble. */
export function* cmp(command: Command): Blocking<number> {
  const options = parseOptions(command, "slbn:", { quiet: "s", silent: "s", verbose: "l" });
  const [first, second = "-"] = options.operands;
  if (first === undefined) throw usageFailure(command, undefined, 2);
  const { sys } = command;
  const left = openOrDie(command, first);
  const right = openOrDie(command, second);
  const most = parseCount(options.value("n") ?? "") ?? Infinity;
  const a = new ByteReader(command, left);
  const b = new ByteReader(command, right);
  let line = 1;
  let status = 0;
  for (let at = 1; at <= most; at += 1) {
    const x = a.takeBuffered() ?? (yield* a.next());
    const y = b.takeBuffered() ?? (yield* b.next());
    if ((at & 4095) === 0 && !sys.tryCharge(1)) yield* sys.charge(1);
    if (x < 0 && y < 0) return status;
    if (x < 0 || y < 0) {
      if (!options.has("s")) yield* command.complain(`EOF on ${x < 0 ? first : second}`);
      return 1;
    }
    if (x !== y) {
      status = 1;
      if (options.has("s")) return 1;
      if (!options.has("l")) {
        command.output.add(`${first} ${second} differ: char ${String(at)}, line ${String(line)}\n`);
        return 1;
      }
      command.output.add(
        `${String(at).padStart(4)} ${x.toString(8).padStart(3)} ${y.toString(8).padStart(3)}\n`,
      );
    }
    if (x === 10) line += 1;
  }
  return status;
}

class ByteReader {
  #buffer = new Uint8Array(0);
  #at = 0;

  constructor(
    private readonly command: Command,
    private readonly fd: number,
  ) {}

  takeBuffered(): number | null {
    const byte = this.#buffer[this.#at];
    if (byte === undefined) return null;
    this.#at += 1;
    return byte;
  }

  /** -1 at the end. */
  *next(): Blocking<number> {
    const bytes = yield* this.command.sys.read(this.fd, 65_536);
    this.#buffer = Uint8Array.from(bytes);
    this.#at = 0;
    return this.takeBuffered() ?? -1;
  }
}

/** Lines of two files that agree in a field. Both must be sorted by it. */
export function* join(command: Command): Blocking<number> {
  const options = parseOptions(command, "a:e:o:t:v:1:2:j:i");
  const [first, second] = options.operands;
  if (first === undefined || second === undefined) throw usageFailure(command);
  const separator = options.value("t");
  const left = new JoinInput(
    command,
    openOrDie(command, first),
    Number(options.value("1") ?? options.value("j") ?? 1),
    separator,
  );
  const right = new JoinInput(
    command,
    openOrDie(command, second),
    Number(options.value("2") ?? options.value("j") ?? 1),
    separator,
  );
  const alone = options.all("a").concat(options.all("v"));
  const showsPairs = !options.has("v");
  const joint = separator ?? " ";
  yield* left.advance();
  yield* right.advance();
  while (left.group !== null || right.group !== null) {
    if (!command.sys.tryCharge(1)) yield* command.sys.charge(1);
    const order =
      left.group === null
        ? 1
        : right.group === null
          ? -1
          : left.key < right.key
            ? -1
            : left.key > right.key
              ? 1
              : 0;
    if (order === 0 && showsPairs) {
      for (const a of left.group ?? []) {
        for (const b of right.group ?? []) {
          command.output.add(`${[left.key, ...left.others(a), ...right.others(b)].join(joint)}\n`);
        }
      }
    }
    if (order < 0 && alone.includes("1")) printAlone(command, left, joint);
    if (order > 0 && alone.includes("2")) printAlone(command, right, joint);
    if (order <= 0) yield* left.advance();
    if (order >= 0) yield* right.advance();
    if (command.output.isFull) yield* command.output.flush();
  }
  return 0;
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
  readonly #reader: LineReader;

  constructor(
    command: Command,
    fd: number,
    private readonly field: number,
    private readonly separator: string | undefined,
  ) {
    this.#reader = new LineReader(command.sys, fd);
  }

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
    const line = yield* this.#reader.readLine();
    if (line === null) return null;
    return this.separator === undefined
      ? line.text.trim().split(/[ \t]+/)
      : line.text.split(this.separator);
  }
}
