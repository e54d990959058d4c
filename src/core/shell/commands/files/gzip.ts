import { Gzip } from "fflate";
import { describeFailure } from "../../errno-text.js";
import { writeError } from "../../io/write.js";
import { BYTES_PER_STEP } from "../../limits.js";
import { SysError, type Blocking, type Sys } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions, type Options } from "../options.js";
import { Unpacking } from "./gunzip-members.js";

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
    } else if (target !== null) {
      if (this.options.has("v")) yield* this.#tell(path, target);
      if (!this.options.has("k")) sys.unlink(path);
    }
  }

  /** `-v` (archival/gzip.c pack_gzip, bbunzip.c). */
  *#tell(path: string, target: string): Blocking<void> {
    const { sys } = this.command;
    if (this.#unpacks) return;
    const before = sys.stat(path).sizeBytes;
    const saved = before === 0 ? 0 : 100 - (100 * sys.stat(target).sizeBytes) / before;
    const percent = `${saved.toFixed(1).padStart(5)}%`;
    yield* writeError(sys, `${path}: ${percent} - replaced with ${target}\n`);
  }

  /** What is wrong with the input; null for nothing. */
  *#run(input: number, output: number): Blocking<string | null> {
    const { sys } = this.command;
    const sink = this.options.has("t") ? null : output;
    try {
      if (this.#unpacks) {
        const problem = yield* gunzipStream(sys, input, sink);
        // archival/libarchive/open_transformer.c tells by the first bytes what may unpack it.
        const isUnknown = problem === "invalid magic" && this.command.name === "zcat";
        return isUnknown ? "no gzip/bzip2/xz magic" : problem;
      }
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
      yield* this.command.fail(`${path}: ${describeFailure(error)}`);
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
  const unpacking = new Unpacking();
  for (;;) {
    const bytes = yield* sys.read(input, PACKED_BYTES_AT_ONCE);
    unpacking.push(bytes);
    let length = 0;
    for (const chunk of unpacking.made.splice(0)) {
      length += chunk.length;
      if (output !== null && chunk.length > 0) yield* sys.write(output, chunk);
    }
    yield* sys.charge(1 + (4 * length) / BYTES_PER_STEP);
    if (unpacking.problem !== null || bytes.length === 0) return unpacking.problem;
  }
}
