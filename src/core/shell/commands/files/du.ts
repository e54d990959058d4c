import { SysError, type Blocking, type FileStat } from "../../syscall.js";
import type { Command } from "../command.js";
import { humanSize } from "../human-size.js";
import { parseOptions, type Options } from "../options.js";
import { childNames } from "../walk.js";

export function* du(command: Command): Blocking<number> {
  const options = parseOptions(command, "aHkLsxd:lchmb", {
    summarize: "s",
    "human-readable": "h",
    "max-depth=": "d",
    total: "c",
    all: "a",
    bytes: "b",
  });
  const usage = new Usage(command, options);
  let total = 0;
  for (const path of options.operands.length === 0 ? ["."] : options.operands) {
    total += yield* usage.of(path, 0);
  }
  if (options.has("c")) usage.print(total, "total");
  return command.status;
}

class Usage {
  readonly #seen = new Set<string>();
  readonly #mostDepth: number;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
  ) {
    this.#mostDepth = options.has("s") ? 0 : Number(options.value("d") ?? Infinity);
  }

  /** Bytes allocated below a path; files with several names count once. */
  *of(path: string, depth: number): Blocking<number> {
    const { sys } = this.command;
    if (!sys.tryCharge(1)) yield* sys.charge(1);
    let stat: FileStat;
    try {
      stat = sys.lstat(path);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      const { command } = this;
      yield* command.failWith(command.words(path, `cannot access '${path}'`), error);
      return 0;
    }
    if (stat.links > 1 && stat.type !== "directory" && !this.options.has("l")) {
      const key = `${String(stat.device)}:${String(stat.inode)}`;
      if (this.#seen.has(key)) return 0;
      this.#seen.add(key);
    }
    let bytes = this.options.has("b") ? stat.sizeBytes : stat.blocks * 512;
    if (stat.type === "directory") {
      const prefix = path.endsWith("/") ? path : `${path}/`;
      for (const name of childNames(sys, path)) bytes += yield* this.of(prefix + name, depth + 1);
    } else if (depth > 0 && !this.options.has("a")) {
      return bytes;
    }
    if (depth <= this.#mostDepth) this.print(bytes, path);
    return bytes;
  }

  print(bytes: number, path: string): void {
    this.command.output.add(`${this.#size(bytes)}\t${path}\n`);
  }

  #size(bytes: number): string {
    if (this.options.has("b")) return String(bytes);
    if (this.options.has("h")) return bytes === 0 ? "0" : humanSize(bytes);
    const unit = this.options.has("m") ? 1_048_576 : 1024;
    return String(Math.ceil(bytes / unit));
  }
}
