import { SysError, type Blocking, type FileStat } from "../../syscall.js";
import type { Command } from "../command.js";
import { modeText } from "../../text/mode-text.js";
import { humanSize } from "../human-size.js";
import { parseOptions, type Options } from "../options.js";
import { groupName, userName } from "../user-names.js";
import { formatTime } from "../../text/time-format.js";
import { layOutColumns } from "../columns.js";
import { compareVersions } from "../text/sort-keys.js";

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: FileStat;
}

const LETTERS = "1AaCxdLHRFplinshrSXvctuw:T:kgoQmBU";
const LONG_OPTIONS: Readonly<Record<string, string>> = {
  "full-time": "Z",
  "color=?": "q",
  directory: "d",
  "numeric-uid-gid": "n",
  inode: "i",
  classify: "F",
  "sort=": "O",
  "time-style=": "y",
  "group-directories-first": "G",
  all: "a",
  "almost-all": "A",
  "human-readable": "h",
  recursive: "R",
  reverse: "r",
};

export function* ls(command: Command): Blocking<number> {
  // The full time is part of the long form.
  const words = command.operands.flatMap((word) =>
    word === "--full-time" ? [word, "-l"] : [word],
  );
  const options = parseOptions(command, LETTERS, LONG_OPTIONS, words);
  const operands = options.operands.length === 0 ? ["."] : options.operands;
  const files: Entry[] = [];
  const directories: Entry[] = [];
  for (const path of operands) {
    const entry = yield* look(command, path, path, followsOperand(options));
    if (entry === null) continue;
    if (entry.stat.type === "directory" && !options.has("d")) directories.push(entry);
    else files.push(entry);
  }
  const listing = new Listing(command, options);
  if (files.length > 0) yield* listing.show(sortEntries(files, options), false);
  const needsTitle = operands.length > 1 || options.has("R");
  for (const [index, directory] of sortEntries(directories, options).entries()) {
    yield* listing.directory(directory, needsTitle, index > 0 || files.length > 0);
  }
  return command.status;
}

function followsOperand(options: Options): boolean {
  return (
    !(options.has("l") || options.has("d") || options.has("F")) ||
    options.has("H") ||
    options.has("L")
  );
}

function* look(
  command: Command,
  path: string,
  name: string,
  follow: boolean,
): Blocking<Entry | null> {
  try {
    return { name, path, stat: statOf(command, path, follow) };
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.failWith(
      command.words(path, `cannot access '${path}'`),
      error,
      command.isGnu ? 2 : 1,
    );
    return null;
  }
}

/** A link that leads nowhere is shown as the link. */
function statOf(command: Command, path: string, follow: boolean): FileStat {
  if (!follow) return command.sys.lstat(path);
  try {
    return command.sys.stat(path);
  } catch (error) {
    // One that may not be followed (/proc/1/root) is an error.
    if (!(error instanceof SysError) || !["ENOENT", "ELOOP"].includes(error.errno)) throw error;
    return command.sys.lstat(path);
  }
}

function sortEntries(entries: Entry[], options: Options): Entry[] {
  const direction = options.has("r") ? -1 : 1;
  const key = options.last("StXvcu");
  const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const compare = (a: Entry, b: Entry): number => {
    if (options.has("S")) return b.stat.sizeBytes - a.stat.sizeBytes || byName(a, b);
    if (options.has("t") || (key !== null && "cu".includes(key) && !options.has("l"))) {
      return timeOf(b, options) - timeOf(a, options) || byName(a, b);
    }
    if (options.has("v")) return compareVersions(a.name, b.name);
    if (options.has("X")) {
      const left = extension(a.name);
      const right = extension(b.name);
      return left < right ? -1 : left > right ? 1 : byName(a, b);
    }
    return byName(a, b);
  };
  const sorted = [...entries].sort((a, b) => direction * compare(a, b));
  if (!options.has("G")) return sorted;
  const isDirectory = (entry: Entry): boolean => entry.stat.type === "directory";
  return [...sorted.filter(isDirectory), ...sorted.filter((entry) => !isDirectory(entry))];
}

function extension(name: string): string {
  return /\.[^.]*$/.exec(name)?.[0] ?? "";
}

function timeOf(entry: Entry, options: Options): number {
  if (options.has("c")) return entry.stat.ctimeMs;
  return options.has("u") ? entry.stat.atimeMs : entry.stat.mtimeMs;
}

const INDICATORS: Readonly<Record<string, string>> = {
  directory: "/",
  symlink: "@",
  fifo: "|",
  socket: "=",
};

const SIX_MONTHS_MS = 15_778_476_000;

interface GnuFields {
  readonly links: string;
  readonly owner: string;
  readonly group: string;
  readonly size: string;
}

type GnuWidths = Readonly<Record<keyof GnuFields, number>>;

/** GNU rounds up: `1.1K`, `12K` (lib/human.c, human_ceiling). */
function gnuSize(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < 5) {
    value /= 1024;
    unit += 1;
  }
  const tenths = Math.ceil(value * 10) / 10;
  const shown = tenths < 10 ? tenths.toFixed(1) : String(Math.ceil(value));
  return `${shown}${"KMGTPE".charAt(unit)}`;
}

class Listing {
  constructor(
    private readonly command: Command,
    private readonly options: Options,
  ) {}

  *directory(directory: Entry, titled: boolean, spaced: boolean): Blocking<void> {
    const { output } = this.command;
    const entries = yield* this.#read(directory);
    if (spaced) output.add("\n");
    if (titled) output.add(`${directory.path}:\n`);
    yield* this.show(entries, true);
    if (!this.options.has("R")) return;
    for (const entry of entries) {
      if (entry.stat.type !== "directory" || entry.name === "." || entry.name === "..") continue;
      yield* this.directory(entry, true, true);
    }
  }

  *#read(directory: Entry): Blocking<Entry[]> {
    const { command, options } = this;
    const entries: Entry[] = [];
    let names: string[];
    try {
      names = command.sys.readDirectory(directory.path).map(({ name }) => name);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.output.flush();
      const what = command.words(
        `can't open '${directory.path}'`,
        `cannot open directory '${directory.path}'`,
      );
      yield* command.failWith(what, error, command.isGnu ? 2 : 1);
      return [];
    }
    names = names.filter((name) => name !== "." && name !== "..");
    if (options.has("a")) names.push(".", "..");
    else if (!options.has("A")) names = names.filter((name) => !name.startsWith("."));
    const prefix = directory.path.endsWith("/") ? directory.path : `${directory.path}/`;
    for (const name of names) {
      yield* command.pace();
      const entry = yield* look(command, prefix + name, name, options.has("L"));
      if (entry !== null) entries.push(entry);
    }
    return sortEntries(entries, options);
  }

  *show(entries: readonly Entry[], withTotal: boolean): Blocking<void> {
    const { options } = this;
    const { output } = this.command;
    const isLong = "lgon".includes(options.last("l1Cxgon") ?? "1");
    if (withTotal && (isLong || options.has("s"))) {
      const blocks = entries.reduce((sum, entry) => sum + entry.stat.blocks, 0);
      const total = options.has("h") ? humanSize(blocks * 512) : String(Math.floor(blocks / 2));
      output.add(`total ${total}\n`);
    }
    if (isLong) {
      const columns = this.command.isGnu ? this.#gnuColumns(entries) : null;
      for (const entry of entries) {
        const line = columns === null ? this.#longLine(entry) : this.#gnuLine(entry, columns);
        output.add(`${line}\n`);
        if (output.isFull) yield* output.flush();
        yield* this.command.pace();
      }
    } else if (this.#usesColumns()) {
      const width = Number(options.value("w") ?? 80);
      output.add(
        layOutColumns(
          entries.map((entry) => this.#shortName(entry)),
          width,
        ),
      );
    } else {
      for (const entry of entries) output.add(`${this.#shortName(entry)}\n`);
    }
    if (output.isFull) yield* output.flush();
  }

  #usesColumns(): boolean {
    const style = this.options.last("1Cx");
    if (style !== null) return style !== "1";
    return this.command.sys.isTerminal(1);
  }

  #shortName(entry: Entry): string {
    const inode = this.options.has("i") ? `${String(entry.stat.inode).padStart(7)} ` : "";
    const blocks = this.options.has("s") ? `${this.#blockText(entry)} ` : "";
    return inode + blocks + this.#name(entry) + this.#indicator(entry);
  }

  #name({ name }: Entry): string {
    return this.options.has("Q") ? `"${name.replace(/["\\]/g, "\\$&")}"` : name;
  }

  #blockText(entry: Entry): string {
    const { blocks } = entry.stat;
    return (
      this.options.has("h") ? humanSize(blocks * 512) : String(Math.floor(blocks / 2))
    ).padStart(6);
  }

  #indicator(entry: Entry): string {
    const { type, mode } = entry.stat;
    if (this.options.has("p") && type === "directory") return "/";
    if (!this.options.has("F")) return "";
    return INDICATORS[type] ?? (type === "file" && (mode & 0o111) !== 0 ? "*" : "");
  }

  #gnuFields(entry: Entry): GnuFields {
    const { options, command } = this;
    const { stat } = entry;
    const isNumeric = options.has("n");
    const isDevice = stat.type === "character" || stat.type === "block";
    return {
      links: String(stat.links),
      owner: isNumeric ? String(stat.uid) : userName(command.sys, stat.uid),
      group: isNumeric ? String(stat.gid) : groupName(command.sys, stat.gid),
      size: isDevice
        ? `${String(stat.rdev >> 8)}, ${String(stat.rdev & 255)}`
        : options.has("h")
          ? gnuSize(stat.sizeBytes)
          : String(stat.sizeBytes),
    };
  }

  /** GNU's columns are as wide as what stands in them (src/ls.c, print_long_format). */
  #gnuColumns(entries: readonly Entry[]): GnuWidths {
    const widths = { links: 0, owner: 0, group: 0, size: 0 };
    for (const entry of entries) {
      const fields = this.#gnuFields(entry);
      for (const key of ["links", "owner", "group", "size"] as const) {
        widths[key] = Math.max(widths[key], fields[key].length);
      }
    }
    return widths;
  }

  #gnuLine(entry: Entry, widths: GnuWidths): string {
    const { options } = this;
    const fields = this.#gnuFields(entry);
    const inode = options.has("i") ? `${String(entry.stat.inode)} ` : "";
    const blocks = options.has("s") ? `${String(entry.stat.blocks / 2)} ` : "";
    const owner = options.has("g") ? "" : `${fields.owner.padEnd(widths.owner)} `;
    const group = options.has("o") ? "" : `${fields.group.padEnd(widths.group)} `;
    return (
      `${inode}${blocks}${modeText(entry.stat.type, entry.stat.mode)} ${fields.links.padStart(widths.links)} ` +
      `${owner}${group}${fields.size.padStart(widths.size)} ${this.#time(entry)} ` +
      `${this.#name(entry)}${this.#target(entry)}`
    );
  }

  // coreutils/ls.c display_single
  #longLine(entry: Entry): string {
    const { options, command } = this;
    const { stat } = entry;
    const inode = options.has("i") ? `${String(stat.inode).padStart(7)} ` : "";
    const blocks = options.has("s") ? `${this.#blockText(entry)} ` : "";
    const numeric = options.has("n");
    const owner = numeric ? String(stat.uid) : userName(command.sys, stat.uid);
    const group = numeric ? String(stat.gid) : groupName(command.sys, stat.gid);
    const owners = numeric
      ? `${owner.padEnd(8)} ${group.padEnd(8)}`
      : `${options.has("g") ? "" : `${owner.slice(0, 8).padEnd(8)} `}${group.slice(0, 8).padEnd(8)}`;
    const isDevice = stat.type === "character" || stat.type === "block";
    const size = isDevice
      ? `${String(stat.rdev >> 8).padStart(4)},${String(stat.rdev & 255).padStart(4)}`
      : options.has("h")
        ? humanSize(stat.sizeBytes).padStart(9)
        : String(stat.sizeBytes).padStart(9);
    return (
      `${inode}${blocks}${modeText(stat.type, stat.mode)} ${String(stat.links).padStart(4)} ` +
      `${owners} ${size} ${this.#time(entry)} ${this.#name(entry)}${this.#target(entry)}`
    );
  }

  #time(entry: Entry): string {
    const timeMs = timeOf(entry, this.options);
    if (this.options.has("Z")) return formatTime("%Y-%m-%d %H:%M:%S %z", timeMs);
    const age = this.command.sys.nowMs() - timeMs;
    const isRecent = age < SIX_MONTHS_MS && age > -900_000;
    return formatTime(isRecent ? "%b %e %H:%M" : "%b %e  %Y", timeMs);
  }

  #target(entry: Entry): string {
    if (entry.stat.type !== "symlink") return this.#indicator(entry);
    try {
      return ` -> ${this.command.sys.readlink(entry.path)}`;
    } catch (error) {
      if (error instanceof SysError) return "";
      throw error;
    }
  }
}
