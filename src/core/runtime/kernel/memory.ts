import { HELD_MEMORY_IN_ALL, HELD_MEMORY_PER_CONTAINER } from "../limits.js";

/** What the simulator really holds for the programs of a cluster. One object belongs to all its nodes. */
export class HeldMemory {
  bytes = 0;
}

/** The memory of a machine, given out to containers. */
export class MachineMemory {
  usedBytes = 0;

  constructor(
    readonly totalBytes: number,
    /** What the machine itself takes: system services, the kubelet, page tables. */
    readonly systemBytes: number,
    readonly held: HeldMemory,
  ) {}

  get freeBytes(): number {
    return this.totalBytes - this.systemBytes - this.usedBytes;
  }
}

/** Files that lie in memory. */
export interface MemoryFiles {
  readonly memoryFileBytes: number;
}

export type MemoryVerdict = "fine" | "over-limit" | "over-machine" | "over-simulator";

/** A memory cgroup: what the processes of one container hold, and its limit (memory.max). */
export class MemoryGroup {
  usedBytes = 0;
  peakBytes = 0;
  /** Of `usedBytes`, what the simulator really holds for programs. */
  #heldBytes = 0;
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** How often it hit its limit (memory.events, oom). */
  outOfMemoryCount = 0;

  constructor(
    private readonly machine: MachineMemory,
    public limitBytes: number | null,
    /** What lies in its file systems in memory counts against the same limit. */
    private readonly files: MemoryFiles | null = null,
  ) {}

  get totalBytes(): number {
    return this.files === null ? this.usedBytes : this.usedBytes + this.files.memoryFileBytes;
  }

  /**
   * Takes memory. The answer says which limit that goes past, if any: the kernel then kills. It is taken anyway, as the process that asked may be the one
   * that dies, and gives it back so.
   */
  charge(bytes: number, heldBytes: number): MemoryVerdict {
    this.usedBytes += bytes;
    this.#heldBytes += heldBytes;
    this.machine.usedBytes += bytes;
    this.machine.held.bytes += heldBytes;
    const total = this.totalBytes;
    if (total > this.peakBytes) this.peakBytes = total;
    if (bytes < 0) return "fine";
    if (this.limitBytes !== null && total > this.limitBytes) return "over-limit";
    if (this.#heldBytes > HELD_MEMORY_PER_CONTAINER) return "over-limit";
    if (heldBytes > 0 && this.machine.held.bytes > HELD_MEMORY_IN_ALL) return "over-simulator";
    return this.machine.freeBytes < 0 ? "over-machine" : "fine";
  }

  get isOverLimit(): boolean {
    return this.limitBytes !== null && this.totalBytes > this.limitBytes;
  }
}
