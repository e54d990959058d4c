import type { CapabilitySet, MountNamespace } from "../../vfs/index.js";
import type { CpuGroup } from "./cpu.js";
import type { IpcNamespace } from "./ipc-namespace.js";
import type { MemoryGroup } from "./memory.js";
import type { NetworkNamespace } from "./network-namespace.js";
import type { PidNamespace } from "./pid-namespace.js";
import type { Process } from "./process.js";

/** What all containers of a pod agree on. */
export interface PodIdentity {
  /** uts namespace. */
  readonly hostname: string;
  /** The text of /etc/resolv.conf. */
  readonly resolvConf: string;
  /** System V objects. */
  readonly ipc: IpcNamespace;
  /** Numbers of the namespaces that its containers have in common; 0: the machine's own. */
  readonly namespaces: {
    readonly net: number;
    readonly ipc: number;
    readonly uts: number;
    readonly user: number;
  };
  /** The kernel's settings that the pod has of its own. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/** What a container's processes have in common: namespaces and cgroups. */
export interface Confinement {
  /** Which one it is of its machine; 0: the machine's own. */
  readonly number: number;
  readonly pids: PidNamespace;
  readonly mounts: MountNamespace;
  readonly network: NetworkNamespace;
  readonly memory: MemoryGroup;
  readonly cpu: CpuGroup;
  readonly pod: PodIdentity;
  /** Sees and signals every process of the machine (hostPID). */
  readonly isHostPid: boolean;
  /** May gain privileges by setuid files: not with no_new_privs. */
  readonly mayGainPrivileges: boolean;
  /** What its processes may have at most. */
  readonly bounding: CapabilitySet;
  /** /proc/<pid>/uid_map: how its users map to the machine's. */
  readonly idMap: string;
  readonly oomScoreAdjust: number;
  readonly pidsLimit: number;
  /** Processes in this cgroup, zombies included. */
  processCount: number;
  /** An out-of-memory kill happened (containerd's TaskOOM). */
  wasOutOfMemory: boolean;
  /** PID 1 of a container whose processes end with it, though its namespace is shared. */
  main: Process | null;
}
