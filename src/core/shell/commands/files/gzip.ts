import { Gunzip, Gzip } from "fflate";
import { concatenateBytes } from "../../bytes.js";
import { describeFailure } from "../../errno-text.js";
import { BYTES_PER_STEP } from "../../limits.js";
import { SysError, type Blocking, type Sys } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, type Options } from "../options.js";

/** Compressed input that is unpacked at a time: it may become a thousand times as long. */
const PACKED_BYTES_AT_ONCE = 1024;
const PLAIN_BYTES_AT_ONCE = 16_384;
/** Deflating costs about so much more than copying. */
const PACK_EFFORT = 16;

/** gzip, gunzip and zcat, as archival/gzip.c and bbunzip.c have them. */
export function* gzip(command: Command): Blocking<number> {
  const options = parseOptions(command, "cfkdtnqv123456789", {
    stdout: "c",
    "to-stdout": "c",
    force: "f",
    keep: "k",
    decompress: "d",
    uncompress: "d",
    test: "t",
    "no-name": "n",
    quiet: "q",
    verbose: "v",
    fast: "1",
    best: "9",
  });
  const job = new Job(command, options);
  const paths = options.operands.length === 0 ? ["-"] : options.operands;
  for (const path of paths) yield* job.file(path);
  return command.status;
}

class Job {
  readonly #unpacks: boolean;
  readonly #toOutput: boolean;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
  ) {
    this.#unpacks = command.name !== "gzip" || options.has("d") || options.has("t");
    this.#toOutput = command.name === "zcat" || options.has("c") || options.has("t");
  }

  *file(path: string): Blocking<void> {
    const { command } = this;
    const target = path === "-" || this.#toOutput ? null : this.#targetOf(path);
    if (target === "") {
      yield* command.fail(`${path}: unknown suffix - ignored`);
      return;
    }
    const input = yield* this.#open(path, () =>
      path === "-" ? 0 : command.sys.open(path, { read: true }),
    );
    if (input === null) return;
    yield* this.#convert(path, input, target);
    if (input !== 0) command.sys.close(input);
  }

  *#convert(path: string, input: number, target: string | null): Blocking<void> {
    const { sys } = this.command;
    if (target === null && !this.#unpacks && !this.options.has("f") && sys.isTerminal(1)) {
      throw this.command.failure("compressed data not written to terminal, use -f to force it");
    }
    const output = target === null ? 1 : yield* this.#create(path, target);
    if (output === null) return;
    const problem = yield* this.#run(input, output);
    if (output !== 1) sys.close(output);
    if (problem !== null) {
      yield* this.command.fail(problem);
      if (target !== null) sys.unlink(target);
    } else if (target !== null && !this.options.has("k")) sys.unlink(path);
  }

  /** What is wrong with the input; null for nothing. */
  *#run(input: number, output: number): Blocking<string | null> {
    const { sys } = this.command;
    const sink = this.options.has("t") ? null : output;
    try {
      if (this.#unpacks) return yield* gunzipStream(sys, input, sink);
      yield* gzipStream(sys, input, output, levelOf(this.options));
      return null;
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      return `${error.errno === "EISDIR" ? "read error" : "write error"}: ${describeFailure(error)}`;
    }
  }

  /** Empty where the name has no suffix to take away. */
  #targetOf(path: string): string {
    if (!this.#unpacks) return `${path}.gz`;
    if (/\.t[ag]z$/.test(path)) return path.replace(/\.t[ag]z$/, ".tar");
    return /.\.(?:gz|Z)$/.test(path) ? path.replace(/\.(?:gz|Z)$/, "") : "";
  }

  *#create(path: string, target: string): Blocking<number | null> {
    const { sys } = this.command;
    const { mode } = sys.stat(path);
    return yield* this.#open(target, () => {
      if (!this.options.has("f") && sys.access(target, {})) throw new SysError("EEXIST");
      return sys.open(target, { write: true, create: true, truncate: true }, mode & 0o777);
    });
  }

  *#open(path: string, open: () => number): Blocking<number | null> {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* this.command.fail(`can't open '${path}': ${describeFailure(error)}`);
      return null;
    }
  }
}

type Level = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

const levelOf = (options: Options): Level =>
  (Number(options.last("123456789") ?? "6") || 6) as Level;

/** Packs what `input` gives. */
export function* gzipStream(
  sys: Sys,
  input: number,
  output: number,
  level: Level = 6,
): Blocking<void> {
  const made: Uint8Array[] = [];
  const packer = new Gzip({ level, mtime: 0 }, (chunk) => made.push(chunk));
  for (;;) {
    const bytes = yield* sys.read(input, PLAIN_BYTES_AT_ONCE);
    // The packer keeps what it is given.
    packer.push(bytes.slice(), bytes.length === 0);
    yield* sys.charge(1 + (PACK_EFFORT * bytes.length) / BYTES_PER_STEP);
    for (const chunk of made.splice(0)) yield* sys.write(output, chunk);
    if (bytes.length === 0) return;
  }
}

/** Unpacks what `input` gives; what is wrong with it, null for nothing. @param output null: only looks whether it is right */
export function* gunzipStream(
  sys: Sys,
  input: number,
  output: number | null,
): Blocking<string | null> {
  const made: Uint8Array[] = [];
  const unpacker = new Gunzip((chunk) => made.push(chunk));
  let members = 0;
  unpacker.onmember = () => {
    members += 1;
  };
  let tail: Uint8Array = new Uint8Array(0);
  let total = 0;
  let isFirst = true;
  for (;;) {
    const bytes = yield* sys.read(input, PACKED_BYTES_AT_ONCE);
    if (isFirst && (bytes[0] !== 0x1f || bytes[1] !== 0x8b))
      return bytes.length === 0 ? "unexpected end of file" : "invalid magic";
    isFirst = false;
    if (!push(unpacker, bytes)) return "unexpected end of file";
    tail = concatenateBytes([tail, bytes]).slice(-4);
    let length = 0;
    for (const chunk of made.splice(0)) {
      length += chunk.length;
      if (output !== null && chunk.length > 0) yield* sys.write(output, chunk);
    }
    yield* sys.charge(1 + (4 * length) / BYTES_PER_STEP);
    total += length;
    if (bytes.length > 0) continue;
    // A member ends in the length of what was packed; of several, only the last is known.
    return members > 1 || lengthIn(tail) === total % 2 ** 32 ? null : "unexpected end of file";
  }
}

const lengthIn = ([a = 0, b = 0, c = 0, d = 0]: Uint8Array): number =>
  (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;

/** False when the data is broken or ends too early. */
function push(unpacker: Gunzip, bytes: Uint8Array): boolean {
  try {
    unpacker.push(bytes.slice(), bytes.length === 0);
    return true;
  } catch {
    return false;
  }
}
