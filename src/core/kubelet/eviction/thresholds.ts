import type { NodeStats } from "../../runtime/index.js";

export type EvictionResource = "memory" | "ephemeral-storage" | "inodes";
export type PressureCondition = "memory" | "disk";

/** A bound of the node that is passed. */
export interface MetThreshold {
  readonly signal: string;
  readonly resource: EvictionResource;
  readonly condition: PressureCondition;
  /** What has to be left, and what is: bytes, or a number of inodes. */
  readonly quantity: number;
  readonly available: number;
}

interface Threshold extends Pick<MetThreshold, "signal" | "resource" | "condition"> {
  least(stats: NodeStats): number;
  available(stats: NodeStats): number;
}

const MEBIBYTE = 2 ** 20;

const share = (capacity: number, part: number): number => Math.floor(capacity * part);

/**
 * EVICT-1: the hard thresholds, memory first. Images and containers lie on one disk, so the larger share counts for both.
 * pkg/kubelet/eviction/defaults_linux.go, 1.34: DefaultEvictionHard.
 */
const THRESHOLDS: readonly Threshold[] = [
  {
    signal: "memory.available",
    resource: "memory",
    condition: "memory",
    least: () => 100 * MEBIBYTE,
    available: ({ memoryAvailableBytes }) => memoryAvailableBytes,
  },
  {
    signal: "nodefs.available",
    resource: "ephemeral-storage",
    condition: "disk",
    least: ({ diskCapacityBytes }) => share(diskCapacityBytes, 0.1),
    available: ({ diskAvailableBytes }) => diskAvailableBytes,
  },
  {
    signal: "imagefs.available",
    resource: "ephemeral-storage",
    condition: "disk",
    least: ({ diskCapacityBytes }) => share(diskCapacityBytes, 0.15),
    available: ({ diskAvailableBytes }) => diskAvailableBytes,
  },
  {
    signal: "nodefs.inodesFree",
    resource: "inodes",
    condition: "disk",
    least: ({ inodeCapacity }) => share(inodeCapacity, 0.05),
    available: ({ inodesFree }) => inodesFree,
  },
];

/** In the order in which they are answered. helpers.go, 1.34: thresholdsMet, byEvictionPriority. */
export const thresholdsMet = (stats: NodeStats): readonly MetThreshold[] => {
  const met: MetThreshold[] = [];
  for (const threshold of THRESHOLDS) {
    const quantity = threshold.least(stats);
    const available = threshold.available(stats);
    if (available >= quantity) continue;
    const { signal, resource, condition } = threshold;
    met.push({ signal, resource, condition, quantity, available });
  }
  return met;
};
