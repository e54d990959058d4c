export { Cluster } from "./cluster.js";
export type * from "./commands.js";
export type * from "./exec-commands.js";
export { Invariants } from "./invariants.js";
