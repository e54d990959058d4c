import {
  addQuantities,
  asInteger,
  formatQuantity,
  parseQuantity,
  subtractQuantities,
  type ContainerImage,
  type NodeStatus,
  type NodeSystemInfo,
} from "../../api/index.js";
import type { ImageStatus } from "../../runtime/index.js";
import type { KubeletNode } from "../kubelet-node.js";

/** What a node calls itself. pkg/kubelet/kubelet_node_status.go, 1.34: initialNode. */
export const nodeLabels = (node: KubeletNode): Record<string, string> => ({
  "beta.kubernetes.io/arch": "amd64",
  "beta.kubernetes.io/os": "linux",
  "kubernetes.io/arch": "amd64",
  "kubernetes.io/hostname": node.name,
  "kubernetes.io/os": "linux",
  ...node.labels,
});

export const NODE_ANNOTATIONS: Readonly<Record<string, string>> = {
  "volumes.kubernetes.io/controller-managed-attach-detach": "true",
};

/** The machine under the node; the identities differ from node to node, the boot ID from start to start. */
export const systemInfo = (ids: {
  readonly machineId: string;
  readonly systemUuid: string;
  readonly bootId: string;
}): NodeSystemInfo => ({
  architecture: "amd64",
  bootID: ids.bootId,
  containerRuntimeVersion: "containerd://2.1.3",
  kernelVersion: "6.8.0-1031-peapod",
  kubeProxyVersion: "",
  kubeletVersion: "v1.34.0",
  machineID: ids.machineId,
  operatingSystem: "linux",
  osImage: "Debian GNU/Linux 12 (bookworm)",
  systemUUID: ids.systemUuid,
});

/** Reported by a Linux node that was given none. */
const NO_HUGEPAGES = { "hugepages-1Gi": "0", "hugepages-2Mi": "0" };

export const nodeCapacity = (node: KubeletNode): Record<string, string> => ({
  ...NO_HUGEPAGES,
  ...node.capacity,
});

/** The kubelet keeps so much memory free: `memory.available<100Mi` (EVICT-1). */
const EVICTION_MEMORY = parseQuantity("100Mi");

/** What pods may ask for: the capacity without what the hard eviction thresholds keep free. pkg/kubelet/cm/node_container_manager_linux.go, 1.34. */
export function nodeAllocatable(node: KubeletNode): Record<string, string> {
  const capacity = nodeCapacity(node);
  const { memory, "ephemeral-storage": storage } = capacity;
  return {
    ...capacity,
    ...(memory === undefined
      ? {}
      : { memory: formatQuantity(subtractQuantities(parseQuantity(memory), EVICTION_MEMORY)) }),
    ...(storage === undefined ? {} : { "ephemeral-storage": nineTenths(storage) }),
  };
}

/** `nodefs.available<10%`. */
const nineTenths = (quantity: string): string =>
  String(Math.floor(asInteger(addQuantities(parseQuantity(quantity), parseQuantity("0"))) * 0.9));

/** How many images a node tells of. pkg/kubelet/apis/config/v1beta1/defaults.go, 1.34: nodeStatusMaxImages. */
export const MAX_IMAGES_REPORTED = 50;
/** And how many names of each. pkg/kubelet/nodestatus/setters.go, 1.34: MaxNamesPerImageInNodeStatus. */
export const MAX_NAMES_PER_IMAGE = 5;

/** The largest first. */
export const nodeImages = (images: readonly ImageStatus[]): ContainerImage[] =>
  [...images]
    .sort((a, b) => b.sizeBytes - a.sizeBytes || (a.id < b.id ? -1 : 1))
    .slice(0, MAX_IMAGES_REPORTED)
    .map(({ repoDigests, repoTags, sizeBytes }) => ({
      names: [...repoDigests, ...repoTags].slice(0, MAX_NAMES_PER_IMAGE),
      sizeBytes,
    }));

/** All of a node's status but its conditions. pkg/kubelet/nodestatus/setters.go, 1.34. */
export const nodeStatus = (
  node: KubeletNode,
  info: NodeSystemInfo,
  images: readonly ImageStatus[],
): NodeStatus => ({
  addresses: [
    { type: "InternalIP", address: node.ip },
    { type: "Hostname", address: node.name },
  ],
  allocatable: nodeAllocatable(node),
  capacity: nodeCapacity(node),
  daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
  features: { supplementalGroupsPolicy: true },
  images: nodeImages(images),
  nodeInfo: info,
  runtimeHandlers: ["", "runc"].map((name) => ({
    features: { recursiveReadOnlyMounts: true, userNamespaces: true },
    name,
  })),
});
