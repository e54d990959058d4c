import { asInteger, parseQuantity, type Container } from "../../api/index.js";
import type { VolumeContext } from "./volume-plugins.js";

/**
 * How much a volume in memory holds: no more than the node gives to pods, than the pod may use when all its containers are limited, than its own limit.
 * pkg/volume/emptydir/empty_dir.go, 1.34: calculateEmptyDirMemorySize.
 */
export function memoryVolumeBytes(
  { handle, allocatable }: Pick<VolumeContext, "handle" | "allocatable">,
  sizeLimit: string | undefined,
): number {
  const { spec } = handle.pod;
  const bounds = [allocatable().memory, spec.resources?.limits?.memory, sizeLimit]
    .map((text) => (text === undefined ? 0 : asInteger(parseQuantity(text))))
    .concat(sumOfLimits([...(spec.initContainers ?? []), ...spec.containers]))
    .filter((bytes) => bytes > 0);
  return Math.min(...bounds);
}

/** 0 when a container has none: pkg/kubelet/cm/helpers_linux.go, 1.34, ResourceConfigForPod. */
function sumOfLimits(containers: readonly Container[]): number {
  let sum = 0;
  for (const { resources } of containers) {
    const limit = resources?.limits?.memory;
    if (limit === undefined) return 0;
    sum += asInteger(parseQuantity(limit));
  }
  return sum;
}
