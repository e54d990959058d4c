import { SysError, type Blocking, type FileSystemStat } from "../../syscall.js";
import type { Command } from "../command.js";
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
  const options = parseOptions(command, "kPTmhiaB:t:", {
    "human-readable": "h",
    inodes: "i",
    "print-type": "T",
    portability: "P",
    all: "a",
  });
  command.output.add(header(options));
  if (options.operands.length > 0) {
    for (const path of options.operands) yield* showPath(command, options, path);
    return command.status;
  }
  for (const mount of command.sys.mounts()) {
    if (PSEUDO.has(mount.type) && !options.has("a")) continue;
    const stat = statOrNull(command, mount.path);
    if (stat === null || (stat.totalBytes === 0 && !options.has("a"))) continue;
    command.output.add(line(options, mount.source, mount.type, mount.path, stat));
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

function* showPath(command: Command, options: Options, path: string): Blocking<void> {
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
      ),
    );
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* command.output.flush();
    yield* command.fail(`${path}: can't find mount point`);
  }
}

function header(options: Options): string {
  const type = options.has("T") ? "Type       " : "";
  if (options.has("i")) {
    return `Filesystem           ${type}    Inodes      Used Available Use% Mounted on\n`;
  }
  if (options.has("h")) {
    return `Filesystem           ${type}     Size      Used Available Use% Mounted on\n`;
  }
  const unit = options.has("P") ? "1024-blocks" : options.has("m") ? "1M-blocks " : "1K-blocks ";
  return options.has("P")
    ? `Filesystem           ${type}${unit}    Used Available Capacity Mounted on\n`
    : `Filesystem           ${type}${unit}     Used Available Use% Mounted on\n`;
}

// coreutils/df.c
function line(
  options: Options,
  source: string,
  type: string,
  path: string,
  stat: FileSystemStat,
): string {
  const [total, used] = options.has("i")
    ? [stat.inodes, stat.usedInodes]
    : [stat.totalBytes, stat.usedBytes];
  const free = Math.max(0, total - used);
  const percent = total === 0 ? 0 : Math.ceil((used * 100) / total);
  const show = (value: number): string => {
    if (options.has("i")) return String(value);
    if (options.has("h")) return humanSize(value);
    return String(Math.floor(value / (options.has("m") ? 1_048_576 : 1024)));
  };
  const name = source.length > 20 ? `${source}\n${" ".repeat(20)}` : source.padEnd(20);
  const kind = options.has("T") ? ` ${type.padEnd(10)}` : "";
  return (
    `${name}${kind} ${show(total).padStart(9)} ${show(used).padStart(9)} ${show(free).padStart(9)} ` +
    `${String(percent).padStart(3)}% ${path}\n`
  );
}
