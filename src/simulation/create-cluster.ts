import { Cluster } from "../core/cluster/index.js";
import type { ClusterFactory } from "./cluster-port.js";

/** The real cluster. */
export const createCluster: ClusterFactory = (options) => new Cluster(options);
