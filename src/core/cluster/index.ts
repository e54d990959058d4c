export { Cluster, type ClusterOptions } from "./cluster.js";
export type * from "./commands.js";
export { Invariants } from "./invariants.js";
