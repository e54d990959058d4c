import { bytesToString, concatenateBytes } from "../../bytes.js";
import { describeFailure } from "../../errno-text.js";
import { writeError } from "../../io/write.js";
import { SysError, type Blocking, type FileStat, type Sys } from "../../syscall.js";
import { modeText } from "../../text/mode-text.js";
import { formatTime } from "../../text/time-format.js";
import { wildcard } from "../../pattern/wildcard.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { groupName, userName } from "../user-names.js";
import { childNames } from "../walk.js";
import { gunzipStream, gzipStream } from "./gzip.js";
import { makeParents } from "./mkdir.js";
import { emptyArchive, listed, openOr, tellOfErrors } from "./tar-operands.js";
import { BLOCK, formatHeader, parseHeader, type TarEntry } from "./tar-header.js";

/** Archives in the ustar form with GNU's long names, plain or packed by gzip. */
export function* tar(command: Command): Blocking<number> {
  const [first = "", ...rest] = command.operands;
  // The dash before the letters may be left out.
  const words = /^[a-zA-Z]/.test(first) ? [...expandOldStyle(first, rest)] : command.operands;
  if (words.includes("--version")) {
    command.output.add(command.isGnu ? "tar (GNU tar) 1.34\n" : "tar (busybox) 1.37.0\n");
    return 0;
  }
  const options = parseOptions(
    command,
    "tcxvf:OpC:T:X:zjJahkmo",
    {
      list: "t",
      create: "c",
      extract: "x",
      get: "x",
      verbose: "v",
      "file=": "f",
      "to-stdout": "O",
      "directory=": "C",
      "exclude=": "E",
      "exclude-from=": "X",
      "files-from=": "T",
      "auto-compress": "a",
      bzip2: "j",
      xz: "J",
      "same-permissions": "p",
      "keep-old": "k",
      touch: "m",
      "no-recursion": "n",
      "numeric-owner": "N",
      overwrite: "N",
      "same-owner": "N",
      "owner=": "U",
      "group=": "U",
      "mtime=": "U",
      "sort=": "U",
      totals: "N",
      wildcards: "N",
      "warning=": "U",
      gzip: "z",
      "no-same-owner": "o",
      "no-same-permissions": "N",
      "preserve-permissions": "p",
      dereference: "h",
      "strip-components=": "S",
    },
    words,
  );
  if (options.has("j") || options.has("J")) {
    throw command.failure("bzip2 and xz archives are not supported");
  }
  if (options.has("c")) return yield* create(command, options);
  if (options.has("x") || options.has("t")) return yield* read(command, options);
  throw command.isGnu
    ? usageFailure(
        command,
        "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options",
      )
    : usageFailure(command);
}

/** `tar xf a.tar`: letters that take a value take them in order. */
function* expandOldStyle(letters: string, rest: readonly string[]): Generator<string> {
  const words = [...rest];
  for (const letter of letters) {
    yield `-${letter}`;
    if ("fCTX".includes(letter)) yield words.shift() ?? "";
  }
  yield* words;
}

function* create(command: Command, options: Options): Blocking<number> {
  const { sys } = command;
  const path = options.value("f") ?? "-";
  const operands = [...options.operands, ...(yield* listed(command, options, "T"))];
  const excluded = [...options.all("E"), ...(yield* listed(command, options, "X"))];
  if (operands.length === 0) throw emptyArchive(command);
  const fd =
    path === "-"
      ? 1
      : openOr(command, path, () => sys.open(path, { write: true, create: true, truncate: true }));
  const directory = options.value("C");
  if (directory !== undefined) changeDirectory(command, directory);
  const isPacked = options.has("z") || (options.has("a") && /\.(?:gz|tgz)$/.test(path));
  const packer = isPacked ? startPacker(sys, fd) : null;
  const writer = new Writer(command, options, packer?.fd ?? fd, excluded);
  for (const operand of operands) yield* writer.add(operand.replace(/\/+$/, "") || "/");
  yield* writer.end();
  if (packer !== null) {
    sys.close(packer.fd);
    yield* sys.wait(packer.pid);
  }
  if (fd !== 1) sys.close(fd);
  if (command.status !== 0) yield* tellOfErrors(command);
  return command.status;
}

interface Transformer {
  /** What this side reads or writes. */
  readonly fd: number;
  readonly pid: number;
}

/** A child packs what is written to it, as busybox runs gzip. */
function startPacker(sys: Sys, output: number): Transformer {
  const [input, fd] = sys.pipe();
  const pack = function* (child: Sys): Blocking<number> {
    yield* gzipStream(child, 0, 1);
    return 0;
  };
  const fds = new Map([
    [0, input],
    [1, output],
    [2, 2],
  ]);
  const pid = sys.fork("gzip", pack, { fds });
  sys.close(input);
  return { fd, pid };
}

/** A child unpacks what this side reads: archival/libarchive/open_transformer.c, fork_transformer. */
function startUnpacker(sys: Sys, name: string, input: number): Transformer {
  const [fd, output] = sys.pipe();
  const unpack = function* (child: Sys): Blocking<number> {
    const problem = yield* gunzipStream(child, 0, 1);
    if (problem === null) return 0;
    yield* writeError(child, `${name}: ${problem}\n`);
    return 1;
  };
  const fds = new Map([
    [0, input],
    [1, output],
    [2, 2],
  ]);
  const pid = sys.fork(name, unpack, { fds });
  sys.close(output);
  return { fd, pid };
}

/** What a file begins with tells that it is packed, also without -z. */
function isGzip(sys: Sys, fd: number): boolean {
  if (fd === 0 || sys.fstat(fd).type !== "file") return false;
  const magic = sys.readNow(fd, 2);
  sys.seek(fd, 0, "set");
  return magic?.[0] === 0x1f && magic[1] === 0x8b;
}

function changeDirectory(command: Command, path: string): void {
  try {
    command.sys.chdir(path);
  } catch (error) {
    throw command.failure(`can't change directory to '${path}': ${describeFailure(error)}`);
  }
}

class Writer {
  #warned = false;

  constructor(
    private readonly command: Command,
    private readonly options: Options,
    private readonly fd: number,
    private readonly excluded: readonly string[],
  ) {}

  *add(path: string): Blocking<void> {
    const { sys } = this.command;
    if (!sys.tryCharge(1)) yield* sys.charge(1);
    const name = path.replace(/.*\//, "");
    const matches = (glob: string): boolean =>
      wildcard(glob).matches(path) || wildcard(glob).matches(name);
    if (this.excluded.some(matches)) return;
    let stat: FileStat;
    try {
      stat = this.options.has("h") ? sys.stat(path) : sys.lstat(path);
    } catch (error) {
      const { command } = this;
      const what = command.words(path, `${path}: Cannot stat`);
      yield* command.failWith(what, error, command.isGnu ? 2 : 1);
      return;
    }
    if (stat.type === "socket") return;
    yield* this.#entry(path, stat);
    if (stat.type !== "directory" || this.options.has("n")) return;
    for (const child of childNames(sys, path))
      yield* this.add(path === "/" ? `/${child}` : `${path}/${child}`);
  }

  *#entry(path: string, stat: FileStat): Blocking<void> {
    const { sys } = this.command;
    if (path.startsWith("/") && !this.#warned) {
      this.#warned = true;
      yield* this.command.complain("removing leading '/' from member names");
    }
    const bare = path.replace(/^\/+/, "");
    const name = stat.type === "directory" ? `${bare}/` : bare;
    if (this.options.has("v")) yield* this.#show(name);
    const entry: TarEntry = {
      name,
      stat,
      link: stat.type === "symlink" ? sys.readlink(path) : "",
      userName: userName(sys, stat.uid),
      groupName: groupName(sys, stat.gid),
      sizeBytes: stat.type === "file" ? stat.sizeBytes : 0,
    };
    yield* this.#write(formatHeader(entry));
    if (stat.type === "file") yield* this.#content(path, stat.sizeBytes);
  }

  *#show(name: string): Blocking<void> {
    if (this.fd === 1) yield* writeError(this.command.sys, `${name}\n`);
    else this.command.output.add(`${name}\n`);
  }

  *#content(path: string, sizeBytes: number): Blocking<void> {
    const { sys } = this.command;
    const input = sys.open(path, { read: true });
    let left = sizeBytes;
    while (left > 0) {
      const bytes = yield* sys.read(input, Math.min(left, 65_536));
      // A file that shrank meanwhile is filled up with zeros.
      const piece = bytes.length === 0 ? new Uint8Array(Math.min(left, 65_536)) : bytes;
      yield* this.#write(piece);
      left -= piece.length;
      if (!sys.tryCharge(2)) yield* sys.charge(2);
    }
    sys.close(input);
    yield* this.#write(new Uint8Array((BLOCK - (sizeBytes % BLOCK)) % BLOCK));
  }

  *end(): Blocking<void> {
    yield* this.#write(new Uint8Array(2 * BLOCK));
  }

  *#write(bytes: Uint8Array): Blocking<void> {
    if (bytes.length > 0 && !this.command.sys.tryWrite(this.fd, bytes)) {
      yield* this.command.sys.write(this.fd, bytes);
    }
  }
}

function* read(command: Command, options: Options): Blocking<number> {
  const { sys } = command;
  const path = options.value("f") ?? "-";
  const file = path === "-" ? 0 : openOr(command, path, () => sys.open(path, { read: true }));
  const isPacked = options.has("z") || isGzip(sys, file);
  const unpacker = isPacked ? startUnpacker(sys, command.name, file) : null;
  const fd = unpacker?.fd ?? file;
  enterDirectory(command, options);
  const wanted = new Wanted(options.operands);
  let isFirst = true;
  for (;;) {
    const header = yield* readHeader(command, fd);
    if (header === null) {
      // An archive ends with a block of zeros, which this is not (archival/libarchive/get_header_tar.c).
      if (isFirst && !command.isGnu) throw command.failure("short read");
      break;
    }
    isFirst = false;
    if (wanted.take(header.name)) yield* handle(command, options, fd, header);
    else yield* skip(sys, fd, header.sizeBytes);
    if (!sys.tryCharge(1)) yield* sys.charge(1);
  }
  if (unpacker !== null) yield* finishUnpacker(command, unpacker);
  for (const name of wanted.missing()) yield* command.fail(`${name}: not found in archive`);
  return command.status;
}

function enterDirectory(command: Command, options: Options): void {
  const directory = options.value("C");
  if (directory !== undefined) changeDirectory(command, directory);
}

function* finishUnpacker(command: Command, { fd, pid }: Transformer): Blocking<void> {
  const { sys } = command;
  while ((yield* sys.read(fd, 65_536)).length > 0);
  const ended = yield* sys.wait(pid);
  if (ended !== null && "code" in ended.status && ended.status.code !== 0) command.status = 1;
}

/** The members that the operands name, or all of them without any. */
class Wanted {
  readonly #names: readonly string[];
  readonly #found = new Set<string>();

  constructor(operands: readonly string[]) {
    this.#names = operands.map((name) => name.replace(/\/+$/, ""));
  }

  take(name: string): boolean {
    if (this.#names.length === 0) return true;
    const bare = name.replace(/\/$/, "");
    const match = this.#names.find((one) => bare === one || name.startsWith(`${one}/`));
    if (match === undefined) return false;
    this.#found.add(match);
    return true;
  }

  missing(): readonly string[] {
    return this.#names.filter((name) => !this.#found.has(name));
  }
}

/** The next member's header, with its long name in place; null at the end. */
function* readHeader(command: Command, fd: number): Blocking<Header | null> {
  let longName: string | null = null;
  for (;;) {
    const block = yield* readExactly(command.sys, fd, BLOCK);
    if (block.length === 0 || block.every((byte) => byte === 0)) return null;
    if (block.length < BLOCK) throw command.failure("short read");
    const header = parseHeader(block);
    if (header === null) throw command.failure("invalid tar magic");
    if (header.type !== "L") return longName === null ? header : { ...header, name: longName };
    const bytes = yield* readPadded(command.sys, fd, header.sizeBytes);
    longName = bytesToString(bytes).replace(/\0.*$/s, "");
  }
}

type Header = NonNullable<ReturnType<typeof parseHeader>>;

function* handle(command: Command, options: Options, fd: number, header: Header): Blocking<void> {
  const { sys, output } = command;
  if (options.has("t")) {
    output.add(options.has("v") ? `${longLine(header)}\n` : `${header.name}\n`);
    yield* skip(sys, fd, header.sizeBytes);
    return;
  }
  const strip = Number(options.value("S") ?? 0);
  const name = header.name
    .replace(/^\/+/, "")
    .split("/")
    .filter((part) => part !== "..")
    .slice(strip)
    .join("/");
  if (options.has("v")) output.add(`${header.name}\n`);
  if (name === "" || options.has("O")) {
    yield* copyOut(command, fd, header.sizeBytes, name === "" ? null : 1);
    return;
  }
  try {
    yield* extract(command, fd, { ...header, name });
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw command.failure(`can't open '${name}': ${describeFailure(error)}`);
  }
}

function longLine(header: Header): string {
  const time = formatTime("%Y-%m-%d %H:%M:%S", header.mtimeMs);
  const target = header.link === "" ? "" : ` -> ${header.link}`;
  const owners = `${header.userName}/${header.groupName}`;
  return `${modeText(header.fileType, header.mode)} ${owners} ${String(header.sizeBytes).padStart(9)} ${time} ${header.name}${target}`;
}

function* extract(command: Command, fd: number, header: Header): Blocking<void> {
  const { sys } = command;
  const path = header.name.replace(/\/+$/, "");
  makeParents(command, path);
  switch (header.fileType) {
    case "directory":
      makeDirectory(sys, path, header.mode);
      break;
    case "symlink":
      removeFirst(sys, path);
      sys.symlink(header.link, path);
      return;
    case "fifo":
      sys.mkfifo(path, header.mode);
      break;
    default:
      removeFirst(sys, path);
      if (header.type === "1") {
        sys.link(header.link, path);
        return;
      }
      yield* extractFile(command, fd, header, path);
  }
  if (sys.uid === 0) sys.chown(path, header.uid, header.gid);
  sys.chmod(path, header.mode);
  sys.utimes(path, header.mtimeMs, header.mtimeMs);
}

function makeDirectory(sys: Sys, path: string, mode: number): void {
  try {
    sys.mkdir(path, mode | 0o700);
  } catch (error) {
    if (!(error instanceof SysError) || error.errno !== "EEXIST") throw error;
  }
}

function removeFirst(sys: Sys, path: string): void {
  try {
    sys.unlink(path);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

function* extractFile(command: Command, fd: number, header: Header, path: string): Blocking<void> {
  const { sys } = command;
  const output = sys.open(path, { write: true, create: true, truncate: true }, header.mode);
  yield* copyOut(command, fd, header.sizeBytes, output);
  sys.close(output);
}

/** Copies an entry's content, or passes over it. */
function* copyOut(
  command: Command,
  fd: number,
  sizeBytes: number,
  output: number | null,
): Blocking<void> {
  const { sys } = command;
  for (let left = sizeBytes; left > 0;) {
    const bytes = yield* sys.read(fd, Math.min(left, 65_536));
    if (bytes.length === 0) throw command.failure("short read");
    if (output === 1) command.output.add(bytesToString(bytes));
    else if (output !== null && !sys.tryWrite(output, bytes)) yield* sys.write(output, bytes);
    if (output === 1) yield* command.output.flush();
    left -= bytes.length;
    if (!sys.tryCharge(2)) yield* sys.charge(2);
  }
  yield* readExactly(sys, fd, (BLOCK - (sizeBytes % BLOCK)) % BLOCK);
}

function* skip(sys: Sys, fd: number, sizeBytes: number): Blocking<void> {
  for (let left = Math.ceil(sizeBytes / BLOCK) * BLOCK; left > 0;) {
    const bytes = yield* sys.read(fd, Math.min(left, 65_536));
    if (bytes.length === 0) return;
    left -= bytes.length;
  }
}

function* readPadded(sys: Sys, fd: number, sizeBytes: number): Blocking<Uint8Array> {
  const whole = yield* readExactly(sys, fd, Math.ceil(sizeBytes / BLOCK) * BLOCK);
  return whole.subarray(0, sizeBytes);
}

function* readExactly(sys: Sys, fd: number, count: number): Blocking<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let left = count; left > 0;) {
    const bytes = yield* sys.read(fd, left);
    if (bytes.length === 0) break;
    pieces.push(bytes);
    left -= bytes.length;
  }
  return concatenateBytes(pieces);
}
