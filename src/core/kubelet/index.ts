export type { EventSink } from "./kubelet-context.js";
export type { KubeletNode } from "./kubelet-node.js";
export { Kubelet, type KubeletOptions } from "./kubelet.js";
