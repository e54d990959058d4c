import { describeFailure } from "../../errno-text.js";
import { IO_CHUNK_BYTES } from "../../limits.js";
import type { Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseCount } from "../counts.js";
import { openInput } from "../input.js";
import { parseOptions, usageFailure, type Options } from "../options.js";

/** Byte by byte: 0 equal, 1 different, 2 trouble. */
export function* cmp(command: Command): Blocking<number> {
  const options = parseOptions(command, "slbn:", { quiet: "s", silent: "s", verbose: "l" });
  const [first, second = "-"] = options.operands;
  if (first === undefined) throw usageFailure(command, undefined, 2);
  const most = parseCount(options.value("n") ?? "") ?? Infinity;
  const a = new ByteReader(command, openOrDie(command, first));
  const b = new ByteReader(command, openOrDie(command, second));
  const report = new Report(command, options, first, second);
  for (let at = 1; at <= most; at += 1) {
    const x = a.takeBuffered() ?? (yield* a.next());
    const y = b.takeBuffered() ?? (yield* b.next());
    if ((at & 4095) === 0 && !command.sys.tryCharge(1)) yield* command.sys.charge(1);
    if (Math.min(x, y) < 0) return yield* report.end(x, y);
    if (x !== y && report.isLast(at, x, y)) return 1;
    if (x === NEWLINE) report.line += 1;
  }
  return report.status;
}

const NEWLINE = 10;

function openOrDie(command: Command, path: string): number {
  try {
    return openInput(command.sys, path);
  } catch (error) {
    throw command.failure(`${path}: ${describeFailure(error)}`, 2);
  }
}

class Report {
  status = 0;
  line = 1;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
    private readonly first: string,
    private readonly second: string,
  ) {}

  /** Tells of a difference; false where the others are wanted too. */
  isLast(at: number, x: number, y: number): boolean {
    this.status = 1;
    if (this.options.has("s")) return true;
    if (!this.options.has("l")) {
      this.command.output.add(
        `${this.first} ${this.second} differ: char ${String(at)}, line ${String(this.line)}\n`,
      );
      return true;
    }
    const octal = (byte: number): string => byte.toString(8).padStart(3);
    this.command.output.add(`${String(at)} ${octal(x)} ${octal(y)}\n`);
    return false;
  }

  /** At the end of one file or of both; returns the exit status. */
  *end(x: number, y: number): Blocking<number> {
    if (x === y) return this.status;
    if (!this.options.has("s")) {
      yield* this.command.complain(`EOF on ${x < 0 ? this.first : this.second}`);
    }
    return 1;
  }
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
    const bytes = yield* this.command.sys.read(this.fd, IO_CHUNK_BYTES);
    this.#buffer = Uint8Array.from(bytes);
    this.#at = 0;
    return this.takeBuffered() ?? -1;
  }
}
