import type { Blocking } from "../../syscall.js";
import { readSmallFile } from "../../io/read-file.js";
import { SysError, type ProcessInfo } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseDurationMs } from "../duration.js";
import { shortKibibytes } from "../human-size.js";
import { parseOptions } from "../options.js";
import { userName } from "../user-names.js";
import { commandLine } from "./ps.js";

/** What it costs to read /proc and to draw. */
const STEPS_PER_SCREEN = 64;
const STEPS_PER_PROCESS = 8;

/** busybox's top in batch mode; on a terminal it draws the screen anew each time. */
export function* top(command: Command): Blocking<number> {
  const options = parseOptions(command, "d:n:bHm");
  const isBatch = options.has("b") || !command.sys.isTerminal(1);
  const rounds = Number(options.value("n") ?? Infinity);
  const delayMs = parseDurationMs(options.value("d") ?? "5") ?? 5000;
  let before = new Map<number, number>();
  let beforeMs = command.sys.uptimeMs() - delayMs;
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) yield* command.sys.sleep(delayMs);
    if (!isBatch) command.output.add("\x1b[H\x1b[J");
    const nowMs = command.sys.uptimeMs();
    const processes = command.sys.processes();
    command.output.add(screen(command, processes, before, Math.max(1, nowMs - beforeMs)));
    yield* command.output.flush();
    const steps = STEPS_PER_SCREEN + processes.length * STEPS_PER_PROCESS;
    if (!command.sys.tryCharge(steps)) yield* command.sys.charge(steps);
    before = new Map(processes.map((info) => [info.pid, info.cpuMs]));
    beforeMs = nowMs;
  }
  return 0;
}

function screen(
  command: Command,
  processes: readonly ProcessInfo[],
  before: ReadonlyMap<number, number>,
  elapsedMs: number,
): string {
  const { total, free, cached, buffers, shared } = memory(command);
  const load = proc(command, "loadavg").trim() || "0.00 0.00 0.00 1/1 1";
  const share = (info: ProcessInfo): number =>
    Math.min(100, Math.round((100 * (info.cpuMs - (before.get(info.pid) ?? 0))) / elapsedMs));
  const sorted = [...processes].sort(
    (a, b) => share(b) - share(a) || b.memoryBytes - a.memoryBytes,
  );
  const used = Math.max(0, total - free - cached - buffers);
  const busy = Math.min(
    100,
    sorted.reduce((sum, info) => sum + share(info), 0),
  );
  // procps/top.c display_process_list
  const lines = sorted.map((info) => {
    const percent = total === 0 ? 0 : Math.floor((info.memoryBytes * 100) / total);
    return (
      `${String(info.pid).padStart(5)} ${String(info.ppid).padStart(5)} ${userName(command.sys, info.uid).slice(0, 8).padEnd(8)} ` +
      `${info.state.padEnd(4)} ${shortKibibytes(info.memoryBytes / 1024).padStart(5)} ${String(percent).padStart(3)}% ` +
      `${"0".padStart(3)} ${String(share(info)).padStart(3)}% ${commandLine(info)}`
    );
  });
  const kibibytes = (bytes: number): string => `${String(Math.floor(bytes / 1024))}K`;
  return (
    `Mem: ${kibibytes(used)} used, ${kibibytes(free)} free, ${kibibytes(shared)} shrd, ${kibibytes(buffers)} buff, ${kibibytes(cached)} cached\n` +
    `CPU: ${String(busy).padStart(3)}% usr   0% sys   0% nic ${String(100 - busy).padStart(3)}% idle   0% io   0% irq   0% sirq\n` +
    `Load average: ${load}\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n${lines.join("\n")}\n`
  );
}

function proc(command: Command, path: string): string {
  try {
    return readSmallFile(command.sys, `/proc/${path}`);
  } catch (error) {
    if (error instanceof SysError) return "";
    throw error;
  }
}

function memory(
  command: Command,
): Readonly<Record<"total" | "free" | "cached" | "buffers" | "shared", number>> {
  const text = proc(command, "meminfo");
  const value = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0) * 1024;
  return {
    total: value("MemTotal"),
    free: value("MemFree"),
    cached: value("Cached"),
    buffers: value("Buffers"),
    shared: value("Shmem"),
  };
}
