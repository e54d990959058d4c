export * from "./cri.js";
export { ClusterNetwork } from "./cluster-network.js";
export type { DnsAnswer, DnsType, Route, RouteSource } from "./cluster-network.js";
export { createRuntime } from "./create-runtime.js";
export { errnoText } from "./look-path.js";
export type { ContainerLog, LogReadOptions } from "./log-read.js";
export type * from "./pod-network.js";
export type { ContainerLogLine, MachineCapacity } from "./runtime-options.js";
