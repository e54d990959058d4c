import type { Directory, Inode, Mount, MountRoot } from "../vfs/index.js";
import { LayerBuilder } from "../vfs/index.js";
import type { PodSandboxConfig, PodSandboxStatus } from "./cri.js";
import { IMAGE_TIME_MS } from "./image-catalog/families.js";
import type { PodIdentity } from "./kernel/confinement.js";
import { IpcNamespace } from "./kernel/ipc-namespace.js";
import type { NetworkNamespace } from "./kernel/network-namespace.js";
import type { PidNamespace } from "./kernel/pid-namespace.js";
import type { Machine } from "./machine.js";

/** What the containers of a pod share: its network, its /dev/shm and, when it wants so, its processes. */
export class Sandbox implements PodIdentity {
  state: "ready" | "notready" = "ready";
  readonly createdAtMs: number;
  /** Set when the pod shares its process namespace: PID 1 there is the pause process. */
  pids: PidNamespace | null = null;
  /** Ends the pause process; null when there is none. */
  stopPause: (() => void) | null = null;
  readonly sharedMemory: Mount;
  /** The file systems in memory that every container of the pod has: one list for all that have no others. */
  readonly memoryMounts: readonly Mount[];

  /** Of the namespaces that it has of its own. */
  private readonly number: number;
  #ipc: IpcNamespace | null = null;
  private readonly nodeName: string;

  constructor(
    machine: Machine,
    readonly id: string,
    readonly config: PodSandboxConfig,
    readonly network: NetworkNamespace,
    /** Empty on the host network. */
    readonly ip: string,
  ) {
    this.createdAtMs = machine.engine.nowMs;
    this.nodeName = machine.options.nodeName;
    this.number = machine.takeNamespace();
    const { hostIpc } = config;
    if (hostIpc) this.#ipc = machine.host.pod.ipc;
    this.sharedMemory = hostIpc
      ? machine.sharedMemory
      : {
          path: "/dev/shm",
          root: new SharedMemoryRoot(machine),
          source: "shm",
          type: "tmpfs",
          isReadOnly: false,
          options: "nosuid,nodev,noexec,relatime,size=65536k",
        };
    this.memoryMounts = [this.sharedMemory];
  }

  get hostname(): string {
    return this.config.hostNetwork ? this.nodeName : this.config.hostname;
  }

  get namespaces(): PodIdentity["namespaces"] {
    const { hostIpc, hostNetwork, userNamespace } = this.config;
    const { number } = this;
    return {
      net: hostNetwork ? 0 : number,
      uts: hostNetwork ? 0 : number,
      ipc: hostIpc ? 0 : number,
      user: userNamespace === undefined ? 0 : number,
    };
  }

  /** Made when somebody first looks. */
  get ipc(): IpcNamespace {
    return (this.#ipc ??= new IpcNamespace());
  }

  get sysctls(): Readonly<Record<string, string>> {
    return this.config.sysctls;
  }

  /** /etc/resolv.conf of its containers. Pods ask the cluster's DNS unless they say otherwise: pkg/kubelet/network/dns/dns.go, 1.34. */
  get resolvConf(): string {
    const { namespace, dns } = this.config;
    const domains = [`${namespace}.svc.cluster.local`, "svc.cluster.local", "cluster.local"];
    const { servers, searches, options } = dns ?? {
      servers: ["10.96.0.10"],
      searches: domains,
      options: ["ndots:5"],
    };
    const lines = [
      ...(searches.length === 0 ? [] : [`search ${searches.join(" ")}`]),
      ...servers.map((server) => `nameserver ${server}`),
      ...(options.length === 0 ? [] : [`options ${options.join(" ")}`]),
    ];
    return `${lines.join("\n")}\n`;
  }

  get status(): PodSandboxStatus {
    return {
      id: this.id,
      podUid: this.config.podUid,
      attempt: this.config.attempt,
      state: this.state,
      createdAtMs: this.createdAtMs,
      ip: this.ip,
    };
  }
}

/** 64 MiB, as containerd makes it: internal/cri/server/podsandbox/sandbox_run_linux.go, defaultShmSize, 2.0. */
const SHARED_MEMORY_BYTES = 64 * 2 ** 20;

const emptyRoot = new LayerBuilder(IMAGE_TIME_MS).directory("/", { mode: 0o1777 }).root;

/** /dev/shm of a pod: made when something is first written to it. */
class SharedMemoryRoot implements MountRoot {
  #own: Directory | null = null;

  constructor(private readonly machine: Machine) {}

  current(): Inode {
    return this.#own ?? emptyRoot;
  }

  own(): Inode {
    return (this.#own ??= this.machine.files.makeMemoryRoot(SHARED_MEMORY_BYTES));
  }
}
