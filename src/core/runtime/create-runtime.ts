import { Signal, waitFor, within, TIMED_OUT, type Call, type Process } from "../engine/index.js";
import { NodeFileSystem } from "../vfs/index.js";
import { AddressPool } from "./address-pool.js";
import {
  CriError,
  type ContainerConfig,
  type ContainerEvent,
  type ContainerLimits,
  type ContainerRuntime,
  type ContainerStats,
  type ExecSyncResult,
  type PodSandboxConfig,
  type PodSandboxStatus,
  type RuntimeContainerStatus,
} from "./cri.js";
import { NodeImages } from "./image-service.js";
import type { ContainerLog, LogReadOptions } from "./log-read.js";
import { NodeDialer } from "./node-dialer.js";
import type { RuntimeOptions } from "./runtime-options.js";
import { isKnownCommand, runStandIn, type StandInContext } from "./stand-in-shell.js";
import type { CatalogImage } from "./stand-in-images.js";

/** The simulated container runtime of one node. */
export const createRuntime = (options: RuntimeOptions): ContainerRuntime =>
  new NodeRuntime(options);

interface Sandbox {
  status: PodSandboxStatus;
  readonly config: PodSandboxConfig;
}

interface Container {
  readonly config: ContainerConfig;
  readonly sandbox: Sandbox;
  readonly image: CatalogImage;
  readonly ended: Signal;
  readonly files: Map<string, string>;
  readonly ports: number[];
  status: RuntimeContainerStatus;
  process: Process<number> | null;
  lines: { stream: "stdout" | "stderr"; text: string; timeMs: number }[];
}

class NodeRuntime implements ContainerRuntime {
  readonly files: NodeFileSystem;
  readonly images: NodeImages;
  readonly network: NodeDialer;
  readonly #addresses: AddressPool;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #containers = new Map<string, Container>();
  readonly #listeners: ((event: ContainerEvent) => void)[] = [];

  constructor(private readonly options: RuntimeOptions) {
    this.files = new NodeFileSystem(() => options.engine.nowMs, {
      diskBytes: options.capacity?.diskBytes ?? 100 * 2 ** 30,
      diskInodes: options.capacity?.diskInodes ?? 6_553_600,
      memoryBytes: options.capacity?.memoryBytes ?? 8 * 2 ** 30,
    });
    this.images = new NodeImages(options.engine, options.nodeName, options.pullTimeScale ?? 1);
    this.network = new NodeDialer(options.network);
    this.#addresses = new AddressPool(options.podCidr);
  }

  *runPodSandbox(config: PodSandboxConfig): Call<PodSandboxStatus> {
    yield 20;
    const ip = config.hostNetwork ? "" : this.#addresses.take();
    if (ip === null) {
      throw new CriError(
        "FailedCreatePodSandBox",
        `rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="ptp" failed (add): no IP addresses available in range set: ${this.options.podCidr}`,
      );
    }
    const status: PodSandboxStatus = {
      id: this.#newId(),
      podUid: config.podUid,
      attempt: config.attempt,
      state: "ready",
      createdAtMs: this.#nowMs,
      ip,
    };
    this.#sandboxes.set(status.id, { status, config });
    return status;
  }

  *stopPodSandbox(sandboxId: string): Call<void> {
    const sandbox = this.#sandboxes.get(sandboxId);
    if (sandbox === undefined || sandbox.status.state === "notready") return;
    for (const container of this.#containers.values())
      if (container.sandbox === sandbox) this.#kill(container, 137);
    yield 5;
    if (sandbox.status.ip !== "") this.#addresses.release(sandbox.status.ip);
    sandbox.status = { ...sandbox.status, state: "notready" };
  }

  removePodSandbox(sandboxId: string): void {
    for (const container of [...this.#containers.values()])
      if (container.sandbox.status.id === sandboxId) this.removeContainer(container.status.id);
    this.#sandboxes.delete(sandboxId);
  }

  podSandboxStatus(sandboxId: string): PodSandboxStatus | null {
    return this.#sandboxes.get(sandboxId)?.status ?? null;
  }

  listPodSandboxes(podUid: string): readonly PodSandboxStatus[] {
    return [...this.#sandboxes.values()]
      .map((sandbox) => sandbox.status)
      .filter((status) => status.podUid === podUid)
      .reverse();
  }

  *createContainer(sandboxId: string, config: ContainerConfig): Call<string> {
    const sandbox = this.#sandboxes.get(sandboxId);
    if (sandbox === undefined)
      throw new CriError(
        "CreateContainerError",
        `rpc error: code = NotFound desc = failed to find sandbox id "${sandboxId}": not found`,
      );
    const image = this.images.imageFor(config.image);
    const imageStatus = this.images.imageStatus(config.image);
    if (image === null || imageStatus === null)
      throw new CriError(
        "CreateContainerError",
        `rpc error: code = NotFound desc = failed to resolve image "${config.image}": not found`,
      );
    yield 10;
    const status: RuntimeContainerStatus = {
      id: this.#newId(),
      podUid: sandbox.config.podUid,
      sandboxId,
      name: config.name,
      attempt: config.attempt,
      state: "created",
      image: config.image,
      imageRef: imageStatus.repoDigests[0] ?? imageStatus.id,
      createdAtMs: this.#nowMs,
      startedAtMs: null,
      finishedAtMs: null,
      exitCode: null,
      reason: "",
      message: "",
      logPath: config.logPath,
    };
    this.#containers.set(status.id, {
      config,
      sandbox,
      image,
      status,
      ended: new Signal(),
      files: new Map(),
      ports: [],
      process: null,
      lines: [],
    });
    return status.id;
  }

  *startContainer(containerId: string): Call<void> {
    const container = this.#find(containerId);
    yield 15;
    const argv = this.#argv(container);
    const command = argv[0] ?? "";
    if (!isKnownCommand(command)) {
      const detail = command.includes("/")
        ? `exec: "${command}": stat ${command}: no such file or directory`
        : `exec: "${command}": executable file not found in $PATH`;
      const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${detail}`;
      container.status = {
        ...container.status,
        state: "exited",
        startedAtMs: 0,
        finishedAtMs: this.#nowMs,
        exitCode: 128,
        reason: "StartError",
        message,
      };
      throw new CriError("RunContainerError", message);
    }
    container.status = { ...container.status, state: "running", startedAtMs: this.#nowMs };
    this.#emit("started", container);
    this.#run(container, argv);
  }

  *stopContainer(containerId: string, timeoutMs: number): Call<void> {
    const container = this.#containers.get(containerId);
    if (container?.status.state !== "running") return;
    const command = this.#argv(container)[0] ?? "";
    const stopsByItself = /docker-entrypoint|nginx|pause/.test(command);
    if (stopsByItself) this.#kill(container, 0);
    else {
      const outcome = yield* within(this.options.engine, container.ended, timeoutMs);
      if (outcome === TIMED_OUT) this.#kill(container, 137);
    }
  }

  removeContainer(containerId: string): void {
    const container = this.#containers.get(containerId);
    if (container === undefined) return;
    this.#kill(container, 137);
    this.#containers.delete(containerId);
  }

  containerStatus(containerId: string): RuntimeContainerStatus | null {
    return this.#containers.get(containerId)?.status ?? null;
  }

  listContainers(podUid: string): readonly RuntimeContainerStatus[] {
    return [...this.#containers.values()]
      .map((container) => container.status)
      .filter((status) => status.podUid === podUid);
  }

  updateContainerResources(_containerId: string, _resources: ContainerLimits): void {
    // Limits count once the kernel accounts for memory and CPU.
  }

  *execSync(
    containerId: string,
    command: readonly string[],
    timeoutMs: number,
  ): Call<ExecSyncResult> {
    const container = this.#find(containerId);
    if (container.status.state !== "running")
      throw new CriError("ExecError", `container is in CONTAINER_EXITED state`);
    let stdout = "";
    let stderr = "";
    const context = this.#context(container, (stream, text) => {
      if (stream === "stdout") stdout += text;
      else stderr += text;
    });
    if (!isKnownCommand(command[0] ?? ""))
      throw new CriError(
        "ExecError",
        `failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: "${command[0] ?? ""}": executable file not found in $PATH`,
      );
    const process = this.options.engine.spawn(`exec`, runStandIn(context, command));
    if (timeoutMs <= 0)
      return { exitCode: yield* waitFor(process), stdout, stderr, timedOut: false };
    const outcome = yield* within(this.options.engine, process, timeoutMs);
    if (outcome !== TIMED_OUT) return { exitCode: outcome, stdout, stderr, timedOut: false };
    process.interrupt();
    return { exitCode: 137, stdout, stderr, timedOut: true };
  }

  readLog(containerId: string, options: LogReadOptions): ContainerLog {
    const container = this.#find(containerId);
    let lines = container.lines.filter((line) => line.timeMs >= (options.sinceMs ?? 0));
    if (options.tailLines !== undefined)
      lines = lines.slice(Math.max(0, lines.length - options.tailLines));
    return {
      text: lines.map((line) => line.text + "\n").join(""),
      ended: container.status.state === "exited",
    };
  }

  containerStats(_containerId: string): ContainerStats | null {
    return null;
  }

  onContainerEvent(listener: (event: ContainerEvent) => void): void {
    this.#listeners.push(listener);
  }

  get #nowMs(): number {
    return this.options.engine.nowMs;
  }

  #newId(): string {
    return this.options.engine.random(`runtime/${this.options.nodeName}/ids`).hex(32);
  }

  #find(containerId: string): Container {
    const container = this.#containers.get(containerId);
    if (container === undefined)
      throw new CriError(
        "NotFound",
        `rpc error: code = NotFound desc = an error occurred when try to find container "${containerId}": not found`,
      );
    return container;
  }

  #argv(container: Container): readonly string[] {
    const { command, args } = container.config;
    const entrypoint = command.length > 0 ? command : container.image.entrypoint;
    const cmd = command.length > 0 || args.length > 0 ? args : container.image.cmd;
    return [...entrypoint, ...cmd];
  }

  #context(
    container: Container,
    print: (stream: "stdout" | "stderr", text: string) => void,
  ): StandInContext {
    const mounted = (path: string): string | null => {
      const mount = container.config.mounts.find(
        (candidate) =>
          path === candidate.containerPath || path.startsWith(candidate.containerPath + "/"),
      );
      return mount === undefined ? null : mount.hostPath + path.slice(mount.containerPath.length);
    };
    return {
      env: new Map(container.config.env.map((variable) => [variable.name, variable.value])),
      print,
      readFile: (path) => {
        const host = mounted(path);
        return host === null ? (container.files.get(path) ?? null) : this.files.readText(host);
      },
      writeFile: (path, text) => {
        const host = mounted(path);
        if (host === null) container.files.set(path, text);
        else this.files.writeFile(host, text);
      },
      remove: (path) => {
        const host = mounted(path);
        if (host === null) container.files.delete(path);
        else this.files.remove(host);
      },
      serve: (port) => {
        const ip = container.sandbox.status.ip || this.options.nodeIp;
        container.ports.push(port);
        this.options.network.listen(ip, port, {
          answer: () => ({ status: 200, headers: { Server: "nginx" }, body: "Welcome to nginx!" }),
        });
      },
    };
  }

  #run(container: Container, argv: readonly string[]): void {
    const context = this.#context(container, (stream, text) => {
      this.#log(container, stream, text);
    });
    const body = runStandIn(context, argv);
    const runtime = this;
    container.process = this.options.engine.spawn(
      container.config.name,
      (function* (): Call<number> {
        const code = yield* body;
        runtime.#exit(container, code);
        return code;
      })(),
    );
  }

  #log(container: Container, stream: "stdout" | "stderr", text: string): void {
    for (const line of text.replace(/\n$/, "").split("\n")) {
      container.lines.push({ stream, text: line, timeMs: this.#nowMs });
      this.options.onLog?.({
        namespace: container.sandbox.config.namespace,
        pod: container.sandbox.config.name,
        podUid: container.sandbox.config.podUid,
        container: container.config.name,
        containerId: container.status.id,
        stream,
        line,
        timeMs: this.#nowMs,
      });
    }
  }

  #kill(container: Container, exitCode: number): void {
    if (container.status.state !== "running") return;
    container.process?.interrupt();
    this.#exit(container, exitCode);
  }

  #exit(container: Container, exitCode: number): void {
    if (container.status.state !== "running") return;
    for (const port of container.ports)
      this.options.network.close(container.sandbox.status.ip || this.options.nodeIp, port);
    container.status = {
      ...container.status,
      state: "exited",
      finishedAtMs: this.#nowMs,
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      message: container.files.get(container.config.terminationMessagePath) ?? "",
    };
    container.process = null;
    container.ended.fire();
    this.#emit("stopped", container);
  }

  #emit(type: ContainerEvent["type"], container: Container): void {
    const event = {
      type,
      podUid: container.sandbox.config.podUid,
      containerId: container.status.id,
    } as const;
    this.options.engine.soon(() => {
      for (const listener of this.#listeners) listener(event);
    });
  }
}
