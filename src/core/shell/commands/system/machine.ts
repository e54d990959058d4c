import { readSmallFile } from "../../io/read-file.js";
import { SysError, type Blocking } from "../../syscall.js";
import { formatTime } from "../../text/time-format.js";
import type { Command } from "../command.js";
import { humanSize } from "../human-size.js";
import { parseOptions } from "../options.js";

/** What /proc tells; empty where it is not mounted. */
function proc(command: Command, path: string): string {
  try {
    return readSmallFile(command.sys, `/proc/${path}`);
  } catch (error) {
    if (error instanceof SysError) return "";
    throw error;
  }
}

export function nproc(command: Command): number {
  const processors = proc(command, "cpuinfo").match(/^processor\s*:/gm)?.length ?? 1;
  const ignored = /--ignore=(\d+)/.exec(command.operands.join(" "))?.[1];
  command.output.add(`${String(Math.max(1, processors - Number(ignored ?? 0)))}\n`);
  return 0;
}

export function uptime(command: Command): number {
  const { sys } = command;
  const seconds = Math.floor(sys.uptimeMs() / 1000);
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600) % 24;
  const days = Math.floor(seconds / 86_400);
  const dayText = days > 0 ? `${String(days)} day${days === 1 ? "" : "s"}, ` : "";
  const timeText =
    hours > 0
      ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, "0")}`
      : `${String(minutes)} min`;
  const load = proc(command, "loadavg").split(" ").slice(0, 3).join(", ") || "0.00, 0.00, 0.00";
  // procps/uptime.c
  command.output.add(
    ` ${formatTime("%H:%M:%S", sys.nowMs())} up ${dayText}${timeText},  load average: ${load}\n`,
  );
  return 0;
}

interface Memory {
  readonly total: number;
  readonly free: number;
  readonly shared: number;
  readonly cached: number;
  readonly available: number;
}

function memory(command: Command): Memory {
  const text = proc(command, "meminfo");
  const value = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0) * 1024;
  return {
    total: value("MemTotal"),
    free: value("MemFree"),
    shared: value("Shmem"),
    cached: value("Buffers") + value("Cached") + value("SReclaimable"),
    available: value("MemAvailable"),
  };
}

// procps/free.c
export function free(command: Command): number {
  const options = parseOptions(command, "bkmght", {});
  const show = (bytes: number): string => {
    if (options.has("h")) return humanSize(bytes);
    const shift = options.has("b")
      ? 1
      : options.has("m")
        ? 1_048_576
        : options.has("g")
          ? 1_073_741_824
          : 1024;
    return String(Math.floor(bytes / shift));
  };
  const { total, free: unused, shared, cached, available } = memory(command);
  const row = (label: string, values: readonly number[]): string =>
    `${label.padEnd(6)}${values.map((value) => show(value).padStart(12)).join("")}\n`;
  command.output.add(
    `       ${"total".padStart(11)}${["used", "free", "shared", "buff/cache", "available"].map((name) => name.padStart(12)).join("")}\n`,
  );
  command.output.add(
    row("Mem:", [total, Math.max(0, total - unused - cached), unused, shared, cached, available]),
  );
  command.output.add(row("Swap:", [0, 0, 0]));
  return 0;
}

export function uname(command: Command): number {
  const options = parseOptions(command, "asnrvmpio", {
    all: "a",
    "kernel-name": "s",
    nodename: "n",
    "kernel-release": "r",
    "kernel-version": "v",
    machine: "m",
    processor: "p",
    "operating-system": "o",
  });
  const { sys } = command;
  const release = setting(command, "kernel.osrelease", "6.1.0");
  const version = setting(command, "kernel.version", "#1 SMP");
  const parts: [string, string][] = [
    ["s", "Linux"],
    ["n", sys.hostname],
    ["r", release],
    ["v", version],
    ["m", "x86_64"],
    ["p", "unknown"],
    ["i", "unknown"],
    ["o", "GNU/Linux"],
  ];
  const wanted = options.has("a")
    ? parts.filter(([letter]) => letter !== "p" && letter !== "i")
    : parts.filter(([letter]) => options.has(letter));
  const shown = wanted.length === 0 ? ["Linux"] : wanted.map(([, text]) => text);
  command.output.add(`${shown.join(" ")}\n`);
  return 0;
}

function setting(command: Command, name: string, otherwise: string): string {
  try {
    return command.sys.sysctl(name).trim() || otherwise;
  } catch (error) {
    if (error instanceof SysError) return otherwise;
    throw error;
  }
}

export function arch(command: Command): number {
  command.output.add("x86_64\n");
  return 0;
}

export function* sysctl(command: Command): Blocking<number> {
  const options = parseOptions(command, "neAapwq");
  const { sys } = command;
  if (options.has("a") || options.has("A")) return 0;
  for (const word of options.operands) {
    const equals = word.indexOf("=");
    const name = (equals < 0 ? word : word.slice(0, equals)).trim();
    try {
      const value = equals < 0 ? sys.sysctl(name) : sys.sysctl(name, word.slice(equals + 1).trim());
      if (options.has("q")) continue;
      const text = (equals < 0 ? value : word.slice(equals + 1)).trim();
      command.output.add(
        options.has("n") ? `${text}\n` : `${name.replaceAll("/", ".")} = ${text}\n`,
      );
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      if (options.has("e")) continue;
      yield* command.output.flush();
      yield* command.failWith(
        `error ${error.errno === "ENOENT" ? `opening '/proc/sys/${name.replaceAll(".", "/")}'` : `setting key '${name}'`}`,
        error,
      );
    }
  }
  return command.status;
}

const CONFIGURATION: Readonly<Record<string, string>> = {
  PAGE_SIZE: "4096",
  PAGESIZE: "4096",
  ARG_MAX: "2097152",
  CLK_TCK: "100",
  LONG_BIT: "64",
  OPEN_MAX: "1024",
  PATH_MAX: "4096",
  NAME_MAX: "255",
  PIPE_BUF: "4096",
};

export function getconf(command: Command): number {
  const name = command.operands.find((word) => !word.startsWith("-") && !word.startsWith("/"));
  if (name === "_NPROCESSORS_ONLN" || name === "_NPROCESSORS_CONF") return nproc(command);
  const value = CONFIGURATION[name ?? ""];
  if (value === undefined) throw command.failure(`unrecognized variable '${name ?? ""}'`, 2);
  command.output.add(`${value}\n`);
  return 0;
}

/** procps/nmeter.c, for its commonest figures: time, CPU, memory and literal text. */
export function* nmeter(command: Command): Blocking<number> {
  const options = parseOptions(command, "d:n:");
  const format = options.operands[0] ?? "%t";
  const intervalMs = Math.max(1, Number(options.value("d") ?? 1000));
  for (;;) {
    const { total, free: unused } = memory(command);
    const line = format.replace(/%(\d*)(.)/g, (_, digits: string, letter: string) => {
      switch (letter) {
        case "t":
          return formatTime("%H:%M:%S", command.sys.nowMs());
        case "m":
          return humanSize(total - unused);
        case "c":
          return "[..........]";
        case "%":
          return "%";
        default:
          return digits + letter;
      }
    });
    command.output.add(`${line.replaceAll("\\n", "\n")}\n`);
    yield* command.output.flush();
    yield* command.sys.sleep(intervalMs);
  }
}
