import type { ExecAction, ExecAnswer } from "./exec-commands.js";
import type { MachineAction, MachineState } from "./machine.js";
import type { ApiRequest, ApiResponse, StatusBody } from "../registry/index.js";

/** What enters the cluster from outside. Plain values, so that a command log can be replayed and the cluster can live in a worker. */
export type Command =
  | { readonly type: "api"; readonly request: ApiRequest }
  | { readonly type: "add-nodes"; readonly nodes: readonly NodeTemplate[] }
  | { readonly type: "remove-node"; readonly name: string }
  | { readonly type: "act-on-node"; readonly name: string; readonly action: MachineAction }
  | { readonly type: "read-log"; readonly query: LogQuery }
  | { readonly type: "exec"; readonly action: ExecAction };

/** A machine to add. Quantities as in Kubernetes. */
export interface NodeTemplate {
  readonly name: string;
  readonly capacity: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly {
    readonly key: string;
    readonly value?: string;
    readonly effect: string;
  }[];
}

/** How a machine is after something was done to it. */
export interface MachineAnswer {
  readonly name: string;
  readonly state: MachineState;
  /** Whether the API server reaches its kubelet. */
  readonly isReachable: boolean;
}

export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly limitBytes?: number;
  readonly timestamps?: boolean;
  readonly stream?: "All" | "Stdout" | "Stderr";
}

/** What comes back. A refused request is a value here: the Status that Kubernetes would send. */
export type Outcome =
  | { readonly ok: true; readonly response: ApiResponse }
  | { readonly ok: true; readonly nodes: readonly string[] }
  | { readonly ok: true; readonly machine: MachineAnswer }
  | { readonly ok: true; readonly log: LogAnswer }
  | { readonly ok: true; readonly exec: ExecAnswer }
  | { readonly ok: false; readonly status: StatusBody };

/** The log as text, and where it ends: a follower goes on with the `log` records after `cursor`. */
export interface LogAnswer {
  readonly text: string;
  readonly cursor: number;
  /** The instance's container has ended, so nothing will follow. */
  readonly ended: boolean;
  readonly container: string;
}
