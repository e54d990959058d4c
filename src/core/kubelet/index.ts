export { Kubelet, type RunningInstance } from "./kubelet.js";
