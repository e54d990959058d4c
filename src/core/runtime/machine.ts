import type { Engine } from "../engine/index.js";
import type { Program } from "../shell/index.js";
import {
  ALL_CAPABILITIES,
  FileSystem,
  NodeFileSystem,
  ROOT_CREDENTIALS,
  SpecialFile,
  type Credentials,
  type Mount,
  type SpecialFileOptions,
} from "../vfs/index.js";
import type { ClusterNetwork } from "./cluster-network.js";
import { NodeImages, type ImageCatalog } from "./image-service.js";
import type { ClusterBounds } from "./cluster-bounds.js";
import { CpuGroup, MachineCpu, weightOf } from "./kernel/cpu.js";
import type { Description } from "./kernel/descriptors.js";
import { DEVICES, nullDescription } from "./kernel/devices.js";
import type { Confinement } from "./kernel/confinement.js";
import { IpcNamespace } from "./kernel/ipc-namespace.js";
import { Kernel } from "./kernel/kernel.js";
import { MachineMemory, MemoryGroup } from "./kernel/memory.js";
import { SAME_IDS } from "./id-map.js";
import { NetworkNamespace } from "./kernel/network-namespace.js";
import { PidNamespace } from "./kernel/pid-namespace.js";
import type { Process } from "./kernel/process.js";
import { LOG_HELD_BYTES_PER_NODE, PROCESSES_PER_NODE } from "./limits.js";
import type { LogQuota } from "./log-buffer.js";
import type { MachineCapacity, RuntimeOptions } from "./runtime-options.js";

const DEFAULT_CAPACITY: MachineCapacity = {
  cpuMilli: 4000,
  memoryBytes: 8 * 2 ** 30,
  diskBytes: 100 * 2 ** 30,
  diskInodes: 6_553_600,
};

/** What the operating system and the kubelet take of a node's memory. */
const SYSTEM_MEMORY_BYTES = 400 * 2 ** 20;

/** A simulated machine, without the containers on it: kernel, files, network, images. */
export class Machine {
  readonly engine: Engine;
  readonly capacity: MachineCapacity;
  readonly kernel: Kernel;
  readonly files: NodeFileSystem;
  readonly images: NodeImages;
  readonly network: ClusterNetwork;
  /** The node's own network, processes and limits: pods on the host network, and what the kubelet itself runs. */
  readonly host: Confinement;
  /** /dev/null, as the standard input of containers that have none. */
  readonly nullInput: Description;
  #nextNamespace = 1;
  #sharedMemory: Mount | null = null;
  readonly logQuota: LogQuota = { heldBytes: 0, limitBytes: LOG_HELD_BYTES_PER_NODE };

  constructor(
    readonly options: RuntimeOptions,
    catalog: ImageCatalog,
    programs: (name: string) => Program | null,
    bounds: ClusterBounds,
    onFault: (process: Process, error: unknown) => void,
  ) {
    const { engine, nodeName } = options;
    this.engine = engine;
    this.capacity = { ...DEFAULT_CAPACITY, ...options.capacity };
    this.files = new NodeFileSystem(() => engine.nowMs, this.capacity);
    this.network = options.network;
    writeNodeFiles(this.files, options);
    const memory = new MachineMemory(this.capacity.memoryBytes, SYSTEM_MEMORY_BYTES, bounds.held);
    this.kernel = new Kernel({
      engine,
      nodeName,
      cpu: new MachineCpu(Math.max(1, this.capacity.cpuMilli / 1000), bounds.work),
      memory,
      programs,
      makeMemoryRoot: (sizeBytes) => this.files.makeMemoryRoot(sizeBytes),
      onFault,
    });
    this.images = new NodeImages(engine, nodeName, catalog, options.pullTimeScale ?? 1);
    const devices = new FileSystem({ type: "devtmpfs", source: "devtmpfs", device: 6 });
    const nullInode = new SpecialFile(
      devices,
      devices.takeInode(),
      0o666,
      0,
      0,
      engine.nowMs,
      "character",
      DEVICES.null,
    );
    this.nullInput = nullDescription(nullInode).retain();
    this.host = this.#makeHost();
  }

  #makeHost(): Confinement {
    const { nodeName, nodeIp, network } = this.options;
    const namespace = new NetworkNamespace(network, nodeIp, 24, nodeName);
    network.attach(namespace);
    return {
      number: 0,
      pids: new PidNamespace(0),
      mounts: this.files.mounts,
      network: namespace,
      memory: new MemoryGroup(this.kernel.memory, null),
      cpu: new CpuGroup(this.kernel.cpu, weightOf(1000), null),
      pod: {
        hostname: nodeName,
        resolvConf: resolvConf(nodeIp),
        ipc: new IpcNamespace(),
        namespaces: { net: 0, ipc: 0, uts: 0, user: 0 },
        sysctls: {},
      },
      isHostPid: true,
      mayGainPrivileges: true,
      bounding: ALL_CAPABILITIES,
      idMap: SAME_IDS,
      oomScoreAdjust: -999,
      pidsLimit: PROCESSES_PER_NODE,
      processCount: 0,
      wasOutOfMemory: false,
      main: null,
    };
  }

  /** A process namespace for a new container. */
  makePidNamespace(): PidNamespace {
    return new PidNamespace(this.takeNamespace());
  }

  /** A number that no other namespaces of the machine have. */
  takeNamespace(): number {
    return this.#nextNamespace++;
  }

  /** /dev/shm of the machine itself, for pods that share its IPC. */
  get sharedMemory(): Mount {
    return (this.#sharedMemory ??= {
      path: "/dev/shm",
      root: this.files.makeMemoryRoot(null),
      source: "tmpfs",
      type: "tmpfs",
      isReadOnly: false,
      options: "nosuid,nodev",
    });
  }

  get credentials(): Credentials {
    return ROOT_CREDENTIALS;
  }
}

/** What a node that is a container of kind's has: directories that pods mount, its names in /etc, and Docker's resolver, which is at the gateway. */
const writeNodeFiles = (files: NodeFileSystem, { nodeName, nodeIp }: RuntimeOptions): void => {
  for (const path of NODE_DIRECTORIES) files.makeDirectory(path);
  files.makeDirectory("/tmp", { mode: 0o1777 });
  files.makeDirectory("/root", { mode: 0o700 });
  for (const [path, options] of Object.entries(NODE_SPECIAL_FILES))
    files.makeSpecial(path, options);
  files.writeFile("/etc/hostname", `${nodeName}\n`);
  files.writeFile("/etc/hosts", `${NODE_HOSTS}${nodeIp}\t${nodeName}\n`);
  files.writeFile("/etc/resolv.conf", resolvConf(nodeIp));
};

const NODE_DIRECTORIES: readonly string[] = [
  "/home",
  "/mnt",
  "/opt",
  "/srv",
  "/var/log/containers",
];

const NODE_SPECIAL_FILES: Readonly<Record<string, SpecialFileOptions>> = {
  "/run/containerd/containerd.sock": { type: "socket", mode: 0o660 },
  "/dev/null": { type: "character", mode: 0o666, device: DEVICES.null },
  "/dev/zero": { type: "character", mode: 0o666, device: DEVICES.zero },
  "/dev/random": { type: "character", mode: 0o666, device: DEVICES.random },
  "/dev/urandom": { type: "character", mode: 0o666, device: DEVICES.urandom },
  "/dev/sda": { type: "block", mode: 0o660, device: 0x800 },
  "/dev/sda1": { type: "block", mode: 0o660, device: 0x801 },
};

const NODE_HOSTS = [
  "127.0.0.1\tlocalhost",
  "::1\tlocalhost ip6-localhost ip6-loopback",
  "fe00::\tip6-localnet",
  "ff00::\tip6-mcastprefix",
  "ff02::1\tip6-allnodes",
  "ff02::2\tip6-allrouters",
  "",
].join("\n");

const resolvConf = (nodeIp: string): string =>
  `nameserver ${nodeIp.split(".").slice(0, 2).join(".")}.0.1\noptions ndots:0\n`;
