import { SIGNAL_NUMBERS, type ExitStatus, type SignalName } from "../../shell/index.js";
import type { Confinement } from "./confinement.js";
import type { Kernel } from "./kernel.js";
import type { Process } from "./process.js";
import { defaultAction, signalBit } from "./signals.js";

const KILLED: ExitStatus = Object.freeze({ signal: "KILL", number: 9 });

/** Thrown where a process that runs has been killed and cannot go on until it gives way. */
export class ProcessKilled extends Error {
  override readonly name = "ProcessKilled";
}

/** Ends a process from without. The one that runs ends when it yields. */
export const killProcess = (process: Process, status: ExitStatus): void => {
  if (!process.isAlive) return;
  if (process.kernel.current === process) process.fate ??= status;
  else endProcess(process, status);
};

/** What was decided while the process ran. */
export const deliverFate = (process: Process): void => {
  const { fate } = process;
  process.fate = null;
  if (fate !== null) endProcess(process, fate);
};

/** The end of a process: kernel/exit.c, do_exit. It stays a zombie until its parent waits for it. */
export const endProcess = (process: Process, status: ExitStatus): void => {
  if (!process.isAlive) return;
  const { kernel, confinement } = process;
  kernel.forgetWait(process);
  process.state = "zombie";
  process.status = status;
  process.body = null;
  process.startup = null;
  process.handlers = null;
  process.pending = null;
  confinement.cpu.usedMicroseconds += process.debtMicroseconds;
  confinement.memory.charge(-process.memoryBytes, -process.allocatedBytes);
  process.memoryBytes = 0;
  process.allocatedBytes = 0;
  process.descriptors.closeAll();
  if (process.isInit) endNamespace(process);
  handOverChildren(process);
  tellParent(process);
  const { starter } = process;
  process.starter = null;
  starter?.processEnded(process, status);
};

/** Takes an ended process out of the tables. */
export const reap = (process: Process): void => {
  const { kernel, confinement, parent } = process;
  process.state = "gone";
  confinement.pids.remove(process);
  confinement.processCount -= 1;
  kernel.processCount -= 1;
  const siblings = parent?.children;
  const index = siblings?.indexOf(process) ?? -1;
  if (index >= 0) siblings?.splice(index, 1);
  process.parent = null;
};

/** Kills every process of a container. */
export const killConfined = (confinement: Confinement): void => {
  for (const process of [...confinement.pids.processes])
    if (process.confinement === confinement) killProcess(process, KILLED);
};

/** Out of memory: everything in the container goes, as with memory.oom.group (kubelet_config singleProcessOOMKill, 1.34). */
export const killForMemory = (confinement: Confinement): void => {
  confinement.wasOutOfMemory = true;
  confinement.memory.outOfMemoryCount += 1;
  killConfined(confinement);
};

/** The machine itself has no memory left: the container that uses most beyond what it may expect goes. */
export const relieveMachine = (kernel: Kernel): void => {
  let worst: Confinement | null = null;
  let worstScore = -Infinity;
  for (const confinement of kernel.confinements) {
    if (confinement.processCount === 0 || confinement.number === 0) continue;
    const share = (1000 * confinement.memory.totalBytes) / kernel.memory.totalBytes;
    const score = share + confinement.oomScoreAdjust;
    if (score <= worstScore) continue;
    worst = confinement;
    worstScore = score;
  }
  if (worst !== null) killForMemory(worst);
};

/** The simulator itself can hold no more: the container goes that it holds most for. */
export const relieveSimulator = (kernel: Kernel): void => {
  let worst: Confinement | null = null;
  for (const confinement of kernel.confinements) {
    if (confinement.processCount === 0 || confinement.number === 0) continue;
    if (worst === null || confinement.memory.heldBytes > worst.memory.heldBytes)
      worst = confinement;
  }
  if (worst !== null) killForMemory(worst);
};

/** PID 1 is gone, so its namespace ends: zap_pid_ns_processes. */
const endNamespace = (init: Process): void => {
  const { pids } = init.confinement;
  for (const process of [...pids.processes]) {
    if (process === init) continue;
    killProcess(process, KILLED);
    if (process.state === "zombie") reap(process);
  }
};

const handOverChildren = (process: Process): void => {
  const { children } = process;
  if (children === null || children.length === 0) return;
  process.children = null;
  const { init } = process.confinement.pids;
  for (const child of children) {
    const heir = init === null || init === process || !init.isAlive ? null : init;
    child.parent = heir;
    if (heir === null) {
      if (child.state === "zombie") reap(child);
      continue;
    }
    (heir.children ??= []).push(child);
    if (child.state === "zombie") tellParent(child);
  }
};

const tellParent = (process: Process): void => {
  const { parent } = process;
  if (parent?.isAlive !== true || (parent.ignored & signalBit("CHLD")) !== 0) {
    reap(process);
    parent?.childQueue?.fire();
    return;
  }
  parent.childQueue?.fire();
  sendSignal(parent, "CHLD", false);
};

/**
 * Sends a signal, as the kernel does once permission is given: kernel/signal.c, sig_task_ignored and complete_signal.
 * @param isFromOutside from outside the process namespace, so that KILL and STOP reach its PID 1 too.
 */
export const sendSignal = (target: Process, signal: SignalName, isFromOutside: boolean): void => {
  // The machine's own processes stand for what is simulated elsewhere.
  if (!target.isAlive || target.confinement.number === 0) return;
  const isForced = signal === "KILL" || signal === "STOP";
  if (signal === "CONT" || signal === "KILL") resume(target);
  if (isForced) {
    if (!target.isInit || isFromOutside) perform(target, signal);
    return;
  }
  if ((target.ignored & signalBit(signal)) !== 0) return;
  if (target.handlers?.has(signal) === true) {
    queueHandler(target, signal);
    return;
  }
  // PID 1 gets only what it has a handler for: SIGNAL_UNKILLABLE.
  if (!target.isInit) perform(target, signal);
};

const queueHandler = (target: Process, signal: SignalName): void => {
  // A signal that is pending already is not queued again.
  if (target.pending?.includes(signal) === true) return;
  (target.pending ??= []).push(signal);
  if (target.isInterruptible) target.kernel.wake(target, "signal");
};

const perform = (target: Process, signal: SignalName): void => {
  switch (defaultAction(signal)) {
    case "terminate":
      killProcess(target, { signal, number: SIGNAL_NUMBERS[signal] });
      return;
    case "stop":
      target.isStopped = true;
      return;
    case "continue":
    case "ignore":
  }
};

const resume = (target: Process): void => {
  if (!target.isStopped) return;
  target.isStopped = false;
  // It may have become ready while it was stopped, and been passed over.
  if (target.state === "ready") target.kernel.makeReady(target);
};
