export { Kubelet } from "./kubelet.js";
