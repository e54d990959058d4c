import { SysError, type Blocking, type FileStat, type FileSystemStat } from "../../syscall.js";
import { modeText } from "../../text/mode-text.js";
import { formatTime } from "../../text/time-format.js";
import type { Command } from "../command.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { groupName, userName } from "../user-names.js";

const TYPE_NAMES: Readonly<Record<string, string>> = {
  directory: "directory",
  symlink: "symbolic link",
  fifo: "fifo",
  socket: "socket",
  character: "character special file",
  block: "block special file",
};

const DEFAULT_FORMAT =
  "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n" +
  "Device: %Dh/%dd\tInode: %-10i  Links: %-5h";
const DEFAULT_TAIL =
  "Access: (%04a/%10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n" + "Access: %x\nModify: %y\nChange: %z\n";

const TERSE_FORMAT = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %o";

export function* stat(command: Command): Blocking<number> {
  const options = parseOptions(
    command,
    "ltfc:",
    {
      dereference: "l",
      "file-system": "f",
      terse: "t",
      "format=": "c",
      "printf=": "p",
    },
    command.operands.map((word) => (word === "-L" ? "-l" : word)),
  );
  if (options.operands.length === 0) throw usageFailure(command);
  for (const path of options.operands) {
    yield* command.pace();
    try {
      if (options.has("f")) command.output.add(fileSystemText(command, path, options.value("c")));
      else command.output.add(fileText(command, path, options));
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.output.flush();
      yield* command.failWith(
        command.words(`can't stat '${path}'`, `cannot statx '${path}'`),
        error,
      );
    }
  }
  return command.status;
}

function fileText(command: Command, path: string, options: Options): string {
  const { sys } = command;
  const found = options.has("l") ? sys.stat(path) : sys.lstat(path);
  const printf = options.value("p");
  if (printf !== undefined) return expand(command, unescape(printf), path, found);
  const format = options.value("c") ?? (options.has("t") ? TERSE_FORMAT : undefined);
  if (format !== undefined) return `${expand(command, format, path, found)}\n`;
  const isDevice = found.type === "character" || found.type === "block";
  const device = isDevice ? " Device type: %t,%T\n" : "\n";
  return expand(command, DEFAULT_FORMAT + device + DEFAULT_TAIL, path, found);
}

function expand(command: Command, format: string, path: string, found: FileStat): string {
  return format.replace(
    /%([-0]?)(\d*)(?:\.\d+)?([a-zA-Z%])/g,
    (whole, flag: string, width: string, letter: string) => {
      const text = letter === "%" ? "%" : field(command, letter, path, found);
      // busybox prints the letter of what it does not know.
      if (text === null) return command.isGnu ? "?" : whole.slice(-1);
      if (flag === "-") return text.padEnd(Number(width));
      return text.padStart(Number(width), flag === "0" ? "0" : " ");
    },
  );
}

/** GNU's `--printf`: escapes count, and no newline is added. */
function unescape(format: string): string {
  const letters: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\", '"': '"' };
  return format.replace(/\\(.)/gs, (whole, letter: string) => letters[letter] ?? whole);
}

function field(command: Command, letter: string, path: string, found: FileStat): string | null {
  return (
    nameField(command, letter, path, found) ??
    numberField(letter, found) ??
    timeField(letter, found)
  );
}

function nameField(command: Command, letter: string, path: string, found: FileStat): string | null {
  switch (letter) {
    case "n":
      return path;
    case "N":
      return found.type === "symlink" ? `'${path}' -> '${command.sys.readlink(path)}'` : path;
    case "F":
      if (found.type === "file")
        return found.sizeBytes === 0 ? "regular empty file" : "regular file";
      return TYPE_NAMES[found.type] ?? found.type;
    case "A":
      return modeText(found.type, found.mode);
    case "U":
      return userName(command.sys, found.uid);
    case "G":
      return groupName(command.sys, found.gid);
    default:
      return null;
  }
}

const TYPE_BITS: Readonly<Record<string, number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
  socket: 0o140000,
  character: 0o020000,
  block: 0o060000,
};

function numberField(letter: string, found: FileStat): string | null {
  switch (letter) {
    case "a":
      return found.mode.toString(8);
    case "f":
      return (found.mode | (TYPE_BITS[found.type] ?? 0)).toString(16);
    case "s":
      return String(found.sizeBytes);
    case "b":
      return String(found.blocks);
    case "B":
      return "512";
    case "o":
      return "4096";
    case "d":
      return String(found.device);
    case "D":
      return found.device.toString(16);
    case "i":
      return String(found.inode);
    case "h":
      return String(found.links);
    case "u":
      return String(found.uid);
    case "g":
      return String(found.gid);
    case "t":
      return (found.rdev >> 8).toString(16);
    case "T":
      return (found.rdev & 255).toString(16);
    default:
      return null;
  }
}

function timeField(letter: string, found: FileStat): string | null {
  const timeMs = { x: found.atimeMs, y: found.mtimeMs, z: found.ctimeMs, w: found.ctimeMs }[
    letter.toLowerCase()
  ];
  if (timeMs === undefined) return null;
  if (letter !== letter.toLowerCase()) return String(Math.floor(timeMs / 1000));
  return formatTime("%Y-%m-%d %H:%M:%S.%N %z", timeMs);
}

function fileSystemText(command: Command, path: string, format: string | undefined): string {
  const found: FileSystemStat = command.sys.statfs(path);
  const blocks = Math.floor(found.totalBytes / 4096);
  const free = Math.floor((found.totalBytes - found.usedBytes) / 4096);
  if (format !== undefined) return `${expandFileSystem(format, path, found)}\n`;
  return (
    `  File: "${path}"\n` +
    `    ID: 0 Namelen: 255     Type: ${found.type}\n` +
    `Block size: 4096      \n` +
    `Blocks: Total: ${String(blocks).padEnd(10)} Free: ${String(free).padEnd(10)} Available: ${String(free)}\n` +
    `Inodes: Total: ${String(found.inodes).padEnd(10)} Free: ${String(found.inodes - found.usedInodes)}\n`
  );
}

function expandFileSystem(format: string, path: string, found: FileSystemStat): string {
  const free = Math.floor((found.totalBytes - found.usedBytes) / 4096);
  const fields: Readonly<Record<string, string | number>> = {
    "%": "%",
    n: path,
    i: 0,
    l: 255,
    t: 0,
    T: found.type,
    s: 4096,
    S: 4096,
    b: Math.floor(found.totalBytes / 4096),
    f: free,
    a: free,
    c: found.inodes,
    d: found.inodes - found.usedInodes,
  };
  return format.replace(/%([a-zA-Z%])/g, (whole, letter: string) =>
    String(fields[letter] ?? whole),
  );
}
