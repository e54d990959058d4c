import { procRoot } from "../../../src/core/runtime/kernel/proc/proc-root.js";
import { Engine } from "../../../src/core/engine/index.js";
import { ClusterNetwork } from "../../../src/core/runtime/cluster-network.js";
import { AnonymousInode } from "../../../src/core/runtime/kernel/anonymous-inode.js";
import type { Confinement } from "../../../src/core/runtime/kernel/confinement.js";
import { CpuGroup, MachineCpu, WorkBudget } from "../../../src/core/runtime/kernel/cpu.js";
import { DescriptorTable, InodeDescription } from "../../../src/core/runtime/kernel/descriptors.js";
import { NullDevice } from "../../../src/core/runtime/kernel/devices.js";
import { executableHead, loadProgram } from "../../../src/core/runtime/kernel/exec.js";
import { IpcNamespace } from "../../../src/core/runtime/kernel/ipc-namespace.js";
import { Kernel } from "../../../src/core/runtime/kernel/kernel.js";
import { HeldMemory, MachineMemory, MemoryGroup } from "../../../src/core/runtime/kernel/memory.js";
import { NetworkNamespace } from "../../../src/core/runtime/kernel/network-namespace.js";
import { PidNamespace } from "../../../src/core/runtime/kernel/pid-namespace.js";
import type { Process } from "../../../src/core/runtime/kernel/process.js";
import { sendSignal } from "../../../src/core/runtime/kernel/lifecycle.js";
import { startProcess } from "../../../src/core/runtime/kernel/process-start.js";
import {
  bytesToString,
  findProgram,
  gnuProgramName,
  programNames,
  stringToBytes,
  type ExitStatus,
  type SignalName,
} from "../../../src/core/shell/index.js";
import {
  ALL_CAPABILITIES,
  LayerBuilder,
  MountNamespace,
  NodeFileSystem,
  OverlayRoot,
  ROOT_CREDENTIALS,
  type Directory,
} from "../../../src/core/vfs/index.js";

const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const MIB = 1_048_576;

export interface RunOptions {
  readonly argv: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
  /** Stops waiting after so much virtual time. */
  readonly limitMs?: number;
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  readonly signals?: readonly { readonly atMs: number; readonly signal: SignalName }[];
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null: it still ran when the time was up. */
  readonly code: number | null;
  readonly status: ExitStatus | null;
  readonly elapsedMs: number;
  readonly wasOutOfMemory: boolean;
  readonly readFile: (path: string) => string | null;
}

const SHELLS: Readonly<Record<string, string>> = { sh: "sh" };

/** A machine with one container that has the whole userland, for tests of programs against the real kernel. */
export class TestMachine {
  readonly engine = new Engine({ seed: 1, startMs: START_MS });
  readonly faults: unknown[] = [];
  readonly kernel: Kernel;
  readonly confinement: Confinement;
  readonly files: NodeFileSystem;

  constructor(options: Pick<RunOptions, "files" | "memoryBytes" | "diskBytes"> = {}) {
    const { engine } = this;
    this.files = new NodeFileSystem(() => engine.nowMs, {
      diskBytes: options.diskBytes ?? 64 * MIB,
      diskInodes: 100_000,
      memoryBytes: 512 * MIB,
    });
    const memory = new MachineMemory(2048 * MIB, 0, new HeldMemory());
    this.kernel = new Kernel({
      engine,
      cpu: new MachineCpu(4, new WorkBudget()),
      memory,
      programs: (name) => findProgram(name) ?? null,
      nodeName: "node-1",
      makeMemoryRoot: (sizeBytes) => this.files.makeMemoryRoot(sizeBytes),
      onFault: (_process, error) => this.faults.push(error),
    });
    const network = new NetworkNamespace(new ClusterNetwork(), "10.0.0.2", 24, "node-1");
    network.cluster.attach(network);
    this.confinement = {
      number: 1,
      pids: new PidNamespace(1),
      mounts: this.#mounts(options.files ?? {}),
      network,
      memory: new MemoryGroup(memory, options.memoryBytes ?? null),
      cpu: new CpuGroup(this.kernel.cpu, 1024, null),
      pod: {
        hostname: "pod-1",
        resolvConf: "nameserver 10.96.0.10\n",
        sysctls: {},
        ipc: new IpcNamespace(),
        namespaces: { net: 1, ipc: 1, uts: 1, user: 0 },
      },
      idMap: "         0          0 4294967295\n",
      isHostPid: false,
      mayGainPrivileges: true,
      bounding: ALL_CAPABILITIES,
      oomScoreAdjust: 0,
      pidsLimit: 1024,
      processCount: 0,
      wasOutOfMemory: false,
      main: null,
    };
    this.kernel.confinements.add(this.confinement);
  }

  #mounts(files: Readonly<Record<string, string>>): MountNamespace {
    const layer = imageLayer();
    const upper = this.files.makeDiskFileSystem("overlay", "overlay", 10_000);
    const root = new OverlayRoot(layer, { makeUpper: () => layer.copyUp(upper) });
    const mounts = new MountNamespace({
      path: "/",
      root,
      source: "overlay",
      type: "overlay",
      isReadOnly: false,
      options: "relatime",
    });
    mounts.add({
      path: "/proc",
      root: { current: () => procRoot, own: () => procRoot },
      source: "proc",
      type: "proc",
      isReadOnly: false,
      options: "relatime",
    });
    for (const path of ["/tmp", "/work"]) {
      mounts.add({
        path,
        root: this.files.makeMemoryRoot(null),
        source: "tmpfs",
        type: "tmpfs",
        isReadOnly: false,
        options: "relatime",
      });
    }
    for (const [path, content] of Object.entries(files)) {
      this.#pendingFiles.push([path, content]);
    }
    return mounts;
  }

  readonly #pendingFiles: [string, string][] = [];

  start(options: RunOptions): { process: Process; stdout: Capture; stderr: Capture } {
    const { kernel, confinement } = this;
    const environment = new Map(
      Object.entries({
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        HOME: "/root",
        ...options.environment,
      }),
    );
    const stdout = new Capture();
    const stderr = new Capture();
    const descriptors = new DescriptorTable();
    descriptors.place(0, new Input(options.input ?? ""));
    descriptors.place(1, stdout);
    descriptors.place(2, stderr);
    const cwd = options.cwd ?? "/work";
    const view = {
      confinement,
      credentials: ROOT_CREDENTIALS,
      cwd,
      mounts: confinement.mounts,
      nowMs: kernel.nowMs,
    };
    const name = options.argv[0] ?? "";
    const path = name.includes("/") ? name : `/bin/${name}`;
    const loaded = loadProgram(view, path, options.argv, environment, kernel.programs);
    const process = startProcess(kernel, {
      confinement,
      parent: null,
      credentials: ROOT_CREDENTIALS,
      cwd,
      umask: 0o022,
      descriptors,
      argv: loaded.argv,
      command: loaded.command,
      executable: loaded.executable,
      environment,
      startup: { program: loaded.program, forked: null },
      processGroup: 0,
      ignored: 0,
      memoryBytes: loaded.memoryBytes,
    });
    this.#writeFiles(process);
    return { process, stdout, stderr };
  }

  /** Files of a test lie in its working directory; they are written before the first program runs. */
  #writeFiles(process: Process): void {
    for (const [path, content] of this.#pendingFiles) {
      writeFileAs(process, path, content);
    }
    this.#pendingFiles.length = 0;
  }

  run(options: RunOptions): RunResult {
    const { engine } = this;
    const startMs = engine.nowMs;
    const { process, stdout, stderr } = this.start(options);
    for (const { atMs, signal } of options.signals ?? []) {
      engine.at(startMs + atMs, () => {
        sendSignal(process, signal, true);
      });
    }
    const limitMs = startMs + (options.limitMs ?? 60_000);
    while (process.isAlive && engine.step(limitMs));
    const [fault] = this.faults;
    if (fault !== undefined) throw fault as Error;
    const ended = process.status;
    return {
      stdout: stdout.text,
      stderr: stderr.text,
      status: ended,
      code: ended === null ? null : "code" in ended ? ended.code : 128 + ended.number,
      elapsedMs: engine.nowMs - startMs,
      wasOutOfMemory: this.confinement.wasOutOfMemory,
      readFile: (path) => readFileAs(process, path),
    };
  }
}

/** Runs one command in a container of its own. */
export function runCommand(options: RunOptions): RunResult {
  return new TestMachine(options).run(options);
}

class Capture extends InodeDescription {
  readonly #chunks: Uint8Array[] = [];

  constructor() {
    super(inode(), "pipe:[1]", false, true);
  }

  get text(): string {
    return this.#chunks.map(bytesToString).join("");
  }

  read(): Uint8Array {
    return new Uint8Array(0);
  }

  write(_process: Process, bytes: Uint8Array): number {
    this.#chunks.push(bytes.slice());
    return bytes.length;
  }
}

class Input extends NullDevice {
  #offset = 0;
  readonly #bytes: Uint8Array;

  constructor(text: string) {
    super(inode(), "pipe:[2]", true, false);
    this.#bytes = stringToBytes(text);
  }

  override read(_process?: Process, maxBytes = 65_536): Uint8Array {
    const bytes = this.#bytes.subarray(this.#offset, this.#offset + maxBytes);
    this.#offset += bytes.length;
    return bytes;
  }
}

function inode(): AnonymousInode {
  return new AnonymousInode("fifo", 0o600, 0, 0, 1, START_MS, () => {
    throw new Error("not to be opened");
  });
}

let cachedLayer: Directory | null = null;

function imageLayer(): Directory {
  if (cachedLayer !== null) return cachedLayer;
  const layer = new LayerBuilder(START_MS - 86_400_000);
  for (const names of Object.values(programNames())) {
    for (const name of names) {
      layer.file(
        `/bin/${name}`,
        executableHead({ program: SHELLS[name] ?? name, memoryBytes: 200_000 }),
        { mode: 0o755 },
      );
    }
  }
  layer.file(
    "/etc/passwd",
    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  );
  layer.file("/etc/group", "root:x:0:\nnogroup:x:65534:\n");
  layer.file("/etc/hosts", "127.0.0.1\tlocalhost\n10.0.0.2\tpod-1\n");
  for (const name of Object.values(programNames()).flat())
    layer.link(`/bin/${name}`, `/applets/${name}`);
  for (const [family, names] of Object.entries(programNames())) {
    for (const name of names) {
      const program = family === "shells" ? (SHELLS[name] ?? name) : gnuProgramName(name);
      layer.file(`/gnu/${name}`, executableHead({ program, memoryBytes: 200_000 }), {
        mode: 0o755,
      });
    }
  }
  layer.directory("/root", { mode: 0o700 });
  layer.directory("/tmp");
  layer.directory("/work");
  layer.directory("/var/log");
  layer.symlink("/proc/self/fd", "/dev/fd");
  layer.symlink("/proc/self/fd/1", "/dev/stdout");
  layer.symlink("/proc/self/fd/2", "/dev/stderr");
  layer.device("/dev/null", "character", 1, 3);
  layer.device("/dev/zero", "character", 1, 5);
  layer.device("/dev/full", "character", 1, 7);
  layer.device("/dev/urandom", "character", 1, 9);
  cachedLayer = layer.root;
  return cachedLayer;
}

function writeFileAs(process: Process, path: string, content: string): void {
  const sys = new ProcessSysFor(process);
  sys.write(path, content);
}

function readFileAs(process: Process, path: string): string | null {
  return new ProcessSysFor(process).read(path);
}

import { ProcessSys } from "../../../src/core/runtime/kernel/process-sys.js";
import { SysError } from "../../../src/core/vfs/index.js";

class ProcessSysFor {
  readonly #sys: ProcessSys;

  constructor(process: Process) {
    this.#sys = new ProcessSys(process);
  }

  write(path: string, content: string): void {
    const parts = path.split("/").slice(0, -1);
    for (let count = 1; count <= parts.length; count += 1) {
      const parent = parts.slice(0, count).join("/");
      if (parent === "") continue;
      try {
        this.#sys.mkdir(parent);
      } catch (error) {
        if (!(error instanceof SysError)) throw error;
      }
    }
    const mode = content.startsWith("#!") ? 0o755 : 0o644;
    const fd = this.#sys.open(path, { write: true, create: true, truncate: true }, mode);
    this.#sys.tryWrite(fd, stringToBytes(content));
    this.#sys.close(fd);
  }

  read(path: string): string | null {
    try {
      const fd = this.#sys.open(path, { read: true });
      let text = "";
      for (;;) {
        const step = this.#sys.read(fd, 65_536).next();
        if (step.done !== true || step.value.length === 0) break;
        text += bytesToString(step.value);
      }
      this.#sys.close(fd);
      return text;
    } catch (error) {
      if (error instanceof SysError) return null;
      throw error;
    }
  }
}
