import type { Node, Pod, PodSpec } from "../../api/index.js";
import { NodeInfo } from "../node-info.js";

const CREATED = "2026-01-01T00:00:00Z";
let pods = 0;

/** A pod for tables of decisions; each has a uid of its own. */
export const aPod = (spec: Partial<PodSpec>, metadata: Partial<Pod["metadata"]> = {}): Pod => {
  const uid = `pod-${String((pods += 1))}`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: uid,
      namespace: "default",
      uid,
      resourceVersion: "1",
      creationTimestamp: CREATED,
      ...metadata,
    },
    spec: { containers: [{ name: "c", image: "i" }], ...spec },
    status: {},
  };
};

/** A node with room for ten pods, its host name among its labels, and pods on it. */
export const aNode = (
  name: string,
  labels: Readonly<Record<string, string>>,
  others: readonly Pod[],
  spec: Node["spec"] = {},
): NodeInfo => {
  const info = new NodeInfo(name);
  info.setNode({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      uid: name,
      resourceVersion: "1",
      creationTimestamp: CREATED,
      labels: { "kubernetes.io/hostname": name, ...labels },
    },
    spec,
    status: { allocatable: { cpu: "2", memory: "4Gi", pods: "10" } },
  });
  for (const other of others) info.addPod({ ...other, spec: { ...other.spec, nodeName: name } });
  return info;
};
