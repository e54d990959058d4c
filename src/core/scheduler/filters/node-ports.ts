import { hostPortsOf, type HostPort } from "../node-info.js";
import type { Filter } from "./filter.js";

/** Two pods of one node cannot take the same host port on the same address. */
export const nodePorts: Filter = {
  plugin: "NodePorts",
  helpedBy: () => ["node-added"],
  /** node_ports.go isSchedulableAfterPodDeleted, 1.34: only a pod that had one of these ports makes room. */
  helpedByPod({ hostPorts }, { before, after }) {
    if (before === null || after !== null) return false;
    const freed = hostPortsOf(before);
    return hostPorts.some((wanted) => freed.some((port) => collide(wanted, port)));
  },
  check(pod, node) {
    if (pod.hostPorts.length === 0) return null;
    for (const other of node.pods.values()) {
      const clash = pod.hostPorts.some((wanted) =>
        other.hostPorts.some((taken) => collide(wanted, taken)),
      );
      if (!clash) continue;
      const reasons = ["node(s) didn't have free ports for the requested pod ports"];
      return { plugin: this.plugin, reasons, resolvable: true };
    }
    return null;
  },
};

const collide = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port &&
  a.protocol === b.protocol &&
  (isAny(a.address) || isAny(b.address) || a.address === b.address);

const isAny = (address: string): boolean =>
  address === "" || address === "0.0.0.0" || address === "::";
