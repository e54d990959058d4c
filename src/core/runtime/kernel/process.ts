import type { Credentials, MountNamespace, View } from "../../vfs/index.js";
import type { ExitStatus, KernelWait, Program, SignalName, Sys } from "../../shell/index.js";
import type { Timer } from "../../engine/index.js";
import type { Confinement } from "./confinement.js";
import type { DescriptorTable } from "./descriptors.js";
import type { Kernel } from "./kernel.js";
import type { WaitQueue } from "./wait-queue.js";

/** Why a blocked process goes on. */
export type WakeReason = "ready" | "timeout" | "signal";

/** What a process runs: a program with its arguments, or the body of a fork. */
export type ProcessBody = Generator<KernelWait, number, unknown>;

/** Who started a process from outside, and wants to know of its end. */
export interface ProcessStarter {
  processEnded(process: Process, status: ExitStatus): void;
}

/** How the body is made when the process first runs (or execs), so that making a process runs nothing of it. */
export interface Startup {
  readonly program: Program | null;
  /** Of a fork; null when `program` is given. */
  readonly forked: ((child: Sys) => ProcessBody) | null;
}

/** A process. Plain state: what happens to it is the kernel's. */
export class Process implements View {
  pid = 0;
  /** In the machine's own namespace. */
  hostPid = 0;
  children: Process[] | null = null;
  processGroup = 0;
  session = 0;

  argv: readonly string[] = NO_ARGUMENTS;
  /** At most 15 bytes: /proc/<pid>/comm. */
  command = "";
  executable = "";
  /** The program's own to change. */
  environment: Map<string, string>;
  startedAtMs: number;
  nice = 0;

  /** `blocked` waits for something; `ready` is in the run queue; `running` is the one that runs now; `zombie` has ended and is not waited for yet. */
  state: "ready" | "running" | "blocked" | "zombie" | "gone" = "ready";
  isStopped = false;
  body: ProcessBody | null = null;
  startup: Startup | null = null;
  wakeReason: WakeReason = "ready";
  waitsOn: WaitQueue | readonly WaitQueue[] | null = null;
  timer: Timer | null = null;
  /** Whether a handled signal ends its wait. */
  isInterruptible = false;
  status: ExitStatus | null = null;
  /** Killed while it ran: it ends at its next yield. */
  fate: ExitStatus | null = null;

  /** Signals ignored, by bit. */
  ignored = 0;
  handlers: Map<SignalName, () => void> | null = null;
  /** Signals with a handler that has not run yet, in order of arrival. */
  pending: SignalName[] | null = null;
  childQueue: WaitQueue | null = null;

  /** CPU time used and not yet let pass, in microseconds. */
  debtMicroseconds = 0;
  debtSteps = 0;
  usedMicroseconds = 0;
  isUsingCpu = false;
  memoryBytes = 0;
  /** Of `memoryBytes`, what `allocate` took. */
  allocatedBytes = 0;
  umask = 0o022;
  /** Told when it has ended: who started it from outside. */
  starter: ProcessStarter | null = null;

  constructor(
    readonly kernel: Kernel,
    readonly confinement: Confinement,
    public parent: Process | null,
    public credentials: Credentials,
    public cwd: string,
    public descriptors: DescriptorTable,
    environment: Map<string, string>,
  ) {
    this.environment = environment;
    this.startedAtMs = kernel.nowMs;
  }

  get mounts(): MountNamespace {
    return this.confinement.mounts;
  }

  get nowMs(): number {
    return this.kernel.nowMs;
  }

  get isAlive(): boolean {
    return this.state !== "zombie" && this.state !== "gone";
  }

  get isInit(): boolean {
    return this.confinement.pids.init === this;
  }
}

const NO_ARGUMENTS: readonly string[] = Object.freeze([]);
