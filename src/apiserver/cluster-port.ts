import type { Command, Feed, Outcome, SessionPort } from "../simulation/index.js";

export type {
  ApiRequest,
  ApiResponse,
  Command,
  DeleteOptions,
  ExecAction,
  ExecAnswer,
  ExecQuery,
  Feed,
  FeedBatch,
  FeedFilter,
  FeedReader,
  ListOptions,
  LogAnswer,
  LogQuery,
  ObjectList,
  Outcome,
  PatchType,
  SessionOutput,
  SessionPort,
  StatusBody,
  WriteOptions,
} from "../simulation/index.js";

/** All that the API server needs of the simulation; `SimulationService` fulfils it. */
export interface ClusterPort {
  /** Resolves once what was done is durable. */
  execute(command: Command): Promise<Outcome>;
  readonly feed: Feed;
  /** What commands that run in containers say. */
  readonly sessions: SessionPort;
  readonly isReady: boolean;
  /** What service account tokens are verified with: a JSON Web Key Set. */
  readonly tokenKeys?: object;
  /** Virtual time, Unix milliseconds. */
  readonly nowMs: number;
  /** For the metrics. */
  readonly backlog?: { readonly unwrittenEntries: number; readonly lagMs: number };
  readonly feedReaders?: number;
}

export const CLUSTER_PORT = Symbol("ClusterPort");
