import { Signal, TIMED_OUT, within, type Call, type Engine } from "../../engine/index.js";
import {
  CriError,
  type ContainerConfig,
  type ContainerEvent,
  type ContainerRuntime,
  type ContainerStats,
  type ExecSyncResult,
  type NodeStats,
  type PodSandboxConfig,
  type PodSandboxStatus,
  type RuntimeContainerStatus,
} from "../../runtime/index.js";
import { NodeFileSystem } from "../../vfs/index.js";
import { ScriptedImages, type ImageScript } from "./scripted-images.js";
import { ScriptedNetwork } from "./scripted-network.js";

/** How one run of a container goes. */
export interface RunScript {
  /** Null: until it is stopped. */
  readonly runMs?: number | null;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly log?: string;
  readonly createError?: string;
  readonly startError?: string;
  readonly startMs?: number;
  /** After the stop signal: how long until it exits, and with what. Null: it ignores the signal. */
  readonly onStop?: { readonly afterMs: number; readonly exitCode: number } | null;
}

export type ExecAnswer = Partial<ExecSyncResult> & { readonly afterMs?: number };

/** What a spec says will happen on the node. */
export interface RuntimeScript {
  /** By container name; the last entry stands for all further runs. */
  readonly runs?: Readonly<Record<string, readonly RunScript[]>>;
  readonly images?: Readonly<Record<string, ImageScript>>;
  readonly exec?: (container: string, command: readonly string[], ageMs: number) => ExecAnswer;
  readonly sandboxErrors?: readonly (string | null)[];
  /** What a running container uses; what is left out is nothing. */
  /** What is left of the machine; what is left out is ample. */
  readonly nodeStats?: (nowMs: number) => Partial<NodeStats>;
  readonly stats?: (container: string, nowMs: number) => Partial<ContainerStats>;
}

interface Instance {
  readonly config: ContainerConfig;
  readonly script: RunScript;
  readonly ended: Signal;
  status: RuntimeContainerStatus;
}

const NOTHING_USED: ContainerStats = {
  cpuMs: 0,
  memoryBytes: 0,
  processes: 1,
  writableBytes: 0,
  writableInodes: 0,
  logBytes: 0,
};

const ROOMY: NodeStats = {
  memoryCapacityBytes: 32 * 2 ** 30,
  memoryAvailableBytes: 30 * 2 ** 30,
  diskCapacityBytes: 100 * 2 ** 30,
  diskAvailableBytes: 90 * 2 ** 30,
  inodeCapacity: 1_000_000,
  inodesFree: 900_000,
};

/** A container runtime that does what a script says, in virtual time. For specs of the kubelet. */
export class ScriptedRuntime implements ContainerRuntime {
  readonly images: ScriptedImages;
  readonly network: ScriptedNetwork;
  readonly files: NodeFileSystem;
  /** Calls that specs look at: `stop app 30000`. */
  readonly calls: { readonly atMs: number; readonly call: string }[] = [];
  readonly #sandboxes = new Map<string, PodSandboxStatus>();
  readonly #instances = new Map<string, Instance>();
  readonly #listeners: ((event: ContainerEvent) => void)[] = [];
  readonly #configs = new Map<string, ContainerConfig[]>();
  #sandboxCount = 0;

  constructor(
    private readonly engine: Engine,
    readonly script: RuntimeScript = {},
  ) {
    this.images = new ScriptedImages(engine, script.images ?? {});
    this.network = new ScriptedNetwork(engine);
    this.files = new NodeFileSystem(() => engine.nowMs, {
      diskBytes: 1 << 30,
      diskInodes: 100_000,
      memoryBytes: 1 << 30,
    });
  }

  *runPodSandbox(config: PodSandboxConfig): Call<PodSandboxStatus> {
    yield 10;
    const error = this.script.sandboxErrors?.[this.#sandboxCount];
    this.#sandboxCount += 1;
    if (typeof error === "string") throw new CriError("FailedCreatePodSandBox", error);
    const status: PodSandboxStatus = {
      id: this.#newId(),
      podUid: config.podUid,
      attempt: config.attempt,
      state: "ready",
      createdAtMs: this.engine.nowMs,
      ip: config.hostNetwork ? "" : `10.244.1.${this.#sandboxCount + 1}`,
    };
    this.#sandboxes.set(status.id, status);
    return status;
  }

  *stopPodSandbox(sandboxId: string): Call<void> {
    yield 5;
    this.loseSandbox(sandboxId);
  }

  /** As if somebody killed it behind the kubelet's back. */
  loseSandbox(sandboxId: string): void {
    const status = this.#sandboxes.get(sandboxId);
    if (status === undefined) return;
    this.#sandboxes.set(sandboxId, { ...status, state: "notready" });
    for (const instance of this.#instances.values()) {
      if (instance.status.sandboxId === sandboxId) this.#end(instance, 137, "Error");
    }
  }

  removePodSandbox(sandboxId: string): void {
    this.#sandboxes.delete(sandboxId);
  }

  podSandboxStatus(sandboxId: string): PodSandboxStatus | null {
    return this.#sandboxes.get(sandboxId) ?? null;
  }

  listPodSandboxes(podUid: string): readonly PodSandboxStatus[] {
    return [...this.#sandboxes.values()].filter((status) => status.podUid === podUid).reverse();
  }

  *createContainer(sandboxId: string, config: ContainerConfig): Call<string> {
    yield 1;
    const runs = this.script.runs?.[config.name] ?? [];
    const script = runs[Math.min(config.attempt, runs.length - 1)] ?? {};
    if (script.createError !== undefined) {
      throw new CriError("CreateContainerError", script.createError);
    }
    const sandbox = this.#sandboxes.get(sandboxId);
    const id = this.#newId();
    this.#configs.set(config.name, [...(this.#configs.get(config.name) ?? []), config]);
    this.#instances.set(id, {
      config,
      script,
      ended: new Signal(),
      status: {
        id,
        podUid: sandbox?.podUid ?? "",
        sandboxId,
        name: config.name,
        attempt: config.attempt,
        state: "created",
        image: config.image,
        imageRef: `docker.io/library/${config.image}@sha256:${"0".repeat(64)}`,
        createdAtMs: this.engine.nowMs,
        startedAtMs: null,
        finishedAtMs: null,
        exitCode: null,
        reason: "",
        message: "",
        logPath: config.logPath,
      },
    });
    return id;
  }

  *startContainer(containerId: string): Call<void> {
    const instance = this.#instance(containerId);
    const { script } = instance;
    yield script.startMs ?? 1;
    if (script.startError !== undefined) {
      this.#end(instance, 128, "StartError", script.startError);
      throw new CriError("RunContainerError", script.startError);
    }
    instance.status = { ...instance.status, state: "running", startedAtMs: this.engine.nowMs };
    this.#announce("started", instance);
    if (typeof script.runMs === "number") {
      this.engine.after(script.runMs, () => {
        this.#end(instance, script.exitCode ?? 0, script.reason, script.message);
      });
    }
  }

  *stopContainer(containerId: string, timeoutMs: number): Call<void> {
    const instance = this.#instance(containerId);
    this.calls.push({ atMs: this.engine.nowMs, call: `stop ${instance.config.name} ${timeoutMs}` });
    if (instance.status.state !== "running") return;
    const { onStop = { afterMs: 0, exitCode: 0 } } = instance.script;
    if (onStop !== null) {
      this.engine.after(onStop.afterMs, () => {
        this.#end(instance, onStop.exitCode);
      });
    }
    const outcome = yield* within(this.engine, instance.ended, timeoutMs);
    if (outcome === TIMED_OUT) this.#end(instance, 137, "Error");
  }

  removeContainer(containerId: string): void {
    this.#instances.delete(containerId);
  }

  containerStatus(containerId: string): RuntimeContainerStatus | null {
    return this.#instances.get(containerId)?.status ?? null;
  }

  listContainers(podUid: string): readonly RuntimeContainerStatus[] {
    return [...this.#instances.values()]
      .map((instance) => instance.status)
      .filter((status) => status.podUid === podUid);
  }

  updateContainerResources(containerId: string): void {
    this.calls.push({ atMs: this.engine.nowMs, call: `resize ${containerId}` });
  }

  *execSync(
    containerId: string,
    command: readonly string[],
    timeoutMs: number,
  ): Call<ExecSyncResult> {
    const { config, status } = this.#instance(containerId);
    this.calls.push({ atMs: this.engine.nowMs, call: `exec ${config.name} ${command.join(" ")}` });
    const ageMs = this.engine.nowMs - (status.startedAtMs ?? this.engine.nowMs);
    const { afterMs = 1, ...answer } = this.script.exec?.(config.name, command, ageMs) ?? {};
    const isLate = timeoutMs > 0 && afterMs >= timeoutMs;
    yield isLate ? timeoutMs : afterMs;
    return { exitCode: 0, stdout: "", stderr: "", timedOut: isLate, ...answer };
  }

  powerOff(): void {
    throw new Error("a scripted runtime has no power");
  }

  exec(): never {
    throw new CriError("ExecError", "a scripted runtime has no sessions");
  }

  readLog(containerId: string): { text: string; ended: boolean } {
    const { script, status } = this.#instance(containerId);
    return { text: script.log ?? "", ended: status.state === "exited" };
  }

  nodeStats(): NodeStats {
    return { ...ROOMY, ...this.script.nodeStats?.(this.engine.nowMs) };
  }

  containerStats(containerId: string): ContainerStats | null {
    const { config, status } = this.#instance(containerId);
    const used = this.script.stats?.(config.name, this.engine.nowMs);
    return status.state !== "running" || used === undefined ? null : { ...NOTHING_USED, ...used };
  }

  onContainerEvent(listener: (event: ContainerEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Ends a running container as if by itself. */
  exit(container: string, exitCode: number, reason?: string): void {
    for (const instance of this.#instances.values()) {
      if (instance.config.name === container && instance.status.state === "running") {
        this.#end(instance, exitCode, reason);
      }
    }
  }

  /** The configurations a container was created with, in order. */
  configsOf(container: string): readonly ContainerConfig[] {
    return this.#configs.get(container) ?? [];
  }

  #instance(containerId: string): Instance {
    const instance = this.#instances.get(containerId);
    if (instance === undefined) throw new CriError("NotFound", `no container ${containerId}`);
    return instance;
  }

  #end(instance: Instance, exitCode: number, reason?: string, message = ""): void {
    if (instance.status.state === "exited") return;
    instance.status = {
      ...instance.status,
      state: "exited",
      startedAtMs: instance.status.startedAtMs ?? this.engine.nowMs,
      finishedAtMs: this.engine.nowMs,
      exitCode,
      reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
      message,
    };
    instance.ended.fire();
    this.#announce("stopped", instance);
  }

  #announce(type: "started" | "stopped", { status }: Instance): void {
    for (const listener of this.#listeners) {
      listener({ type, podUid: status.podUid, containerId: status.id });
    }
  }

  #newId(): string {
    return this.engine.random("scripted-runtime").hex(32);
  }
}
