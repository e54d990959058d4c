import { takeNotedWork, type Blocking } from "../../shell/index.js";
import {
  CALL_MICROSECONDS,
  CALL_STEPS,
  FREE_PATH_LENGTH,
  PATH_LENGTH_PER_STEP,
  SLICE_MICROSECONDS,
  SLICE_STEPS,
  STEP_MICROSECONDS,
} from "../limits.js";
import type { Process, WakeReason } from "./process.js";
import type { WaitQueue } from "./wait-queue.js";
import { BLOCKED } from "./yields.js";

/** CPU time and work that a process has used. Time passes for it at its next yield. */
export const countWork = (process: Process, microseconds: number, steps: number): void => {
  process.debtMicroseconds += microseconds;
  process.usedMicroseconds += microseconds;
  process.debtSteps += steps;
  process.confinement.cpu.spend(steps);
};

/**
 * Counts a system call that finds a file and cannot block; the time passes at the next one that can. The way to a deep file is work of
 * its own: a chain of directories as deep as a path can tell costs as much to take away as all of them have names before them.
 */
export const countWalk = (process: Process, path: string, moreSteps = 0): void => {
  const length = path.length + (path.startsWith("/") ? 0 : process.cwd.length);
  const walkSteps = length <= FREE_PATH_LENGTH ? 0 : length / PATH_LENGTH_PER_STEP;
  countWork(process, CALL_MICROSECONDS, CALL_STEPS + walkSteps + moreSteps);
};

/** Counts the work that the process has done where it could not say so itself. */
export const countNotedWork = (process: Process): void => {
  const steps = takeNotedWork();
  if (steps > 0) countWork(process, steps * STEP_MICROSECONDS, steps);
};

/** Whether the process has to give way: its slice is used up, a signal is to be handled, or it is to die. */
export const mustYield = (process: Process): boolean =>
  process.fate !== null ||
  process.pending !== null ||
  process.debtMicroseconds >= SLICE_MICROSECONDS ||
  process.debtSteps >= SLICE_STEPS;

/** The fast half of `charge`: counts and says true, or counts nothing and says false. */
export const tryCharge = (process: Process, steps: number): boolean => {
  if (process.fate !== null || process.pending !== null) return false;
  countNotedWork(process);
  const debtSteps = process.debtSteps + steps;
  const debt = process.debtMicroseconds + steps * STEP_MICROSECONDS;
  if (debtSteps >= SLICE_STEPS || debt >= SLICE_MICROSECONDS) return false;
  countWork(process, steps * STEP_MICROSECONDS, steps);
  return true;
};

export function* charge(process: Process, steps: number): Blocking<void> {
  countNotedWork(process);
  countWork(process, steps * STEP_MICROSECONDS, steps);
  yield* giveWay(process);
}

/** CPU time of software that is not simulated step by step. */
export function* compute(process: Process, cpuMs: number): Blocking<void> {
  countWork(process, cpuMs * 1000, 1);
  yield* giveWay(process);
}

/** Lets time pass for what the process has used, when that is a slice or more; then runs its signal handlers. */
export function* giveWay(process: Process): Blocking<void> {
  if (process.fate !== null) yield BLOCKED;
  if (process.debtMicroseconds >= SLICE_MICROSECONDS || process.debtSteps >= SLICE_STEPS) {
    letTimePass(process);
    yield BLOCKED;
  }
  runHandlers(process);
}

/** Blocks a process until the CPU time it has used has passed; the caller yields. */
export const letTimePass = (process: Process): void => {
  const { kernel, confinement } = process;
  const waitMs = confinement.cpu.beginUse(process.debtMicroseconds, kernel.nowMs);
  const wholeMs = Math.floor(waitMs);
  process.debtSteps = 0;
  if (wholeMs === 0) {
    confinement.cpu.endUse();
    kernel.makeReady(process);
    return;
  }
  process.debtMicroseconds = Math.min(999, (waitMs - wholeMs) * 1000);
  kernel.block(process, null, kernel.nowMs + wholeMs, false);
  process.isUsingCpu = true;
};

/**
 * Waits for something to happen on `on`, at the latest until `dueMs`. Says why it goes on; after "signal" the handlers have run. The caller looks again whether
 * what it waits for is there.
 */
export function* waitOn(
  process: Process,
  on: WaitQueue | readonly WaitQueue[] | null,
  dueMs: number,
): Blocking<WakeReason> {
  if (process.fate !== null) yield BLOCKED;
  if (runHandlers(process)) return "signal";
  process.debtSteps = 0;
  process.kernel.block(process, on, dueMs, true);
  yield BLOCKED;
  return runHandlers(process) ? "signal" : process.wakeReason;
}

/** Runs the handlers of signals that have come; whether any had. A handler only notes what happened, so it never blocks. */
export const runHandlers = (process: Process): boolean => {
  const { pending } = process;
  if (pending === null) return false;
  process.pending = null;
  for (const signal of pending) process.handlers?.get(signal)?.();
  return true;
};

/** What is left of the time when a signal handler ran. The CPU time used before passes first. */
export function* sleep(process: Process, milliseconds: number): Blocking<number> {
  const debtMs = Math.floor(process.debtMicroseconds / 1000);
  process.debtMicroseconds -= debtMs * 1000;
  // Whoever sleeps for no time at all, again and again, is over its budget as one that does not sleep is.
  const backlogMs = process.confinement.cpu.backlogMs(process.nowMs);
  const dueMs = process.nowMs + Math.max(debtMs + Math.max(0, milliseconds), backlogMs);
  // Spelled out rather than waitOn: most processes of a cluster are in here, and each level of generators takes memory.
  if (process.fate !== null) yield BLOCKED;
  if (process.pending === null) {
    process.debtSteps = 0;
    process.kernel.block(process, null, dueMs, true);
    yield BLOCKED;
  }
  runHandlers(process);
  return Math.max(0, dueMs - process.nowMs);
}

/** Waits until a signal was handled. */
export function* pause(process: Process): Blocking<void> {
  yield* waitOn(process, null, Infinity);
}
