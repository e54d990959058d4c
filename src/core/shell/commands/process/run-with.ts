import { writeError } from "../../io/write.js";
import { SysError, type Blocking } from "../../syscall.js";
import { Command } from "../command.js";
import { parseDurationMs } from "../duration.js";
import { parseOptions, usageFailure } from "../options.js";
import { formatTime } from "../../text/time-format.js";
import { zoneOf } from "../time-zone.js";
import { becomeProgram } from "./env.js";

/** Programs that run another one, changed in some way. */
export function* nohup(command: Command): Blocking<number> {
  const { sys } = command;
  if (command.operands.length === 0) throw usageFailure(command);
  sys.onSignal("HUP", "ignore");
  if (sys.isTerminal(1)) {
    yield* writeError(sys, "nohup: appending output to nohup.out\n");
    const fd = sys.open("nohup.out", { write: true, create: true, append: true }, 0o600);
    sys.dup(fd, 1);
    sys.close(fd);
  }
  return yield* becomeProgram(command, command.operands, command.env);
}

export function* setsid(command: Command): Blocking<number> {
  const options = parseOptions(command, "+c");
  if (options.operands.length === 0) throw usageFailure(command);
  try {
    command.sys.setProcessGroup(0, 0);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
  return yield* becomeProgram(command, options.operands, command.env);
}

export function* nice(command: Command): Blocking<number> {
  const words = command.operands.map((word) => (/^-\d+$/.test(word) ? `-n${word.slice(1)}` : word));
  const options = parseOptions(command, "+n:", { "adjustment=": "n" }, words);
  if (options.operands.length === 0) {
    command.output.add(`${String(command.sys.setNice(0))}\n`);
    return 0;
  }
  try {
    command.sys.setNice(Number(options.value("n") ?? 10));
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw command.failure("setpriority(-20): Permission denied");
  }
  return yield* becomeProgram(command, options.operands, command.env);
}

/** `watch -n 2 command`: runs it again and again, each time on a clear screen. */
export function* watch(command: Command): Blocking<number> {
  const options = parseOptions(command, "+dtn:x", { "interval=": "n", "no-title": "t" });
  if (options.operands.length === 0) throw usageFailure(command);
  const intervalMs = parseDurationMs(options.value("n") ?? "2") ?? 2000;
  const text = options.operands.join(" ");
  const zone = zoneOf(command.env.get("TZ"));
  for (;;) {
    command.output.add("\x1b[H\x1b[J");
    if (!options.has("t")) {
      const title = `Every ${(intervalMs / 1000).toFixed(1)}s: ${text}`;
      const now = formatTime("%Y-%m-%d %H:%M:%S", command.sys.nowMs(), zone);
      command.output.add(`${title.padEnd(Math.max(0, 80 - now.length))}${now}\n\n`);
    }
    yield* command.output.flush();
    const pid = command.sys.spawn("/bin/sh", ["sh", "-c", text], command.env);
    yield* command.sys.wait(pid);
    yield* command.sys.sleep(Math.max(100, intervalMs));
  }
}

/** busybox's `time`, as a program. */
export function* time(command: Command): Blocking<number> {
  const options = parseOptions(command, "+vpao:f:q");
  const { sys } = command;
  if (options.operands.length === 0) throw usageFailure(command);
  const startMs = sys.nowMs();
  const status = yield* runAndWait(command, options.operands);
  const elapsedMs = sys.nowMs() - startMs;
  const format = options.value("f");
  if (format !== undefined && status !== 0 && !options.has("q")) {
    yield* writeError(sys, `Command exited with non-zero status ${String(status)}\n`);
  }
  const text =
    format !== undefined
      ? `${formatted(format, elapsedMs, status, options.operands)}\n`
      : options.has("p")
        ? posixTimes(elapsedMs)
        : defaultTimes(elapsedMs);
  yield* writeError(sys, text);
  return status;
}

/** The letters of `-f` that are known here; CPU time and memory are not measured by command (miscutils/time.c summarize). */
function formatted(
  format: string,
  elapsedMs: number,
  status: number,
  words: readonly string[],
): string {
  const seconds = elapsedMs / 1000;
  const clock = `${String(Math.floor(seconds / 60))}m ${(seconds % 60).toFixed(2)}s`;
  const fields: Readonly<Record<string, string>> = {
    C: words.join(" "),
    E: clock,
    e: seconds.toFixed(2),
    P: "0%",
    S: "0.00",
    T: "0m 0.00s",
    U: "0.00",
    x: String(status),
    "%": "%",
  };
  const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\" };
  return format.replace(/%(.)|\\(.)/gs, (_, letter?: string, escape?: string) =>
    letter === undefined ? (escapes[escape ?? ""] ?? `\\${escape ?? ""}`) : (fields[letter] ?? "0"),
  );
}

function* runAndWait(command: Command, words: readonly string[]): Blocking<number> {
  const pid = command.sys.fork("time", (child) =>
    becomeProgram(new Command(child, command.argv, command.env), words, command.env),
  );
  const ended = yield* command.sys.wait(pid);
  if (ended === null) return 0;
  return "code" in ended.status ? ended.status.code : 128 + ended.status.number;
}

// miscutils/time.c default_format
function defaultTimes(elapsedMs: number): string {
  const minutes = Math.floor(elapsedMs / 60_000);
  const seconds = ((elapsedMs % 60_000) / 1000).toFixed(2);
  return `real\t${String(minutes)}m ${seconds}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`;
}

function posixTimes(elapsedMs: number): string {
  return `real ${(elapsedMs / 1000).toFixed(2)}\nuser 0.00\nsys 0.00\n`;
}
