import { SysError, type Credentials } from "../../vfs/index.js";
import {
  PROCESSES_PER_NODE,
  SLICE_MICROSECONDS,
  SPAWN_MICROSECONDS,
  SPAWN_STEPS,
} from "../limits.js";
import type { Confinement } from "./confinement.js";
import type { DescriptorTable } from "./descriptors.js";
import type { Kernel } from "./kernel.js";
import { Process, type Startup } from "./process.js";
import { takeMemory } from "./take-memory.js";
import { countWork, letTimePass } from "./work.js";

/** What a new process begins with. */
export interface ProcessSpec {
  readonly confinement: Confinement;
  readonly parent: Process | null;
  readonly credentials: Credentials;
  readonly cwd: string;
  readonly umask: number;
  readonly descriptors: DescriptorTable;
  readonly argv: readonly string[];
  readonly command: string;
  readonly executable: string;
  /** Given away: the process changes it. */
  readonly environment: Map<string, string>;
  readonly startup: Startup;
  /** 0: a group of its own; null: the parent's. */
  readonly processGroup: number | null;
  /** Bits of signals that it ignores. */
  readonly ignored: number;
  readonly memoryBytes: number;
  /** Its number in the machine's own namespace; left out: the next one. */
  readonly hostPid?: number;
}

/** Of a spawn, the part that its parent spends. */
const PARENT_MICROSECONDS = 80;

/** Throws EAGAIN when the container or the machine has no room for a further process. */
export const checkProcessLimit = (kernel: Kernel, confinement: Confinement): void => {
  if (confinement.processCount >= confinement.pidsLimit) throw new SysError("EAGAIN");
  if (kernel.processCount >= PROCESSES_PER_NODE) throw new SysError("EAGAIN");
};

/** Makes a process and lets it run. The limit must have been checked. */
export const startProcess = (kernel: Kernel, spec: ProcessSpec): Process => {
  const { confinement, parent } = spec;
  const process = new Process(
    kernel,
    confinement,
    parent,
    spec.credentials,
    spec.cwd,
    spec.descriptors,
    spec.environment,
  );
  process.umask = spec.umask;
  process.argv = spec.argv;
  process.command = spec.command;
  process.executable = spec.executable;
  process.startup = spec.startup;
  process.ignored = spec.ignored;
  process.nice = parent?.nice ?? 0;
  process.hostPid = spec.hostPid ?? kernel.takeHostPid();
  const pid = confinement.pids.add(process);
  process.session = parent?.session ?? pid;
  process.processGroup = spec.processGroup ?? parent?.processGroup ?? pid;
  if (process.processGroup === 0) process.processGroup = pid;
  confinement.processCount += 1;
  kernel.processCount += 1;
  if (parent !== null) adopt(parent, process);
  begin(kernel, process, parent);
  takeMemory(process, spec.memoryBytes, 0);
  return process;
};

/** A list of one is the rule, and a list that grows by `push` reserves room for many. */
const adopt = (parent: Process, child: Process): void => {
  if (parent.children === null || parent.children.length === 0) parent.children = [child];
  else parent.children.push(child);
};

/**
 * A child begins with the CPU time that its parent has not let pass yet, so that a chain of processes each of which makes the next and ends takes its time
 * like any other work.
 */
const begin = (kernel: Kernel, process: Process, parent: Process | null): void => {
  process.debtMicroseconds = parent?.debtMicroseconds ?? 0;
  countWork(process, SPAWN_MICROSECONDS, SPAWN_STEPS);
  if (parent !== null) countWork(parent, PARENT_MICROSECONDS, SPAWN_STEPS);
  const isBehind = process.confinement.cpu.backlogMs(kernel.nowMs) > 0;
  if (isBehind || process.debtMicroseconds >= SLICE_MICROSECONDS) {
    process.state = "running";
    letTimePass(process);
  } else kernel.makeReady(process);
};
