import { Signal } from "../engine/index.js";
import type { ExitStatus } from "../shell/index.js";
import type { Credentials } from "../vfs/index.js";
import type { ContainerFiles } from "./container-files.js";
import type { ContainerConfig, RuntimeContainerStatus } from "./cri.js";
import type { PulledImage } from "./image-service.js";
import type { Confinement } from "./kernel/confinement.js";
import type { Process, ProcessStarter } from "./kernel/process.js";
import {
  LogBuffer,
  type LogOwner,
  type LogEntry,
  type LogQuota,
  type LogStream,
} from "./log-buffer.js";
import type { OutputSink } from "./log-description.js";
import type { Sandbox } from "./sandbox.js";

/** What a container tells of to the runtime it belongs to. */
export interface ContainerOwner {
  readonly logQuota: LogQuota;
  containerWrote(container: Container, entry: LogEntry): void;
  containerEnded(container: Container, status: ExitStatus): void;
}

/** One instance of a container, from its creation to its removal. */
export class Container implements OutputSink, ProcessStarter, LogOwner {
  state: "created" | "running" | "exited" = "created";
  startedAtMs: number | null = null;
  finishedAtMs: number | null = null;
  exitCode: number | null = null;
  reason = "";
  message = "";
  main: Process | null = null;
  /** Null until it writes something. */
  log: LogBuffer | null = null;
  /** Fired when it has exited; null until somebody waits. */
  #ended: Signal | null = null;
  /** The status as it was last asked for: it is asked for more often than it changes. */
  #status: RuntimeContainerStatus | null = null;

  constructor(
    private readonly owner: ContainerOwner,
    readonly id: string,
    readonly config: ContainerConfig,
    readonly sandbox: Sandbox,
    readonly image: PulledImage,
    readonly confinement: Confinement,
    readonly files: ContainerFiles,
    readonly credentials: Credentials,
    readonly createdAtMs: number,
  ) {}

  get ended(): Signal {
    return (this.#ended ??= new Signal());
  }

  get outputUid(): number {
    return this.credentials.uid;
  }

  get stopSignal(): string {
    const { stopSignal } = this.image.image.config;
    return stopSignal === "" ? "SIGTERM" : stopSignal;
  }

  get status(): RuntimeContainerStatus {
    if (this.#status?.state !== this.state) this.#status = this.#makeStatus();
    return this.#status;
  }

  takeOutput(stream: LogStream, bytes: Uint8Array, nowMs: number): void {
    this.log ??= new LogBuffer(this.owner.logQuota, this);
    this.log.write(stream, bytes, nowMs);
  }

  logEntry(entry: LogEntry): void {
    this.owner.containerWrote(this, entry);
  }

  processEnded(_process: Process, status: ExitStatus): void {
    this.owner.containerEnded(this, status);
  }

  markStarted(main: Process, nowMs: number): void {
    this.state = "running";
    this.startedAtMs = nowMs;
    this.main = main;
  }

  /** It never ran. containerd: internal/cri/server/container_start.go, errorStartExitCode and errorStartReason, 2.0. */
  markUnstartable(message: string, nowMs: number): void {
    this.state = "exited";
    this.startedAtMs = 0;
    this.finishedAtMs = nowMs;
    this.exitCode = 128;
    this.reason = "StartError";
    this.message = message;
  }

  markExited(status: ExitStatus, message: string, nowMs: number): void {
    this.state = "exited";
    this.finishedAtMs = nowMs;
    this.exitCode = "code" in status ? status.code : 128 + status.number;
    const { wasOutOfMemory } = this.confinement;
    this.reason = wasOutOfMemory ? "OOMKilled" : this.exitCode === 0 ? "Completed" : "Error";
    this.message = message;
    this.main = null;
    this.#ended?.fire();
  }

  #makeStatus(): RuntimeContainerStatus {
    // The tag with its registry, and the digest in it: containerd internal/cri/server/container_status.go, 2.1.
    const { id: imageId, repoTags, repoDigests } = this.image.status;
    const { uid, gid, groups } = this.credentials;
    return {
      id: this.id,
      podUid: this.sandbox.config.podUid,
      sandboxId: this.sandbox.id,
      name: this.config.name,
      attempt: this.config.attempt,
      state: this.state,
      image: repoTags[0] ?? imageId,
      imageRef: repoDigests[0] ?? imageId,
      createdAtMs: this.createdAtMs,
      startedAtMs: this.startedAtMs,
      finishedAtMs: this.finishedAtMs,
      exitCode: this.exitCode,
      reason: this.reason,
      message: this.message,
      logPath: this.config.logPath,
      user: { uid, gid, supplementalGroups: groups.toSorted((a, b) => a - b) },
    };
  }
}
