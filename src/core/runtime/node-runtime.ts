import {
  Signal,
  TIMED_OUT,
  waitFor,
  within,
  type Call,
  type RandomStream,
} from "../engine/index.js";
import { AddressPool } from "./address-pool.js";
import { CapturedOutput } from "./captured-output.js";
import type { Container, ContainerOwner } from "./container.js";
import { createContainer } from "./container-create.js";
import { outputDescriptors, startInContainer, startMain } from "./container-start.js";
import {
  CriError,
  type ContainerConfig,
  type ContainerEvent,
  type ContainerLimits,
  type ContainerRuntime,
  type ContainerStats,
  type ExecListener,
  type ExecOptions,
  type ExecSession,
  type ExecSyncResult,
  type NodeStats,
  type PodSandboxConfig,
  type PodSandboxStatus,
  type RuntimeContainerStatus,
} from "./cri.js";
import { startSession } from "./exec-session.js";
import { startHostProcesses } from "./host-processes.js";
import { killConfined, killProcess, sendSignal } from "./kernel/lifecycle.js";
import { NetworkNamespace } from "./kernel/network-namespace.js";
import { EXEC_OUTPUT_BYTES } from "./limits.js";
import type { LogEntry } from "./log-buffer.js";
import { readEntries, type ContainerLog, type LogReadOptions } from "./log-read.js";
import type { Machine } from "./machine.js";
import { NodeDialer } from "./node-dialer.js";
import { OfPod } from "./of-pod.js";
import { Sandbox } from "./sandbox.js";
import { startPause } from "./sandbox-pause.js";
import { readTerminationMessage } from "./termination-message.js";
import { parseSignal, type ExitStatus } from "../shell/index.js";

/** How long the runtime's own part of a call takes: what containerd and runc need on an idle machine. */
const SANDBOX_MS = 150;
const STOP_SANDBOX_MS = 30;
const CREATE_MS = 40;
const START_MS = 60;
const KILL: ExitStatus = { signal: "KILL", number: 9 };

/** The simulated containerd of one node. */
export class NodeRuntime implements ContainerRuntime, ContainerOwner {
  readonly network: NodeDialer;
  readonly #addresses: AddressPool;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #containers = new Map<string, Container>();
  readonly #sandboxesOfPod = new OfPod<Sandbox>();
  readonly #containersOfPod = new OfPod<Container>();
  readonly #listeners: ((event: ContainerEvent) => void)[] = [];

  readonly #ids: RandomStream;

  constructor(private readonly machine: Machine) {
    this.#ids = machine.engine.random(`runtime/${machine.options.nodeName}/ids`);
    this.network = new NodeDialer(machine);
    this.#addresses = new AddressPool(machine.options.podCidr);
  }

  get images(): Machine["images"] {
    return this.machine.images;
  }

  get logQuota(): Machine["logQuota"] {
    return this.machine.logQuota;
  }

  get files(): Machine["files"] {
    return this.machine.files;
  }

  *runPodSandbox(config: PodSandboxConfig): Call<PodSandboxStatus> {
    yield SANDBOX_MS;
    const { nodeName, podCidr, network: cluster } = this.machine.options;
    const ip = config.hostNetwork ? "" : this.#addresses.take();
    if (ip === null)
      throw new CriError(
        "FailedCreatePodSandBox",
        'rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="ptp" failed (add): ' +
          `failed to allocate for range 0: no IP addresses available in range set: ${podCidr}`,
      );
    const prefix = Number(podCidr.split("/")[1] ?? 24);
    const network = config.hostNetwork
      ? this.machine.host.network
      : new NetworkNamespace(cluster, ip, prefix, nodeName);
    if (!config.hostNetwork) {
      cluster.attach(network);
      for (const { hostIp, hostPort, containerPort } of config.portMappings ?? [])
        this.machine.host.network.addForward({
          hostIp,
          hostPort,
          to: network,
          port: containerPort,
        });
    }
    const sandbox = new Sandbox(this.machine, this.#newId(), config, network, ip);
    if (config.hostPid) startHostProcesses(this.machine);
    if (config.shareProcessNamespace) startPause(this.machine, sandbox);
    this.#sandboxes.set(sandbox.id, sandbox);
    this.#sandboxesOfPod.add(config.podUid, sandbox);
    return sandbox.status;
  }

  *stopPodSandbox(sandboxId: string): Call<void> {
    const sandbox = this.#sandboxes.get(sandboxId);
    if (sandbox === undefined || sandbox.state === "notready") return;
    for (const container of this.#containersOf(sandbox)) this.#kill(container);
    sandbox.stopPause?.();
    yield STOP_SANDBOX_MS;
    this.#close(sandbox);
  }

  removePodSandbox(sandboxId: string): void {
    const sandbox = this.#sandboxes.get(sandboxId);
    if (sandbox === undefined) return;
    for (const container of this.#containersOf(sandbox)) this.removeContainer(container.id);
    sandbox.stopPause?.();
    this.#close(sandbox);
    this.#sandboxes.delete(sandboxId);
    this.#sandboxesOfPod.remove(sandbox.config.podUid, sandbox);
  }

  podSandboxStatus(sandboxId: string): PodSandboxStatus | null {
    return this.#sandboxes.get(sandboxId)?.status ?? null;
  }

  listPodSandboxes(podUid: string): readonly PodSandboxStatus[] {
    return this.#sandboxesOfPod
      .of(podUid)
      .map((sandbox) => sandbox.status)
      .reverse();
  }

  *createContainer(sandboxId: string, config: ContainerConfig): Call<string> {
    yield CREATE_MS;
    const sandbox = this.#sandboxes.get(sandboxId);
    if (sandbox === undefined)
      throw new CriError(
        "CreateContainerError",
        `rpc error: code = NotFound desc = failed to find sandbox id "${sandboxId}": not found`,
      );
    const { targetContainerId } = config;
    const container = createContainer(
      {
        machine: this.machine,
        sandbox,
        target: targetContainerId === null ? null : this.#running(targetContainerId),
        newId: this.#newId(),
        owner: this,
      },
      config,
    );
    this.#containers.set(container.id, container);
    this.#containersOfPod.add(sandbox.config.podUid, container);
    return container.id;
  }

  *startContainer(containerId: string): Call<void> {
    const container = this.#find(containerId);
    yield START_MS + (container.config.script?.startSeconds ?? 0) * 1000;
    // It may have been removed, or its sandbox stopped, in the meantime.
    if (container.state !== "created" || this.#containers.get(containerId) !== container) return;
    startMain(this.machine, container);
    this.#emit("started", container);
  }

  *stopContainer(containerId: string, timeoutMs: number): Call<void> {
    const container = this.#containers.get(containerId);
    if (container?.main == null) return;
    // Signal 0 is none.
    const signal = parseSignal(container.stopSignal) || "TERM";
    if (timeoutMs > 0) {
      sendSignal(container.main, signal, true);
      const outcome = yield* this.#awaitEnd(container, timeoutMs);
      if (outcome !== TIMED_OUT) return;
    }
    this.#kill(container);
    yield* this.#awaitEnd(container, null);
  }

  removeContainer(containerId: string): void {
    const container = this.#containers.get(containerId);
    if (container === undefined) return;
    this.#kill(container);
    this.#containers.delete(containerId);
    this.#containersOfPod.remove(container.sandbox.config.podUid, container);
    const { confinement, files, log } = container;
    this.machine.kernel.confinements.delete(confinement);
    confinement.cpu.release();
    files.discard();
    log?.discard();
  }

  containerStatus(containerId: string): RuntimeContainerStatus | null {
    return this.#containers.get(containerId)?.status ?? null;
  }

  listContainers(podUid: string): readonly RuntimeContainerStatus[] {
    return this.#containersOfPod.of(podUid).map((container) => container.status);
  }

  updateContainerResources(containerId: string, resources: ContainerLimits): void {
    const { cpu, memory } = this.#find(containerId).confinement;
    cpu.setLimits(resources.cpuRequestMilli, resources.cpuLimitMilli);
    memory.limitBytes = resources.memoryLimitBytes;
  }

  *execSync(
    containerId: string,
    command: readonly string[],
    timeoutMs: number,
  ): Call<ExecSyncResult> {
    const container = this.#running(containerId);
    const { engine } = this.machine;
    const output = new CapturedOutput(container.credentials.uid, EXEC_OUTPUT_BYTES);
    const ended = new Signal<ExitStatus>();
    const process = startInContainer(this.machine, container, {
      argv: command,
      descriptors: outputDescriptors(this.machine, output),
      starter: {
        processEnded(_process, status) {
          ended.fire(status);
        },
      },
    });
    if (typeof process === "string") throw this.#execFailure(process);
    const result = (status: ExitStatus, timedOut: boolean): ExecSyncResult => ({
      exitCode: "code" in status ? status.code : 128 + status.number,
      stdout: output.stdout,
      stderr: output.stderr,
      timedOut,
    });
    if (timeoutMs <= 0) return result(yield* waitFor(ended), false);
    const outcome = yield* within(engine, ended, timeoutMs);
    if (outcome !== TIMED_OUT) return result(outcome, false);
    killProcess(process, KILL);
    return result(KILL, true);
  }

  exec(containerId: string, options: ExecOptions, listener: ExecListener): ExecSession {
    const container = this.#running(containerId);
    const started = startSession(this.machine, container, options, listener);
    if (typeof started === "string") throw this.#execFailure(started);
    return started;
  }

  readLog(containerId: string, options: LogReadOptions): ContainerLog {
    const container = this.#find(containerId);
    return {
      text: readEntries(container.log, options),
      ended: container.state === "exited",
    };
  }

  nodeStats(): NodeStats {
    const { kernel, files, images } = this.machine;
    const { disk } = files;
    const imageBytes = images.listImages().reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return {
      memoryCapacityBytes: kernel.memory.totalBytes,
      memoryAvailableBytes: kernel.memory.freeBytes,
      diskCapacityBytes: disk.limitBytes,
      diskAvailableBytes: disk.limitBytes - disk.usedBytes - imageBytes,
      inodeCapacity: disk.limitInodes,
      inodesFree: disk.limitInodes - disk.usedInodes,
    };
  }

  containerStats(containerId: string): ContainerStats | null {
    const container = this.#containers.get(containerId);
    if (container?.state !== "running") return null;
    const { confinement, files, log } = container;
    const { bytes, inodes } = files.usage;
    return {
      cpuMs: Math.floor(confinement.cpu.usedMicroseconds / 1000),
      memoryBytes: confinement.memory.totalBytes,
      processes: confinement.processCount,
      writableBytes: bytes,
      writableInodes: inodes,
      logBytes: log?.diskBytes ?? 0,
    };
  }

  powerOff(): void {
    this.#listeners.length = 0;
    for (const container of this.#containers.values()) {
      const { confinement, files, log } = container;
      for (const process of confinement.pids.processes)
        if (process.confinement === confinement) process.starter = null;
      killConfined(confinement);
      container.state = "exited";
      this.machine.kernel.confinements.delete(confinement);
      confinement.cpu.release();
      files.discard();
      log?.discard();
    }
    for (const sandbox of this.#sandboxes.values()) {
      sandbox.stopPause?.();
      this.#close(sandbox);
    }
    this.#containers.clear();
    this.#sandboxes.clear();
    this.#containersOfPod.clear();
    this.#sandboxesOfPod.clear();
  }

  onContainerEvent(listener: (event: ContainerEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** containerd's words around runc's: internal/cri/server/container_execsync.go, 2.0. */
  #execFailure(problem: string): CriError {
    return new CriError(
      "ExecError",
      `failed to exec in container: failed to start exec "${this.#newId()}": OCI runtime exec failed: exec failed: unable to start container process: ${problem}: unknown`,
    );
  }

  #newId(): string {
    return hexadecimal(this.#ids, 64);
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

  #running(containerId: string): Container {
    const container = this.#find(containerId);
    if (container.state !== "running")
      throw new CriError(
        "ExecError",
        `rpc error: code = Unknown desc = container is in ${stateName(container.state)} state`,
      );
    return container;
  }

  #containersOf(sandbox: Sandbox): Container[] {
    const { podUid } = sandbox.config;
    return this.#containersOfPod.of(podUid).filter((container) => container.sandbox === sandbox);
  }

  #kill(container: Container): void {
    if (container.main !== null) sendSignal(container.main, "KILL", true);
  }

  *#awaitEnd(container: Container, timeoutMs: number | null): Call<typeof TIMED_OUT | null> {
    if (container.state !== "running") return null;
    if (timeoutMs === null) {
      yield* waitFor(container.ended);
      return null;
    }
    const outcome = yield* within(this.machine.engine, container.ended, timeoutMs);
    return outcome === TIMED_OUT ? TIMED_OUT : null;
  }

  containerEnded(container: Container, status: ExitStatus): void {
    const { confinement, log } = container;
    // What the main process left behind in a shared process namespace goes with its container.
    killConfined(confinement);
    confinement.main = null;
    const { nowMs } = this.machine.engine;
    log?.finish(nowMs);
    container.markExited(status, readTerminationMessage(this.machine, container), nowMs);
    this.#emit("stopped", container);
  }

  #close(sandbox: Sandbox): void {
    if (sandbox.state === "notready") return;
    sandbox.state = "notready";
    if (sandbox.ip === "") return;
    this.machine.network.detach(sandbox.network);
    this.machine.host.network.removeForwards(sandbox.network);
    this.#addresses.release(sandbox.ip);
  }

  containerWrote(container: Container, entry: LogEntry): void {
    const { onLog } = this.machine.options;
    if (onLog === undefined) return;
    const { id, sandbox, config } = container;
    onLog({
      namespace: sandbox.config.namespace,
      pod: sandbox.config.name,
      podUid: sandbox.config.podUid,
      container: config.name,
      containerId: id,
      stream: entry.stream,
      line: entry.text,
      timeMs: entry.timeMs,
    });
  }

  /** Tells of an event in a step of its own, as a message over containerd's event stream would come. */
  #emit(type: ContainerEvent["type"], container: Container): void {
    const { id, sandbox } = container;
    const event = { type, podUid: sandbox.config.podUid, containerId: id } as const;
    this.machine.engine.soon(() => {
      for (const listener of this.#listeners) listener(event);
    });
  }
}

const stateName = (state: Container["state"]): string => `CONTAINER_${state.toUpperCase()}`;

/** Digits in words of eight: one flat string, where adding digit by digit would leave a chain of sixty-four. */
const hexadecimal = (random: RandomStream, digits: number): string => {
  const words: string[] = [];
  for (let i = 0; i < digits; i += 8)
    words.push(
      random
        .below(2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    );
  return words.join("");
};
