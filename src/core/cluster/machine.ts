import { amountsOf, wholeAmount } from "../api/index.js";
import type { Client } from "../client/index.js";
import type { Engine } from "../engine/index.js";
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

export interface MachineOptions {
  readonly engine: Engine;
  readonly client: Client;
  readonly network: ClusterNetwork;
  readonly object: MachineObject;
  readonly pullTimeScale: number;
}

/** One simulated machine: a container runtime and the kubelet on it. */
export class Machine {
  readonly index: number;
  readonly #runtime: ContainerRuntime;
  readonly #kubelet: Kubelet;

  constructor({ engine, client, network, object, pullTimeScale }: MachineOptions) {
    const { name } = object.metadata;
    const { index, capacity, labels, taints } = object.spec;
    this.index = index;
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
    this.#kubelet = new Kubelet({
      engine,
      client,
      runtime: this.#runtime,
      node: { name, ip: nodeIpOf(index), capacity, labels, taints },
    });
  }

  start(): void {
    this.#kubelet.start();
  }

  /** Everything on it stops in this very moment. */
  powerOff(): void {
    this.#kubelet.stop();
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
