import type { Engine } from "../engine/index.js";
import type { Program } from "../shell/index.js";
import type { ClusterNetwork } from "./cluster-network.js";

/** The machine that a runtime runs on, and how it is wired to the rest. */
export interface RuntimeOptions {
  readonly engine: Engine;
  readonly nodeName: string;
  /** The node's own address; pods on the host network have it. */
  readonly nodeIp: string;
  /** The range pods get their addresses from: `10.244.1.0/24`. */
  readonly podCidr: string;
  /** One for the whole cluster, so that pods of different nodes reach each other. */
  readonly network: ClusterNetwork;
  readonly capacity?: Partial<MachineCapacity>;
  /** Multiplies how long image pulls take; 0: no time at all. */
  readonly pullTimeScale?: number;
  /** Programs beside the catalogue's, by the name that executables carry: for specs. */
  readonly programs?: ReadonlyMap<string, Program>;
  /** Told of an error that a program did not catch: a fault of the simulator. That process alone has died of it. */
  readonly onFault?: (program: string, error: unknown) => void;
  /** Every line a container writes, the moment it is written. */
  readonly onLog?: (line: ContainerLogLine) => void;
}

/** What the simulated machine has. */
export interface MachineCapacity {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly diskInodes: number;
}

export interface ContainerLogLine {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
  readonly container: string;
  readonly containerId: string;
  readonly stream: "stdout" | "stderr";
  /** Without its newline. */
  readonly line: string;
  readonly timeMs: number;
}
