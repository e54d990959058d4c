import { Signal } from "../engine/index.js";
import type { ExitStatus } from "../shell/index.js";
import type { Credentials } from "../vfs/index.js";
import type { Confinement } from "./kernel/confinement.js";
import type { Process } from "./kernel/process.js";
import type { ContainerFiles } from "./container-files.js";
import type { ContainerConfig, RuntimeContainerStatus } from "./cri.js";
import type { PulledImage } from "./image-service.js";
import type { LogBuffer } from "./log-buffer.js";
import type { Sandbox } from "./sandbox.js";

/** What is put together when a container is created. */
export interface ContainerParts {
  readonly id: string;
  readonly config: ContainerConfig;
  readonly sandbox: Sandbox;
  readonly image: PulledImage;
  readonly confinement: Confinement;
  readonly files: ContainerFiles;
  readonly credentials: Credentials;
  readonly log: LogBuffer;
  readonly createdAtMs: number;
}

/** One instance of a container, from its creation to its removal. */
export class Container {
  state: "created" | "running" | "exited" = "created";
  startedAtMs: number | null = null;
  finishedAtMs: number | null = null;
  exitCode: number | null = null;
  reason = "";
  message = "";
  main: Process | null = null;
  /** Fired when it has exited; null until somebody waits. */
  #ended: Signal | null = null;
  /** The status as it was last asked for: it is asked for far more often than it changes. */
  #status: RuntimeContainerStatus | null = null;

  constructor(readonly parts: ContainerParts) {}

  get ended(): Signal {
    return (this.#ended ??= new Signal());
  }

  get stopSignal(): string {
    const { stopSignal } = this.parts.image.image.config;
    return stopSignal === "" ? "SIGTERM" : stopSignal;
  }

  get status(): RuntimeContainerStatus {
    if (this.#status?.state !== this.state) this.#status = this.#makeStatus();
    return this.#status;
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
    const { wasOutOfMemory } = this.parts.confinement;
    this.reason = wasOutOfMemory ? "OOMKilled" : this.exitCode === 0 ? "Completed" : "Error";
    this.message = message;
    this.main = null;
    this.#ended?.fire();
  }

  #makeStatus(): RuntimeContainerStatus {
    const { id, config, sandbox, image, createdAtMs } = this.parts;
    return {
      id,
      podUid: sandbox.config.podUid,
      sandboxId: sandbox.id,
      name: config.name,
      attempt: config.attempt,
      state: this.state,
      image: config.image,
      imageRef: image.status.repoDigests[0] ?? image.status.id,
      createdAtMs,
      startedAtMs: this.startedAtMs,
      finishedAtMs: this.finishedAtMs,
      exitCode: this.exitCode,
      reason: this.reason,
      message: this.message,
      logPath: config.logPath,
    };
  }
}
