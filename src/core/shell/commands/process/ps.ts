import type { ProcessInfo } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions } from "../options.js";
import { groupName, userName } from "../user-names.js";
import { shortKibibytes } from "../human-size.js";

interface Column {
  readonly header: string;
  readonly width: number;
  readonly show: (command: Command, info: ProcessInfo) => string;
}

// procps/ps.c out_spec
const COLUMNS: Readonly<Record<string, Column>> = {
  user: { header: "USER", width: 8, show: (command, info) => userName(command.sys, info.uid) },
  group: { header: "GROUP", width: 8, show: (command, info) => groupName(command.sys, info.gid) },
  comm: { header: "COMMAND", width: 16, show: (_, info) => info.command },
  args: { header: "COMMAND", width: 256, show: (_, info) => commandLine(info) },
  pid: { header: "PID", width: 5, show: (_, info) => String(info.pid) },
  ppid: { header: "PPID", width: 5, show: (_, info) => String(info.ppid) },
  pgid: { header: "PGID", width: 5, show: (_, info) => String(info.processGroup) },
  sid: { header: "SID", width: 5, show: (_, info) => String(info.session) },
  etime: {
    header: "ELAPSED",
    width: 7,
    show: (command, info) => minutesAndSeconds(command.sys.nowMs() - info.startedAtMs),
  },
  time: { header: "TIME", width: 6, show: (_, info) => minutesAndSeconds(info.cpuMs) },
  vsz: { header: "VSZ", width: 6, show: (_, info) => shortKibibytes(info.memoryBytes / 1024) },
  rss: { header: "RSS", width: 4, show: (_, info) => shortKibibytes(info.memoryBytes / 1024) },
  stat: { header: "STAT", width: 4, show: (_, info) => info.state },
  nice: { header: "NI", width: 5, show: () => "0" },
  tty: { header: "TT", width: 6, show: () => "?" },
  rgroup: { header: "RGROUP", width: 8, show: (command, info) => groupName(command.sys, info.gid) },
  ruser: { header: "RUSER", width: 8, show: (command, info) => userName(command.sys, info.uid) },
};

const SUPPORTED =
  "user,group,comm,args,pid,ppid,pgid,etime,nice,rgroup,ruser,time,tty,vsz,sid,stat,rss";

const ALIASES: Readonly<Record<string, string>> = {
  cmd: "args",
  command: "args",
  ucmd: "comm",
  s: "stat",
  state: "stat",
  ni: "nice",
  uid: "user",
};

/** As in brackets when there are no arguments left to show. */
export function commandLine(info: ProcessInfo): string {
  return info.state === "Z" || info.argv.length === 0 ? `[${info.command}]` : info.argv.join(" ");
}

function minutesAndSeconds(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1000) {
    return `${String(minutes)}:${String(seconds % 60).padStart(2, "0")}`.padStart(5);
  }
  const hours = Math.floor(minutes / 60);
  return hours < 100
    ? `${String(hours)}h${String(minutes % 60).padStart(2, "0")}`
    : `${String(Math.floor(hours / 24))}d${String(hours % 24)}`;
}

const SCREEN_WIDTH = 80;

/** busybox's ps shows every process of the container; the BSD and POSIX letters that others take are read over. */
export function ps(command: Command): number {
  const words = command.operands.map((word, index) =>
    index === 0 && /^[a-z]+$/.test(word) ? `-${word}` : word,
  );
  const options = parseOptions(command, "o:TwlauxefAHjp:", {}, words);
  const wide = options.count("w");
  const names = options.has("o")
    ? options.all("o").flatMap((list) => list.split(","))
    : options.has("l")
      ? ["stat", "user", "pid", "ppid", "vsz", "rss", "time", "args"]
      : ["pid", "user", "time", "args"];
  const columns = names.map((name) => {
    const [key = "", title] = name.split("=");
    const column = COLUMNS[ALIASES[key] ?? key];
    if (column === undefined)
      throw command.failure(`bad -o argument '${key}', supported arguments: ${SUPPORTED}`);
    return { ...column, header: title ?? column.header };
  });
  const limit = wide > 0 || !command.sys.isTerminal(1) ? Infinity : SCREEN_WIDTH;
  const row = (cells: readonly string[]): string => formatRow(columns, cells).slice(0, limit);
  command.output.add(`${row(columns.map((column) => column.header))}\n`);
  for (const info of command.sys.processes()) {
    command.output.add(`${row(columns.map((column) => column.show(command, info)))}\n`);
  }
  return 0;
}

const NUMERIC = new Set(["PID", "PPID", "PGID", "SID", "VSZ", "RSS", "NI"]);

/** Numbers to the right, names to the left; the last column is not filled up. */
function formatRow(columns: readonly Column[], cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const column = columns[index];
      const isLast = index === cells.length - 1;
      if (column === undefined || isLast) return cell;
      if (NUMERIC.has(column.header)) return cell.padStart(column.width);
      return cell.slice(0, column.width).padEnd(column.width);
    })
    .join(" ");
}
