export * from "./cri.js";
export type * from "./pod-network.js";
