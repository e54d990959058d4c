import type { ContainerScript } from "../api/index.js";
import type { Call } from "../engine/index.js";
import type { NodeFiles } from "../vfs/index.js";
import type { ContainerLog, LogReadOptions } from "./log-read.js";
import type { PodNetwork } from "./pod-network.js";

/**
 * The simulated Container Runtime Interface of one node, after k8s.io/cri-api (v1, 1.34): what a kubelet may ask of it. Calls take virtual
 * time and throw CriError. State is only ever changed through it; the kubelet learns of exits by `onContainerEvent` (the evented PLEG).
 */
export interface ContainerRuntime {
  readonly images: ImageService;
  /** What probes and hooks dial from the node. */
  readonly network: PodNetwork;
  /** The node's file system: volumes (`/var/lib/kubelet/pods/<uid>/volumes/…`), host paths and what containers mount of it. */
  readonly files: NodeFiles;

  runPodSandbox(config: PodSandboxConfig): Call<PodSandboxStatus>;
  /** Kills what still runs in it, then its network. */
  stopPodSandbox(sandboxId: string): Call<void>;
  removePodSandbox(sandboxId: string): void;
  podSandboxStatus(sandboxId: string): PodSandboxStatus | null;
  /** Sandboxes of a pod, newest first. */
  listPodSandboxes(podUid: string): readonly PodSandboxStatus[];

  createContainer(sandboxId: string, config: ContainerConfig): Call<string>;
  startContainer(containerId: string): Call<void>;
  /** Sends the stop signal, waits up to `timeoutMs`, then kills; returns when the container has exited. */
  stopContainer(containerId: string, timeoutMs: number): Call<void>;
  removeContainer(containerId: string): void;
  containerStatus(containerId: string): RuntimeContainerStatus | null;
  /** Containers of a pod in order of creation, exited ones included. */
  listContainers(podUid: string): readonly RuntimeContainerStatus[];
  updateContainerResources(containerId: string, resources: ContainerLimits): void;

  /** Runs a command in a running container to its end, or kills it after `timeoutMs` (0: no bound). */
  execSync(
    containerId: string,
    command: readonly string[],
    timeoutMs: number,
  ): Call<ExecSyncResult>;

  /** Begins a command in a running container that somebody outside talks to while it runs. Throws CriError when it cannot be started. */
  exec(containerId: string, options: ExecOptions, listener: ExecListener): ExecSession;

  /** What a container instance wrote, as long as it is kept (containers not removed yet). */
  readLog(containerId: string, options: LogReadOptions): ContainerLog;

  /** What it uses now; null when it does not run. */
  containerStats(containerId: string): ContainerStats | null;

  /** What the machine has and has left. */
  nodeStats(): NodeStats;

  /** The machine loses its power: processes, sandboxes and containers are gone at once and nobody is told. Images and the node's files stay. */
  powerOff(): void;

  onContainerEvent(listener: (event: ContainerEvent) => void): void;
}

export interface PodSandboxConfig {
  readonly podUid: string;
  readonly namespace: string;
  readonly name: string;
  readonly attempt: number;
  /** What it is on the host network does not matter: there it is the node's. */
  readonly hostname: string;
  readonly hostNetwork: boolean;
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  readonly shareProcessNamespace: boolean;
  readonly sysctls: Readonly<Record<string, string>>;
  /** First host ID of the pod's user namespace, and how many; left out: it has that of the node. */
  readonly userNamespace?: { readonly hostId: number; readonly length: number };
  /** Ports of the node that lead to the pod (hostPort); left out: none. */
  readonly portMappings?: readonly PortMapping[];
  /** What /etc/resolv.conf says; left out: the cluster's DNS with its search list. */
  readonly dns?: {
    readonly servers: readonly string[];
    readonly searches: readonly string[];
    readonly options: readonly string[];
  };
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PortMapping {
  /** The node's address that it holds for; empty or 0.0.0.0: all. */
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
}

export interface PodSandboxStatus {
  readonly id: string;
  readonly podUid: string;
  readonly attempt: number;
  readonly state: "ready" | "notready";
  readonly createdAtMs: number;
  /** Empty when the pod is on the node's network. */
  readonly ip: string;
}

export interface Mount {
  readonly containerPath: string;
  /** A path in the node's simulated file system. */
  readonly hostPath: string;
  readonly readOnly: boolean;
  /** What is mounted is the content of this image, or a part of it, and `hostPath` does not count. It must have been pulled. */
  readonly image?: string;
  readonly imageSubPath?: string;
}

export interface ContainerLimits {
  readonly cpuRequestMilli: number;
  readonly cpuLimitMilli: number | null;
  readonly memoryRequestBytes: number;
  readonly memoryLimitBytes: number | null;
}

export interface ContainerSecurity {
  readonly runAsUser: number | null;
  readonly runAsGroup: number | null;
  readonly supplementalGroups: readonly number[];
  readonly readOnlyRootFilesystem: boolean;
  readonly privileged: boolean;
  readonly allowPrivilegeEscalation: boolean;
  readonly addCapabilities: readonly string[];
  readonly dropCapabilities: readonly string[];
}

export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  /** The reference as in the pod spec; it must have been pulled. */
  readonly image: string;
  /** Replaces the image's entrypoint; empty: the image's own. */
  readonly command: readonly string[];
  /** Replaces the image's cmd; empty: the image's own, unless `command` is given. */
  readonly args: readonly string[];
  readonly workingDir: string | null;
  /** Beside the image's own. */
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly limits: ContainerLimits;
  /** How willingly the kernel kills its processes when the machine has no memory left: -1000 to 1000. */
  readonly oomScoreAdjust: number;
  readonly security: ContainerSecurity;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly terminationMessagePath: string;
  /** Joins the process namespace of this container (ephemeral containers). */
  readonly targetContainerId: string | null;
  /** Where the log of this instance goes, as the kubelet names it: `/var/log/pods/<ns>_<pod>_<uid>/<container>/<attempt>.log`. */
  readonly logPath: string;
  /** The parsed `peapod.sim/<container>` annotation (contract, "Images"). */
  readonly script: ContainerScript | null;
}

export interface RuntimeContainerStatus {
  readonly id: string;
  readonly podUid: string;
  readonly sandboxId: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: "created" | "running" | "exited";
  readonly image: string;
  /** Resolved: `docker.io/library/busybox@sha256:…`. */
  readonly imageRef: string;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly exitCode: number | null;
  /** containerd's: Completed, Error, OOMKilled, StartError. */
  readonly reason: string;
  /** The runtime's own message (StartError), else the termination message file's content, at most 4096 bytes. */
  readonly message: string;
  readonly logPath: string;
  /** As whom its first process runs (status.containerStatuses[].user). */
  readonly user?: {
    readonly uid: number;
    readonly gid: number;
    readonly supplementalGroups: number[];
  };
}

export interface ContainerEvent {
  readonly type: "started" | "stopped";
  readonly podUid: string;
  readonly containerId: string;
}

export interface ExecSyncResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** k8s.io/cri-api ExecRequest, 1.34: which of the streams are wanted, and whether they are a terminal. */
export interface ExecOptions {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Who is told what a session does. Never called after `abandon`. */
export interface ExecListener {
  /** What the command wrote; on a terminal all of it is `stdout`. */
  wrote(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  /** So many bytes of the input were taken: there is room for as many more. */
  tookInput(bytes: number): void;
  /** It has exited and nobody holds its output open any more. 128 + n when signal n ended it. */
  ended(exitCode: number): void;
}

/** A command that runs in a container, seen from the streaming server. */
export interface ExecSession {
  /** Input for it. @returns false when more than EXEC_INPUT_BYTES would wait to be taken: then nothing of it is. */
  write(bytes: Uint8Array): boolean;
  /** The end of its input. */
  endInput(): void;
  /** So many bytes of its output have gone on their way: it may write as many more. */
  acknowledge(bytes: number): void;
  /** The terminal has another size. */
  resize(size: TerminalSize): void;
  /** Nobody listens any more: the command is killed. */
  abandon(): void;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ContainerStats {
  /** CPU time used since the start. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly processes: number;
  /** The writable layer. */
  readonly writableBytes: number;
  readonly writableInodes: number;
  readonly logBytes: number;
}

/** pkg/kubelet/apis/stats/v1alpha1, 1.34: NodeStats, as far as evictions look at it. */
export interface NodeStats {
  readonly memoryCapacityBytes: number;
  readonly memoryAvailableBytes: number;
  /** One disk for containers, logs, volumes and images. */
  readonly diskCapacityBytes: number;
  readonly diskAvailableBytes: number;
  readonly inodeCapacity: number;
  readonly inodesFree: number;
}

/** What the runtime refuses. `reason` is the kubelet's own error name: ErrImagePull, CreateContainerError, RunContainerError, … */
export class CriError extends Error {
  override readonly name = "CriError";

  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

export interface ImageService {
  /** Null when it is not on the node. */
  imageStatus(reference: string): ImageStatus | null;
  /** Takes virtual time by size; throws CriError with containerd's own message. `pullMs` scripts the time. */
  pullImage(reference: string, pullMs: number | null): Call<ImageStatus>;
  listImages(): readonly ImageStatus[];
  removeImage(id: string): void;
}

export interface ImageStatus {
  /** `sha256:…` of its configuration. */
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly sizeBytes: number;
  /** The user it runs as: a number, or a name when it is not known. */
  readonly user: number | string;
}
