export { Kubelet, type KubeletNode, type KubeletOptions } from "./kubelet.js";
