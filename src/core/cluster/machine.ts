import { amountsOf, wholeAmount } from "../api/index.js";
import type { Client } from "../client/index.js";
import type { Engine, Timer } from "../engine/index.js";
import { Kubelet, type RunningInstance } from "../kubelet/index.js";
import {
  createRuntime,
  type ClusterNetwork,
  type ContainerLog,
  type ContainerLogLine,
  type ContainerRuntime,
  type ExecListener,
  type ExecOptions,
  type ExecSession,
  type LogReadOptions,
  type MachineCapacity,
} from "../runtime/index.js";
import { nodeIpOf, podCidrOf, type MachineObject } from "./machine-object.js";
import { NodeLink } from "./node-link.js";

export interface MachineOptions {
  readonly engine: Engine;
  readonly client: Client;
  readonly network: ClusterNetwork;
  readonly object: MachineObject;
  readonly pullTimeScale: number;
  /** Told when it goes off: what ran on it is lost. */
  readonly onLost: (machine: Machine) => void;
}

/** What can be done to a machine from outside (`POST /sim/v1/nodes/{name}/actions`). */
export type MachineAction = "shutdown" | "poweroff" | "partition" | "reboot" | "heal";

export type MachineState = "running" | "shutting-down" | "off" | "booting";

/** What the machine takes to stop its other services once the kubelet does not hold it up any more. */
const SERVICES_STOP_MS = 2000;
/** From the power button to the start of the kubelet. */
const BOOT_MS = 20_000;

/** One simulated machine: a container runtime, the kubelet on it, and the network between them and the API server. */
export class Machine {
  readonly index: number;
  readonly #runtime: ContainerRuntime;
  readonly #link: NodeLink;
  #kubelet: Kubelet;
  #state: MachineState = "off";
  /** The end of a shutdown or of a boot that is under way. */
  #pending: Timer | null = null;

  constructor(private readonly options: MachineOptions) {
    const { engine, client, network, object, pullTimeScale } = options;
    const { name } = object.metadata;
    const { index, capacity } = object.spec;
    this.index = index;
    this.#link = new NodeLink(engine, client);
    this.#runtime = createRuntime({
      engine,
      nodeName: name,
      nodeIp: nodeIpOf(index),
      podCidr: podCidrOf(index),
      network,
      capacity: machineCapacity(capacity),
      pullTimeScale,
      onLog: (line) => client.record(logRecord(name, line)),
    });
    this.#kubelet = this.#makeKubelet();
  }

  get state(): MachineState {
    return this.#state;
  }

  /** Whether the API server reaches its kubelet. */
  get isReachable(): boolean {
    return !this.#link.isCut && (this.#state === "running" || this.#state === "shutting-down");
  }

  start(): void {
    this.#state = "running";
    this.#kubelet.start();
  }

  perform(action: MachineAction): void {
    switch (action) {
      case "shutdown":
        this.#shutDown();
        return;
      case "poweroff":
        this.powerOff();
        return;
      case "partition":
        this.#link.cut();
        return;
      case "reboot":
        this.powerOff();
        this.#bootUp();
        return;
      case "heal":
        this.#link.mend();
        if (this.#state === "off") this.#bootUp();
    }
  }

  /** Everything on it stops in this very moment, and nobody is told. */
  powerOff(): void {
    if (this.#pending !== null) this.options.engine.cancel(this.#pending);
    this.#pending = null;
    if (this.#state === "running" || this.#state === "shutting-down") {
      this.#kubelet.stop();
      this.#runtime.powerOff();
      this.options.onLost(this);
    }
    this.#state = "off";
  }

  /** As `systemctl poweroff` does it: the kubelet holds it up until its pods are down. */
  #shutDown(): void {
    if (this.#state !== "running") return;
    this.#state = "shutting-down";
    const kubelet = this.#kubelet;
    kubelet.shutDown(() => {
      this.#pending = this.options.engine.after(SERVICES_STOP_MS, () => {
        this.#pending = null;
        if (kubelet === this.#kubelet && this.#state === "shutting-down") this.powerOff();
      });
    });
  }

  #bootUp(): void {
    this.#state = "booting";
    this.#pending = this.options.engine.after(BOOT_MS, () => {
      this.#pending = null;
      this.#kubelet = this.#makeKubelet();
      this.start();
    });
  }

  #makeKubelet(): Kubelet {
    const { engine, object } = this.options;
    const { index, capacity, labels, taints } = object.spec;
    const { name } = object.metadata;
    return new Kubelet({
      engine,
      client: this.#link,
      eventClient: this.#link.events,
      runtime: this.#runtime,
      node: { name, ip: nodeIpOf(index), capacity, labels, taints },
    });
  }

  findRunning(podUid: string, container: string): RunningInstance {
    return this.#kubelet.findRunning(podUid, container);
  }

  /** @throws CriError when the command cannot be started. */
  exec(containerId: string, options: ExecOptions, listener: ExecListener): ExecSession {
    return this.#runtime.exec(containerId, options, listener);
  }

  /** Null when the runtime has no such container (any more). */
  readLog(containerId: string, options: LogReadOptions): ContainerLog | null {
    if (this.#runtime.containerStatus(containerId) === null) return null;
    return this.#runtime.readLog(containerId, options);
  }
}

const machineCapacity = (capacity: Readonly<Record<string, string>>): Partial<MachineCapacity> => {
  const amounts = amountsOf(capacity);
  const amountOf = (name: string): number => {
    const quantity = amounts.get(name);
    return quantity === undefined ? 0 : wholeAmount(name, quantity);
  };
  return {
    cpuMilli: amountOf("cpu"),
    memoryBytes: amountOf("memory"),
    diskBytes: amountOf("ephemeral-storage"),
  };
};

const logRecord = (node: string, line: ContainerLogLine): Parameters<Client["record"]>[0] => ({
  type: "log",
  namespace: line.namespace,
  pod: line.pod,
  uid: line.podUid,
  node,
  container: line.container,
  stream: line.stream,
  line: line.line,
});
