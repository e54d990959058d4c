import { SysError, type Blocking, type FileSystemStat } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseCount } from "../counts.js";
import { humanSize } from "../human-size.js";
import { parseOptions, type Options } from "../options.js";

/** File systems that only the kernel fills are left out unless asked for. */
const PSEUDO: ReadonlySet<string> = new Set([
  "proc",
  "sysfs",
  "devpts",
  "mqueue",
  "cgroup2",
  "cgroup",
]);

export function* df(command: Command): Blocking<number> {
  const options = parseOptions(command, "kPTmhHiaB:t:x:l", {
    "block-size=": "B",
    "exclude-type=": "x",
    "type=": "t",
    local: "l",
    "human-readable": "h",
    inodes: "i",
    "print-type": "T",
    portability: "P",
    all: "a",
  });
  const unit = unitOf(command, options);
  command.output.add(header(options, unit));
  if (options.operands.length > 0) {
    for (const path of options.operands) yield* showPath(command, options, path, unit);
    return command.status;
  }
  for (const mount of command.sys.mounts()) {
    if (options.has("t") && !options.all("t").includes(mount.type)) continue;
    if (options.all("x").includes(mount.type)) continue;
    if (PSEUDO.has(mount.type) && !options.has("a")) continue;
    const stat = statOrNull(command, mount.path);
    if (stat === null || (stat.totalBytes === 0 && !options.has("a"))) continue;
    command.output.add(line(options, mount.source, mount.type, mount.path, stat, unit));
  }
  return command.status;
}

function statOrNull(command: Command, path: string): FileSystemStat | null {
  try {
    return command.sys.statfs(path);
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}

function* showPath(
  command: Command,
  options: Options,
  path: string,
  unit: number | null,
): Blocking<void> {
  try {
    const real = command.sys.realpath(path);
    const mount = [...command.sys.mounts()]
      .filter(({ path: at }) => at === "/" || real === at || real.startsWith(`${at}/`))
      .sort((a, b) => b.path.length - a.path.length)[0];
    const stat = command.sys.statfs(path);
    command.output.add(
      line(
        options,
        mount?.source ?? stat.source,
        mount?.type ?? stat.type,
        mount?.path ?? "/",
        stat,
        unit,
      ),
    );
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.output.flush();
    if (command.isGnu) yield* command.failWith(path, error);
    else yield* command.fail(`${path}: can't find mount point`);
  }
}

/** Bytes of a unit of the table; null: each number has a unit of its own. */
function unitOf(command: Command, options: Options): number | null {
  const size = options.value("B");
  const last = options.last("hHkmB");
  if (last === "h" || last === "H") return null;
  if (last === "m") return 1_048_576;
  if (last !== "B" || size === undefined) return 1024;
  const unit = parseCount(/^[a-zA-Z]/.test(size) ? `1${size}` : size);
  if (unit === null || unit === 0) throw command.failure(`invalid number '${size}'`);
  return unit;
}

// coreutils/df.c, 1.37
function header(options: Options, unit: number | null): string {
  const type = options.has("T") ? "Type       " : "";
  const size =
    unit === null ? "     Size" : `${options.has("P") ? String(unit) : humanUnit(unit)}-blocks`;
  const what = options.has("i") ? "   Inodes" : size;
  const use = options.has("P") ? "Capacity" : "Use%";
  return `Filesystem           ${type}${what.padEnd(15)}Used Available ${use} Mounted on\n`;
}

/** `1K`, `4M`: without a fraction. */
function humanUnit(bytes: number): string {
  return humanSize(bytes).replace(/\.\d+/, "");
}

function line(
  options: Options,
  source: string,
  type: string,
  path: string,
  stat: FileSystemStat,
  unit: number | null,
): string {
  const [total, used] = options.has("i")
    ? [stat.inodes, stat.usedInodes]
    : [stat.totalBytes, stat.usedBytes];
  const free = Math.max(0, total - used);
  const percent = total === 0 ? 0 : Math.ceil((used * 100) / total);
  const show = (value: number): string => {
    if (options.has("i")) return String(value);
    return unit === null ? humanSize(value) : String(Math.floor(value / unit));
  };
  const name = source.length > 20 ? `${source}\n${" ".repeat(20)}` : source.padEnd(20);
  const kind = options.has("T") ? ` ${type.padEnd(10)}` : "";
  return (
    `${name}${kind} ${show(total).padStart(9)} ${show(used).padStart(9)} ${show(free).padStart(9)} ` +
    `${String(percent).padStart(3)}% ${path}\n`
  );
}
