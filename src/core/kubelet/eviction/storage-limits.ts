import {
  asInteger,
  formatQuantity,
  parseQuantity,
  podLimits,
  type Pod,
  type PodSpec,
} from "../../api/index.js";
import type { PodUsage } from "./pod-usage.js";

/** Nothing of a pod without such limits has to be measured. */
export const hasStorageLimits = (spec: PodSpec): boolean =>
  spec.volumes?.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) === true ||
  [...spec.containers, ...(spec.initContainers ?? [])].some(
    ({ resources }) => resources?.limits?.["ephemeral-storage"] !== undefined,
  );

/**
 * EVICT-4: what a pod uses beyond its own limits, as its status will say; null when nothing. The space at the end is upstream's.
 * pkg/kubelet/eviction/eviction_manager.go, 1.34: localStorageEviction.
 */
export const beyondStorageLimits = (pod: Pod, usage: PodUsage): string | null =>
  beyondEmptyDir(pod, usage) ?? beyondPod(pod, usage) ?? beyondContainer(pod, usage);

function beyondEmptyDir({ spec }: Pod, { emptyDirBytes }: PodUsage): string | null {
  for (const { name, emptyDir } of spec.volumes ?? []) {
    if (emptyDir?.sizeLimit === undefined) continue;
    const limit = parseQuantity(emptyDir.sizeLimit);
    const bytes = asInteger(limit);
    if (bytes > 0 && (emptyDirBytes.get(name) ?? 0) > bytes) {
      return `Usage of EmptyDir volume ${quoted(name)} exceeds the limit ${quoted(formatQuantity(limit))}. `;
    }
  }
  return null;
}

function beyondPod(pod: Pod, { diskBytes }: PodUsage): string | null {
  const limit = podLimits(pod).get("ephemeral-storage");
  return limit !== undefined && diskBytes > asInteger(limit)
    ? `Pod ephemeral local storage usage exceeds the total limit of containers ${formatQuantity(limit)}. `
    : null;
}

function beyondContainer({ spec }: Pod, { containers }: PodUsage): string | null {
  for (const { name, diskBytes } of containers) {
    const container = spec.containers.find((candidate) => candidate.name === name);
    const text = container?.resources?.limits?.["ephemeral-storage"];
    const limit = text === undefined ? null : parseQuantity(text);
    if (limit !== null && limit.nanos !== 0n && diskBytes > asInteger(limit)) {
      return `Container ${name} exceeded its local ephemeral storage limit ${quoted(formatQuantity(limit))}. `;
    }
  }
  return null;
}

const quoted = (text: string): string => JSON.stringify(text);
