import type { Command, NodeTemplate, Outcome, SessionOutput } from "../core/cluster/index.js";
import type { JournalBatch, JournalSnapshot } from "../core/store/index.js";

/** What the pacer needs of the engine. */
export interface PacedEngine {
  readonly nowMs: number;
  nextDueMs(): number | null;
  step(limitMs: number): boolean;
  runUntil(timeMs: number, shouldPause?: () => boolean): "reached" | "paused";
}

/** What the service needs of a Cluster: values go in and come out, so that it can move into a worker thread. */
export interface SimulatedCluster {
  readonly engine: PacedEngine;
  /** Synchronous; refusals are outcomes, exceptions are broken invariants. */
  execute(command: Command): Outcome;
  takeBatch(): JournalBatch;
  /** What commands in containers gave to their clients since the last call. */
  takeSessionOutputs(): readonly SessionOutput[];
}

export interface ClusterOptions {
  readonly seed: number;
  /** Virtual time at the start, Unix milliseconds. */
  readonly startMs: number;
  /** Machines of a new cluster. */
  readonly nodes?: readonly NodeTemplate[];
  /** Signs service account tokens. */
  readonly signToken?: (claims: Readonly<Record<string, unknown>>) => string;
  /** What the journal kept of an earlier run. */
  readonly snapshot?: JournalSnapshot;
}

export type ClusterFactory = (options: ClusterOptions) => SimulatedCluster;

/** Injection token of the ClusterFactory. */
export const CLUSTER_FACTORY = Symbol("ClusterFactory");
