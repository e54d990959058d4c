import { SysError, hasCapability } from "../../vfs/index.js";
import type {
  Blocking,
  ExitStatus,
  ProcessInfo,
  SignalName,
  SpawnOptions,
  Sys,
} from "../../shell/index.js";
import { FIRST_HOST_PID } from "../limits.js";
import { loadProgram } from "./exec.js";
import { reap, sendSignal } from "./lifecycle.js";
import type { Process, ProcessBody } from "./process.js";
import { checkProcessLimit, startProcess } from "./process-start.js";
import { signalBit } from "./signals.js";
import { takeMemory } from "./take-memory.js";
import { WaitQueue } from "./wait-queue.js";
import { countWork, giveWay, mustYield, waitOn } from "./work.js";
import { REPLACED } from "./yields.js";

/** What a fork takes beside its parent's pages, which it shares. */
const FORK_BYTES = 196_608;
const EXEC_MICROSECONDS = 150;
const NO_SIGNALS: readonly SignalName[] = [];

/** fork and exec in one. */
export const spawn = (
  process: Process,
  path: string,
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
  options: SpawnOptions,
): number => {
  const { kernel, confinement } = process;
  checkProcessLimit(kernel, confinement);
  const loaded = loadProgram(process, path, argv, environment, kernel.programs);
  const child = startProcess(kernel, {
    confinement,
    parent: process,
    credentials: loaded.credentials,
    cwd: options.cwd ?? process.cwd,
    umask: process.umask,
    descriptors: process.descriptors.copy(options.fds),
    argv: loaded.argv,
    command: loaded.command,
    executable: loaded.executable,
    environment: new Map(environment),
    startup: { program: loaded.program, forked: null },
    processGroup: options.processGroup ?? null,
    ignored: ignoredBits(process, options),
    memoryBytes: loaded.memoryBytes,
  });
  return child.pid;
};

export const fork = (
  process: Process,
  command: string,
  body: (child: Sys) => ProcessBody,
  options: SpawnOptions,
): number => {
  const { kernel, confinement } = process;
  checkProcessLimit(kernel, confinement);
  const child = startProcess(kernel, {
    confinement,
    parent: process,
    credentials: process.credentials,
    cwd: options.cwd ?? process.cwd,
    umask: process.umask,
    descriptors: process.descriptors.copy(options.fds),
    argv: process.argv,
    command: process.command,
    executable: process.executable,
    environment: process.environment,
    startup: { program: null, forked: body },
    processGroup: options.processGroup ?? null,
    ignored: ignoredBits(process, options),
    memoryBytes: FORK_BYTES,
  });
  if (command !== "") child.command = command.slice(0, 15);
  return child.pid;
};

/** execve(2): the same process goes on with another program. */
export function* replaceProgram(
  process: Process,
  path: string,
  argv: readonly string[],
  environment: ReadonlyMap<string, string>,
): Blocking<never> {
  const loaded = loadProgram(process, path, argv, environment, process.kernel.programs);
  process.argv = loaded.argv;
  process.command = loaded.command;
  process.executable = loaded.executable;
  process.credentials = loaded.credentials;
  process.environment = new Map(environment);
  process.startup = { program: loaded.program, forked: null };
  process.handlers = null;
  process.pending = null;
  takeMemory(process, loaded.memoryBytes - process.memoryBytes, -process.allocatedBytes);
  countWork(process, EXEC_MICROSECONDS, 4);
  yield REPLACED;
  throw new Error("a replaced program went on");
}

/** waitpid(2). */
export function* waitForChild(
  process: Process,
  pid: number,
  options: { readonly noHang?: boolean; readonly interruptible?: boolean },
): Blocking<{ readonly pid: number; readonly status: ExitStatus } | null> {
  for (;;) {
    if (mustYield(process)) yield* giveWay(process);
    const matching = (process.children ?? []).filter((child) => isWanted(process, child, pid));
    if (matching.length === 0) throw new SysError("ECHILD");
    const ended = matching.find((child) => child.state === "zombie");
    if (ended?.status != null) {
      // They ran one after the other, so the child's last moments are the parent's too.
      process.debtMicroseconds = Math.max(process.debtMicroseconds, ended.debtMicroseconds);
      reap(ended);
      return { pid: ended.pid, status: ended.status };
    }
    if (options.noHang === true) return null;
    const reason = yield* waitOn(process, (process.childQueue ??= new WaitQueue()), Infinity);
    if (reason === "signal" && options.interruptible === true) throw new SysError("EINTR");
  }
}

/** kill(2). */
export const kill = (process: Process, pid: number, signal: SignalName | 0): void => {
  const targets = targetsOf(process, pid);
  if (targets.length === 0) throw new SysError("ESRCH");
  const permitted = targets.filter((target) => maySignal(process, target, signal));
  if (permitted.length === 0) throw new SysError("EPERM");
  if (signal === 0) return;
  for (const target of permitted)
    sendSignal(target, signal, target.confinement.pids !== process.confinement.pids);
};

export const onSignal = (
  process: Process,
  signal: SignalName,
  disposition: "default" | "ignore" | (() => void),
): void => {
  if (signal === "KILL" || signal === "STOP") throw new SysError("EINVAL");
  process.handlers?.delete(signal);
  process.ignored &= ~signalBit(signal);
  if (disposition === "ignore") process.ignored |= signalBit(signal);
  else if (disposition !== "default") (process.handlers ??= new Map()).set(signal, disposition);
};

export const setProcessGroup = (process: Process, pid: number, group: number): void => {
  const target = pid === 0 ? process : process.confinement.pids.get(pid);
  if (target === null || (target !== process && target.parent !== process))
    throw new SysError("ESRCH");
  target.processGroup = group === 0 ? target.pid : group;
};

export const setNice = (process: Process, increment: number): number => {
  if (increment < 0 && !hasCapability(process.credentials.capabilities, "SYS_NICE"))
    throw new SysError("EPERM");
  process.nice = Math.max(-20, Math.min(19, process.nice + increment));
  return process.nice;
};

/** Every process that `viewer` sees, by its pid there. */
export const visibleProcesses = (viewer: Process): readonly Process[] => {
  const { confinement, kernel } = viewer;
  if (!confinement.isHostPid) return confinement.pids.processes;
  const all: Process[] = [];
  for (const other of kernel.confinements)
    for (const process of other.pids.processes)
      if (process.confinement === other && !isDial(process)) all.push(process);
  return all.sort((a, b) => a.hostPid - b.hostPid);
};

/** What the machine dials for a probe is a thread of the kubelet's, not a process. */
const isDial = ({ confinement, hostPid }: Process): boolean =>
  confinement.number === 0 && hostPid >= FIRST_HOST_PID;

/** The number of a process as `viewer` sees it; 0 when it does not. */
export const pidFor = (viewer: Process, process: Process | null): number => {
  if (process === null) return 0;
  if (viewer.confinement.isHostPid) return process.hostPid;
  return process.confinement.pids === viewer.confinement.pids ? process.pid : 0;
};

export const findVisible = (viewer: Process, pid: number): Process | null =>
  viewer.confinement.isHostPid
    ? (visibleProcesses(viewer).find((process) => process.hostPid === pid) ?? null)
    : viewer.confinement.pids.get(pid);

export const processInfo = (viewer: Process, process: Process): ProcessInfo => ({
  pid: pidFor(viewer, process),
  ppid: pidFor(viewer, process.parent),
  processGroup: process.processGroup,
  session: process.session,
  uid: process.credentials.uid,
  gid: process.credentials.gid,
  argv: process.argv,
  command: process.command,
  state: stateLetter(process),
  startedAtMs: process.startedAtMs,
  cpuMs: Math.floor(process.usedMicroseconds / 1000),
  memoryBytes: process.memoryBytes,
});

export const stateLetter = (process: Process): ProcessInfo["state"] => {
  if (process.state === "zombie") return "Z";
  if (process.isStopped) return "T";
  return process.state === "blocked" && !process.isUsingCpu ? "S" : "R";
};

const ignoredBits = (process: Process, options: SpawnOptions): number => {
  let bits = process.ignored;
  for (const signal of options.ignore ?? NO_SIGNALS) bits |= signalBit(signal);
  return bits;
};

const isWanted = (process: Process, child: Process, pid: number): boolean => {
  if (pid > 0) return child.pid === pid;
  if (pid === -1) return true;
  return child.processGroup === (pid === 0 ? process.processGroup : -pid);
};

const targetsOf = (process: Process, pid: number): readonly Process[] => {
  if (pid > 0) {
    const target = findVisible(process, pid);
    return target === null ? [] : [target];
  }
  const all = visibleProcesses(process);
  if (pid === -1) return all.filter((target) => target !== process && pidFor(process, target) > 1);
  const group = pid === 0 ? process.processGroup : -pid;
  return all.filter((target) => target.processGroup === group);
};

const maySignal = (process: Process, target: Process, signal: SignalName | 0): boolean =>
  process.credentials.uid === target.credentials.uid ||
  hasCapability(process.credentials.capabilities, "KILL") ||
  (signal === "CONT" && process.session === target.session);
