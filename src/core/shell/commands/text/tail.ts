import { bytesToString, stringToBytes } from "../../bytes.js";
import { describeFailure } from "../../errno-text.js";
import { IO_CHUNK_BYTES } from "../../limits.js";
import { SysError, type Blocking, type Sys } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseCount } from "../counts.js";
import { parseDurationMs } from "../duration.js";
import { closeInput, openInput } from "../input.js";
import { inputsOf } from "../lines.js";
import { parseOptions, type Options } from "../options.js";
import { nameOf } from "./head.js";
import { StreamEnd, type EndWanted } from "./stream-end.js";

interface Wanted extends EndWanted {
  /** `+N`: from the Nth on. */
  readonly fromStart: boolean;
}

interface Followed {
  readonly path: string;
  fd: number | null;
  inode: number;
  /** What was read so far: a file that shrinks is read anew. */
  offset: number;
}

export function* tail(command: Command): Blocking<number> {
  const options = parseOptions(
    command,
    "fc:n:qs:vF",
    { follow: "f", retry: "F", "lines=": "n", "bytes=": "c", "sleep-interval=": "s", quiet: "q" },
    oldStyle(command.operands),
  );
  const wanted = readWanted(command, options);
  const files = inputsOf(options.operands);
  const opened: Opened[] = [];
  for (const path of files) opened.push({ path, fd: yield* open(command, path) });
  const titled = isTitled(command, options, opened);
  const followed: Followed[] = [];
  let shown = 0;
  for (const { path, fd } of opened) {
    if (fd === null) {
      followed.push({ path, fd: null, inode: -1, offset: 0 });
      continue;
    }
    if (titled) command.output.add(`${shown > 0 ? "\n" : ""}==> ${nameOf(path)} <==\n`);
    shown += 1;
    const offset = yield* showEnd(command, fd, wanted);
    followed.push({ path, fd, inode: command.sys.fstat(fd).inode, offset });
  }
  yield* command.output.flush();
  return yield* finish(command, followed, options, titled);
}

function* finish(
  command: Command,
  followed: Followed[],
  options: Options,
  titled: boolean,
): Blocking<number> {
  if (followed.every(({ fd }) => fd === null) && !options.has("F")) {
    if (command.isGnu && !options.has("f")) return command.status;
    throw command.failure(command.isGnu ? "no files remaining" : "no files");
  }
  if (options.has("f") || options.has("F")) {
    yield* follow(command, followed, options, titled);
  } else {
    for (const { fd } of followed) if (fd !== null) closeInput(command.sys, fd);
  }
  return command.status;
}

interface Opened {
  readonly path: string;
  readonly fd: number | null;
}

/** coreutils/tail.c opens all first, and counts the titles by what it has; with -f names that may come count too. */
function isTitled(command: Command, options: Options, opened: readonly Opened[]): boolean {
  const waits = options.has("f") || options.has("F") || command.isGnu;
  const { length } = waits ? opened : opened.filter(({ fd }) => fd !== null);
  return (length > 1 && !options.has("q")) || options.has("v");
}

/** `tail -5`, `tail +5`, `tail -5f`. */
function oldStyle(argv: readonly string[]): readonly string[] {
  const match = /^([-+])(\d+)(f?)$/.exec(argv[0] ?? "");
  if (match === null) return argv;
  const [, sign = "-", digits = "10", f = ""] = match;
  const count = sign === "+" ? `+${digits}` : digits;
  return ["-n", count, ...(f === "" ? [] : ["-f"]), ...argv.slice(1)];
}

function readWanted(command: Command, options: Options): Wanted {
  const inBytes = options.last("nc") === "c";
  const text = (inBytes ? options.value("c") : options.value("n")) ?? "10";
  const fromStart = text.startsWith("+");
  const count = parseCount(text.replace(/^[-+]/, ""));
  if (count === null) {
    throw command.failure(
      command.words("invalid number", `invalid number of ${inBytes ? "bytes" : "lines"}:`) +
        ` '${text}'`,
    );
  }
  return { inBytes, fromStart, count };
}

function* open(command: Command, path: string): Blocking<number | null> {
  try {
    return openInput(command.sys, path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.output.flush();
    yield* command.failWith(
      command.isGnu ? `cannot open '${path}' for reading` : `can't open '${path}'`,
      error,
    );
    return null;
  }
}

/** @returns how many bytes of the file were read */
function* showEnd(command: Command, fd: number, wanted: Wanted): Blocking<number> {
  if (wanted.fromStart) return yield* showFrom(command, fd, wanted);
  const kept = new StreamEnd(command.sys, wanted);
  let offset = 0;
  for (;;) {
    const bytes = yield* command.sys.read(fd, IO_CHUNK_BYTES);
    if (bytes.length === 0) break;
    offset += bytes.length;
    kept.add(bytesToString(bytes));
    if (!command.sys.tryCharge(4)) yield* command.sys.charge(4);
  }
  command.output.add(kept.text());
  yield* command.output.flush();
  return offset;
}

function* showFrom(command: Command, fd: number, wanted: Wanted): Blocking<number> {
  let skip = Math.max(0, wanted.count - 1);
  let offset = 0;
  for (;;) {
    const bytes = yield* command.sys.read(fd, IO_CHUNK_BYTES);
    if (bytes.length === 0) return offset;
    offset += bytes.length;
    let text = bytesToString(bytes);
    if (wanted.inBytes) {
      const dropped = Math.min(skip, text.length);
      text = text.slice(dropped);
      skip -= dropped;
    } else {
      while (skip > 0 && text !== "") {
        const end = text.indexOf("\n");
        text = end < 0 ? "" : text.slice(end + 1);
        if (end < 0) break;
        skip -= 1;
      }
    }
    command.output.add(text);
    yield* command.output.flush();
    if (!command.sys.tryCharge(4)) yield* command.sys.charge(4);
  }
}

/** `-f`: waits for more; `-F` also for files that come, go and are replaced. */
function* follow(
  command: Command,
  files: Followed[],
  options: Options,
  titled: boolean,
): Blocking<void> {
  const { sys } = command;
  const intervalText = options.value("s") ?? "1";
  const intervalMs = parseDurationMs(intervalText) ?? 1000;
  const retries = options.has("F");
  let lastShown: Followed | null = files.at(-1) ?? null;
  for (;;) {
    yield* pause(sys, files, retries, intervalMs);
    for (const file of files) {
      if (retries) yield* reopen(command, file);
      if (file.fd === null) continue;
      lastShown = yield* showNew(command, file, titled, lastShown);
    }
  }
}

/** One file is watched; several are looked at in turn. */
function* pause(
  sys: Sys,
  files: readonly Followed[],
  retries: boolean,
  intervalMs: number,
): Blocking<void> {
  const fd = files.length === 1 ? (files[0]?.fd ?? null) : null;
  if (fd !== null && (retries || sys.fstat(fd).type === "file")) {
    yield* sys.waitChanged(fd, retries ? intervalMs : Infinity);
  } else {
    yield* sys.sleep(intervalMs);
  }
}

function* showNew(
  command: Command,
  file: Followed,
  titled: boolean,
  lastShown: Followed | null,
): Blocking<Followed | null> {
  const { sys } = command;
  if (file.fd === null) return lastShown;
  const stat = sys.fstat(file.fd);
  if (stat.type === "file" && stat.sizeBytes < file.offset) {
    yield* command.complain(`${file.path}: file truncated`);
    sys.seek(file.fd, 0, "set");
    file.offset = 0;
  }
  let shown = lastShown;
  for (;;) {
    const bytes = yield* sys.read(file.fd, IO_CHUNK_BYTES);
    if (bytes.length === 0) return shown;
    file.offset += bytes.length;
    if (titled && shown !== file) {
      yield* command.write(stringToBytes(`\n==> ${nameOf(file.path)} <==\n`));
    }
    shown = file;
    yield* command.write(bytes);
    if (!sys.tryCharge(2)) yield* sys.charge(2);
  }
}

/** Whether the name leads to another file now (coreutils/tail.c, -F). */
function* reopen(command: Command, file: Followed): Blocking<void> {
  const { sys } = command;
  try {
    const stat = sys.stat(file.path);
    if (file.fd !== null && stat.inode === file.inode) return;
    const replaced = file.fd !== null;
    if (file.fd !== null) sys.close(file.fd);
    file.fd = sys.open(file.path, { read: true });
    file.inode = stat.inode;
    file.offset = 0;
    yield* command.complain(
      replaced
        ? `${file.path} has been replaced; following end of new file`
        : `${file.path} has appeared; following end of new file`,
    );
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (file.fd === null) return;
    yield* command.complain(`${file.path} has become inaccessible: ${describeFailure(error)}`);
    sys.close(file.fd);
    file.fd = null;
  }
}
