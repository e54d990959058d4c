import { Engine, type Call } from "../../engine/index.js";
import type { Blocking, Program, Sys } from "../../shell/index.js";
import { ClusterNetwork } from "../cluster-network.js";
import { createRuntime } from "../create-runtime.js";
import type {
  ContainerConfig,
  ContainerRuntime,
  ContainerSecurity,
  ExecSyncResult,
  PodSandboxConfig,
  RuntimeContainerStatus,
} from "../cri.js";
import { executableHead } from "../kernel/exec.js";
import type { MachineCapacity } from "../runtime-options.js";

const NO_SECURITY: ContainerSecurity = {
  runAsUser: null,
  runAsGroup: null,
  supplementalGroups: [],
  readOnlyRootFilesystem: false,
  privileged: false,
  allowPrivilegeEscalation: true,
  addCapabilities: [],
  dropCapabilities: [],
};

const NO_LIMITS = {
  cpuRequestMilli: 0,
  cpuLimitMilli: null,
  memoryRequestBytes: 0,
  memoryLimitBytes: null,
};

export const aContainer = (more: Partial<ContainerConfig> = {}): ContainerConfig => ({
  name: "main",
  attempt: 0,
  image: "busybox",
  command: [],
  args: [],
  workingDir: null,
  env: [],
  mounts: [],
  limits: NO_LIMITS,
  oomScoreAdjust: 1000,
  security: NO_SECURITY,
  stdin: false,
  stdinOnce: false,
  tty: false,
  terminationMessagePath: "/dev/termination-log",
  targetContainerId: null,
  logPath: "/var/log/pods/default_p_u/main/0.log",
  script: null,
  ...more,
});

export const withMemoryLimit = (memoryLimitBytes: number): Partial<ContainerConfig> => ({
  limits: { ...NO_LIMITS, memoryLimitBytes },
});

export const withSecurity = (more: Partial<ContainerSecurity>): Partial<ContainerConfig> => ({
  security: { ...NO_SECURITY, ...more },
});

export const aSandbox = (more: Partial<PodSandboxConfig> = {}): PodSandboxConfig => ({
  podUid: "u",
  namespace: "default",
  name: "p",
  attempt: 0,
  hostname: "p",
  hostNetwork: false,
  hostPid: false,
  hostIpc: false,
  shareProcessNamespace: false,
  sysctls: {},
  annotations: {},
  ...more,
});

interface TestMachineOptions {
  readonly seed?: number;
  readonly capacity?: Partial<MachineCapacity>;
  readonly engine?: Engine;
  readonly network?: ClusterNetwork;
  readonly nodeName?: string;
  readonly podCidr?: string;
  readonly nodeIp?: string;
}

/** A node with a real runtime on a real engine. Times are milliseconds since its start. */
export class TestMachine {
  readonly engine: Engine;
  readonly network: ClusterNetwork;
  readonly runtime: ContainerRuntime;
  /** What containers wrote: `stdout text`. */
  readonly lines: string[] = [];
  readonly #faults: unknown[] = [];
  readonly #programs = new Map<string, Program>();

  constructor(options: TestMachineOptions = {}) {
    this.engine = options.engine ?? new Engine({ seed: options.seed ?? 1, startMs: 0 });
    this.network = options.network ?? new ClusterNetwork();
    this.runtime = createRuntime({
      engine: this.engine,
      nodeName: options.nodeName ?? "node-1",
      nodeIp: options.nodeIp ?? "192.168.0.11",
      podCidr: options.podCidr ?? "10.244.1.0/24",
      network: this.network,
      capacity: options.capacity ?? {},
      pullTimeScale: 0,
      programs: this.#programs,
      onLog: (line) => {
        this.lines.push(`${line.stream} ${line.line}`);
      },
      onFault: (_program, error) => {
        this.#faults.push(error);
      },
    });
  }

  get nowMs(): number {
    return this.engine.nowMs;
  }

  /** Runs a call to its end, for at most `seconds`; throws what it throws. */
  call<T>(body: Call<T>, seconds = 60): T {
    let failure: { readonly error: unknown } | null = null;
    const process = this.engine.spawn("test", body, (error) => {
      failure = { error };
    });
    const untilMs = this.engine.nowMs + seconds * 1000;
    while (!process.isDone && this.engine.step(untilMs));
    this.#throwFaults();
    const failed = failure as { readonly error: unknown } | null;
    if (failed !== null) throw failed.error;
    if (!process.isDone) throw new Error("the call has not ended");
    return process.result as T;
  }

  advance(seconds: number): void {
    this.engine.runUntil(this.engine.nowMs + seconds * 1000);
    this.#throwFaults();
  }

  /** A sandbox; its id. */
  sandbox(more: Partial<PodSandboxConfig> = {}): string {
    return this.call(this.runtime.runPodSandbox(aSandbox(more))).id;
  }

  /** A running container, in a sandbox of its own unless one is given. */
  start(more: Partial<ContainerConfig> = {}, sandboxId: string | null = null): string {
    const config = aContainer(more);
    const sandbox = sandboxId ?? this.sandbox();
    this.call(this.runtime.images.pullImage(config.image, 0));
    const id = this.call(this.runtime.createContainer(sandbox, config));
    this.call(this.runtime.startContainer(id));
    return id;
  }

  /** Runs a script of `sh` for so long; what it wrote and how it ended. */
  sh(script: string, more: Partial<ContainerConfig> = {}, seconds = 60): ScriptResult {
    const before = this.lines.length;
    const id = this.start({ command: ["sh", "-c", script], ...more });
    this.advance(seconds);
    return { id, status: this.status(id), lines: this.lines.slice(before) };
  }

  status(id: string): RuntimeContainerStatus {
    const status = this.runtime.containerStatus(id);
    if (status === null) throw new Error(`no container ${id}`);
    return status;
  }

  exec(id: string, command: readonly string[], timeoutMs = 0): ExecSyncResult {
    return this.call(this.runtime.execSync(id, command, timeoutMs));
  }

  /** Makes a program an executable that containers can mount and run; gives the mount and its path. */
  program(name: string, body: Program): Pick<ContainerConfig, "command" | "mounts"> {
    this.#programs.set(name, body);
    const hostPath = `/opt/programs/${name}`;
    const head = executableHead({ program: name, memoryBytes: 65_536 });
    this.runtime.files.writeFile(hostPath, head, { mode: 0o755 });
    return {
      command: [`/programs/${name}`],
      mounts: [{ containerPath: `/programs/${name}`, hostPath, readOnly: true }],
    };
  }

  /** Runs a program as PID 1 of a container of its own; what it returned or threw is the test's to see. */
  run(
    body: (sys: Sys) => Blocking<number>,
    more: Partial<ContainerConfig> = {},
    seconds = 60,
  ): string {
    const id = this.start({ ...this.program("main", (sys) => body(sys)), ...more });
    this.advance(seconds);
    return id;
  }

  #throwFaults(): void {
    if (this.#faults.length > 0) throw this.#faults[0];
  }
}

export interface ScriptResult {
  readonly id: string;
  readonly status: RuntimeContainerStatus;
  readonly lines: readonly string[];
}

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
