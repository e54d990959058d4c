import type { Engine, RandomStream } from "../../engine/index.js";
import { SysError, type MountRoot } from "../../vfs/index.js";
import type { ExitStatus, Program } from "../../shell/index.js";
import { FIRST_HOST_PID } from "../limits.js";
import type { MachineCpu } from "./cpu.js";
import type { MachineMemory } from "./memory.js";
import type { Confinement } from "./confinement.js";
import type { Process, WakeReason } from "./process.js";
import { ProcessSys } from "./process-sys.js";
import { deliverFate, endProcess, ProcessKilled } from "./lifecycle.js";
import type { WaitQueue } from "./wait-queue.js";
import { countNotedWork } from "./work.js";
import { REPLACED } from "./yields.js";

export interface KernelOptions {
  readonly engine: Engine;
  readonly cpu: MachineCpu;
  readonly memory: MachineMemory;
  /** Programs by the name that executables carry. */
  readonly programs: (name: string) => Program | null;
  readonly nodeName: string;
  /** An empty file system in memory; null: half of what the machine has. */
  readonly makeMemoryRoot: (sizeBytes: number | null) => MountRoot;
  /** Told of an error that a program did not catch: a fault in the simulator, which ends that process alone. */
  readonly onFault: (process: Process, error: unknown) => void;
}

/**
 * The kernel of one node: which process runs. Processes run one at a time, in the order in which they became ready, each until it blocks; the engine runs
 * everything else in between.
 */
export class Kernel {
  readonly engine: Engine;
  readonly cpu: MachineCpu;
  readonly memory: MachineMemory;
  readonly programs: (name: string) => Program | null;
  readonly nodeName: string;
  readonly bootedAtMs: number;
  /** What programs draw from (`$RANDOM`, /dev/urandom). */
  readonly random: RandomStream;
  readonly onFault: (process: Process, error: unknown) => void;
  readonly makeMemoryRoot: (sizeBytes: number | null) => MountRoot;
  processCount = 0;
  processesMade = 0;
  current: Process | null = null;
  /** Every container with its namespaces, in order of making. */
  readonly confinements = new Set<Confinement>();
  /** Settings that privileged containers changed. */
  readonly sysctls = new Map<string, string>();
  #ready: Process[] = [];
  #readyHead = 0;
  #nextHostPid = FIRST_HOST_PID;
  #nextAnonymousInode = 20_000;
  readonly #runNext: () => void;

  constructor(options: KernelOptions) {
    this.engine = options.engine;
    this.cpu = options.cpu;
    this.memory = options.memory;
    this.programs = options.programs;
    this.nodeName = options.nodeName;
    this.onFault = options.onFault;
    this.makeMemoryRoot = options.makeMemoryRoot;
    this.bootedAtMs = options.engine.nowMs;
    this.random = options.engine.random(`kernel/${options.nodeName}`);
    this.#runNext = () => {
      this.#run(this.#takeReady());
    };
  }

  get nowMs(): number {
    return this.engine.nowMs;
  }

  takeHostPid(): number {
    this.processesMade += 1;
    return this.#nextHostPid++;
  }

  /** The number of a pipe, socket or terminal. */
  takeAnonymousInode(): number {
    return this.#nextAnonymousInode++;
  }

  /** Lets a process run at this moment, behind those that are ready already. */
  makeReady(process: Process): void {
    process.state = "ready";
    this.#ready.push(process);
    this.engine.soon(this.#runNext);
  }

  /** Ends a wait. Nothing happens to a process that does not wait. */
  wake(process: Process, reason: WakeReason): void {
    if (process.state !== "blocked") return;
    this.#leaveWait(process);
    process.wakeReason = reason;
    this.makeReady(process);
  }

  /** Puts the running process to sleep until something wakes it, at the latest at `dueMs`. The caller then yields BLOCKED. */
  block(
    process: Process,
    on: WaitQueue | readonly WaitQueue[] | null,
    dueMs: number,
    isInterruptible: boolean,
  ): void {
    process.state = "blocked";
    process.isInterruptible = isInterruptible;
    process.waitsOn = on;
    if (on !== null) {
      if (isSingle(on)) on.add(process);
      else for (const queue of on) queue.add(process);
    }
    if (dueMs !== Infinity) {
      process.timer = this.engine.at(dueMs, () => {
        process.timer = null;
        this.wake(process, "timeout");
      });
    }
  }

  /** Takes a process out of whatever it waits for, for good. */
  forgetWait(process: Process): void {
    this.#leaveWait(process);
  }

  #leaveWait(process: Process): void {
    const on = process.waitsOn;
    process.waitsOn = null;
    if (on !== null) {
      if (isSingle(on)) on.remove(process);
      else for (const queue of on) queue.remove(process);
    }
    if (process.timer !== null) this.engine.cancel(process.timer);
    process.timer = null;
    if (!process.isUsingCpu) return;
    process.isUsingCpu = false;
    process.confinement.cpu.endUse();
  }

  #takeReady(): Process | null {
    // By far the most common; setting the length to zero would give the array's memory back each time.
    if (this.#ready.length === 1) return this.#ready.pop() ?? null;
    const process = this.#ready[this.#readyHead] ?? null;
    this.#readyHead += 1;
    if (this.#readyHead === this.#ready.length) {
      this.#ready.length = 0;
      this.#readyHead = 0;
    } else if (this.#readyHead > 1024) {
      this.#ready.splice(0, this.#readyHead);
      this.#readyHead = 0;
    }
    return process;
  }

  #run(process: Process | null): void {
    // A process may have been killed or stopped since it became ready.
    if (process?.state !== "ready" || process.isStopped) return;
    process.state = "running";
    this.current = process;
    let status: ExitStatus | null = null;
    try {
      status = this.#resume(process);
    } catch (error) {
      status = this.#statusOfFailure(process, error);
    }
    this.current = null;
    countNotedWork(process);
    if (process.fate !== null) deliverFate(process);
    else if (status !== null) endProcess(process, status);
  }

  /** Runs a process until it blocks; its status when it ended. */
  #resume(process: Process): ExitStatus | null {
    for (;;) {
      const body = (process.body ??= startBody(process));
      const step = body.next();
      if (step.done === true) return { code: step.value & 0xff };
      if (step.value !== REPLACED) return null;
      process.body = null;
    }
  }

  /** A program that runs too deep or makes too long a string dies as it would of a segmentation fault. */
  #statusOfFailure(process: Process, error: unknown): ExitStatus {
    // A program that does not look at its errors ends with one.
    if (error instanceof SysError) return { code: 1 };
    // What its fate is has been decided.
    if (error instanceof ProcessKilled) return { code: 1 };
    if (!(error instanceof RangeError)) this.onFault(process, error);
    return { signal: "SEGV", number: 11 };
  }
}

const startBody = (process: Process): NonNullable<Process["body"]> => {
  const startup = process.startup;
  process.startup = null;
  if (startup === null) throw new Error("a process has nothing to run");
  const sys = new ProcessSys(process);
  if (startup.forked !== null) return startup.forked(sys);
  if (startup.program === null) throw new Error("a process has no program");
  return startup.program(sys, process.argv, process.environment);
};

const isSingle = (on: WaitQueue | readonly WaitQueue[]): on is WaitQueue => !Array.isArray(on);
