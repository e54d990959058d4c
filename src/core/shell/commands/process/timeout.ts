import { parseSignal } from "../../signal-names.js";
import { SysError, type Blocking, type SignalName, type Sys } from "../../syscall.js";
import { writeError } from "../../io/write.js";
import { Command } from "../command.js";
import { parseDurationMs } from "../duration.js";
import { parseOptions, usageFailure, type Options } from "../options.js";
import { becomeProgram } from "./env.js";

/** How often the watcher looks whether there is still something to watch. */
const LOOK_INTERVAL_MS = 1000;

/**
 * busybox's timeout becomes the program itself and leaves a grandchild behind that signals it in time, so that the exit status is the program's
 * own: 143 for one that SIGTERM ended (coreutils/timeout.c).
 */
export function* timeout(command: Command): Blocking<number> {
  const options = parseOptions(command, "+s:k:v", {
    "signal=": "s",
    "kill-after=": "k",
    foreground: "F",
    "preserve-status": "P",
    verbose: "v",
  });
  const [durationText, ...words] = options.operands;
  if (durationText === undefined || words.length === 0) throw usageFailure(command);
  const durationMs = duration(command, durationText);
  const killText = options.value("k");
  const killMs = killText === undefined ? null : duration(command, killText);
  const signalText = options.value("s") ?? "TERM";
  const signal = parseSignal(signalText);
  if (signal === null || signal === 0) throw command.failure(`unknown signal '${signalText}'`);
  const { sys } = command;
  if (command.isGnu)
    return yield* runTimed(command, words, { durationMs, killMs, signal, options });
  const watched = sys.pid;
  const child = sys.fork("timeout", (middle) =>
    leaveBehind(middle, (watcher) => watch(watcher, watched, durationMs, signal, killMs)),
  );
  yield* sys.wait(child);
  return yield* becomeProgram(command, words, command.env);
}

interface Limits {
  readonly durationMs: number;
  readonly killMs: number | null;
  readonly signal: SignalName;
  readonly options: Options;
}

/** GNU's runs the program as its child, and ends with 124 when its time was up, 137 when it had to be killed (src/timeout.c). */
function* runTimed(command: Command, words: readonly string[], limits: Limits): Blocking<number> {
  const { sys } = command;
  const { durationMs, killMs, signal, options } = limits;
  const child = sys.fork("timeout", (one) =>
    becomeProgram(new Command(one, command.argv, command.env, "gnu"), words, command.env),
  );
  const note = { timedOut: false };
  const watcher = sys.fork("timeout", function* (one) {
    yield* one.sleep(durationMs);
    note.timedOut = true;
    if (options.has("v")) {
      yield* writeError(one, `timeout: sending signal ${signal} to command '${words[0] ?? ""}'\n`);
    }
    send(one, child, signal);
    if (killMs === null) return 0;
    yield* one.sleep(killMs);
    send(one, child, "KILL");
    return 0;
  });
  for (const name of ["TERM", "INT", "HUP", "QUIT"] as const) {
    sys.onSignal(name, () => void send(sys, child, name));
  }
  const ended = yield* sys.wait(child);
  send(sys, watcher, "KILL");
  yield* sys.wait(watcher);
  if (ended === null) return 0;
  const { status } = ended;
  const own = "code" in status ? status.code : 128 + status.number;
  if (!note.timedOut || options.has("P")) return own;
  return "signal" in status && status.signal === "KILL" ? 137 : 124;
}

/** The child that ends at once, so that the watcher is nobody's to wait for but PID 1's. */
function* leaveBehind(sys: Sys, body: (watcher: Sys) => Blocking<number>): Blocking<number> {
  sys.fork("timeout", body);
  if (!sys.tryCharge(1)) yield* sys.charge(1);
  return 0;
}

function duration(command: Command, text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === null) {
    throw command.isGnu
      ? usageFailure(command, `invalid time interval '${text}'`)
      : command.failure(`invalid number '${text}'`);
  }
  // Zero turns the limit off.
  return durationMs === 0 ? Infinity : Math.round(durationMs);
}

function* watch(
  sys: Sys,
  watched: number,
  durationMs: number,
  signal: SignalName,
  killMs: number | null,
): Blocking<number> {
  // The output of the program may be waited for to its end: the watcher holds none of it.
  for (const fd of [0, 1, 2]) if (sys.isOpen(fd)) sys.close(fd);
  if (!(yield* outlasts(sys, watched, durationMs))) return 0;
  send(sys, watched, signal);
  if (killMs !== null && (yield* outlasts(sys, watched, killMs))) send(sys, watched, "KILL");
  return 0;
}

/** False when the process was gone before. */
function* outlasts(sys: Sys, watched: number, durationMs: number): Blocking<boolean> {
  for (let leftMs = durationMs; leftMs > 0;) {
    const stepMs = Math.min(LOOK_INTERVAL_MS, leftMs);
    yield* sys.sleep(stepMs);
    leftMs -= stepMs;
    if (!send(sys, watched, 0)) return false;
  }
  return true;
}

function send(sys: Sys, watched: number, signal: SignalName | 0): boolean {
  try {
    sys.kill(watched, signal);
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}
