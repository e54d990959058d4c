import { parseSignal } from "../../signal-names.js";
import { SysError, type Blocking, type SignalName, type Sys } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseDurationMs } from "../duration.js";
import { parseOptions, usageFailure } from "../options.js";
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
  const watched = sys.pid;
  const child = sys.fork("timeout", (middle) =>
    leaveBehind(middle, (watcher) => watch(watcher, watched, durationMs, signal, killMs)),
  );
  yield* sys.wait(child);
  return yield* becomeProgram(command, words, command.env);
}

/** The child that ends at once, so that the watcher is nobody's to wait for but PID 1's. */
function* leaveBehind(sys: Sys, body: (watcher: Sys) => Blocking<number>): Blocking<number> {
  sys.fork("timeout", body);
  if (!sys.tryCharge(1)) yield* sys.charge(1);
  return 0;
}

function duration(command: Command, text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === null) throw command.failure(`invalid number '${text}'`);
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
