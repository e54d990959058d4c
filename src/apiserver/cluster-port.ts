import type { Command, Outcome } from "../core/cluster/index.js";
import type { Feed } from "../simulation/feed.js";

export type { Command, LogAnswer, LogQuery, Outcome } from "../core/cluster/index.js";
export type {
  ApiRequest,
  ApiResponse,
  DeleteOptions,
  ListOptions,
  ObjectList,
  PatchType,
  StatusBody,
  WriteOptions,
} from "../core/registry/index.js";
export type { Feed, FeedBatch, FeedFilter, FeedReader } from "../simulation/feed.js";

/** All that the API server needs of the simulation; `SimulationService` fulfils it. */
export interface ClusterPort {
  /** Resolves once what was done is durable. */
  execute(command: Command): Promise<Outcome>;
  readonly feed: Feed;
  readonly isReady: boolean;
}

export const CLUSTER_PORT = Symbol("ClusterPort");
