import type { Pod, Volume } from "../../api/index.js";
import type { KubeletContext } from "../kubelet-context.js";
import type { PodHandle } from "../pod-handle.js";
import { etcHostsPath, volumeDirectory } from "../pod-paths.js";
import { runningInstances } from "../pod-runtime-status.js";

export interface ContainerUsage {
  readonly name: string;
  readonly memoryBytes: number;
  /** Its writable layer and its log. */
  readonly diskBytes: number;
  readonly inodes: number;
}

/** What a pod uses of its node. pkg/kubelet/apis/stats/v1alpha1, 1.34: PodStats. */
export interface PodUsage {
  readonly memoryBytes: number;
  /** Containers and the volumes that lie on the node's disk. */
  readonly diskBytes: number;
  readonly inodes: number;
  readonly containers: readonly ContainerUsage[];
  /** Of each emptyDir, in memory or not, by the volume's name. */
  readonly emptyDirBytes: ReadonlyMap<string, number>;
}

export function podUsage({ runtime }: KubeletContext, handle: PodHandle): PodUsage {
  const { files } = runtime;
  const containers = runningInstances(handle.runtimeStatus()).flatMap(({ id, name }) => {
    const stats = runtime.containerStats(id);
    if (stats === null) return [];
    const { memoryBytes, writableBytes, logBytes, writableInodes } = stats;
    return [{ name, memoryBytes, diskBytes: writableBytes + logBytes, inodes: writableInodes }];
  });
  const emptyDirs = emptyDirsOf(handle.pod).map((volume) => ({
    volume,
    ...files.usage(volumeDirectory(handle.uid, "kubernetes.io~empty-dir", volume.name)),
  }));
  const onDisk = emptyDirs.filter(({ volume }) => volume.emptyDir?.medium !== "Memory");
  const hosts = files.usage(etcHostsPath(handle.uid));
  return {
    memoryBytes: sum(containers.map(({ memoryBytes }) => memoryBytes)),
    diskBytes:
      sum(containers.map(({ diskBytes }) => diskBytes)) +
      sum(onDisk.map(({ bytes }) => bytes)) +
      hosts.bytes,
    inodes: sum([...containers, ...onDisk, hosts].map(({ inodes }) => inodes)),
    containers,
    emptyDirBytes: new Map(emptyDirs.map(({ volume, bytes }) => [volume.name, bytes])),
  };
}

const emptyDirsOf = ({ spec }: Pod): readonly Volume[] =>
  (spec.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined);

const sum = (amounts: readonly number[]): number => amounts.reduce((total, one) => total + one, 0);
