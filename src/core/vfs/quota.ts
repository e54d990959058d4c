/**
 * What a file system, a disk or a node may hold. Each charge counts in this quota and in all above it, or in none. `held` bytes are real memory of the
 * simulator, the others are simulated.
 */
export class Quota {
  usedBytes = 0;
  usedInodes = 0;
  heldBytes = 0;

  constructor(
    readonly limitBytes: number,
    readonly limitInodes: number,
    readonly limitHeldBytes: number,
    readonly parent: Quota | null = null,
  ) {}

  /** False, with nothing charged, when it would go past a limit here or above. Negative amounts give back. */
  charge(bytes: number, inodes: number, heldBytes: number): boolean {
    if (this.#isTooMuch(bytes, inodes, heldBytes)) return false;
    if (this.parent?.charge(bytes, inodes, heldBytes) === false) return false;
    this.usedBytes += bytes;
    this.usedInodes += inodes;
    this.heldBytes += heldBytes;
    return true;
  }

  /** Gives back all that this one has charged to those above it: its file system is gone. */
  release(): void {
    this.charge(-this.usedBytes, -this.usedInodes, -this.heldBytes);
  }

  #isTooMuch(bytes: number, inodes: number, heldBytes: number): boolean {
    return (
      (bytes > 0 && this.usedBytes + bytes > this.limitBytes) ||
      (inodes > 0 && this.usedInodes + inodes > this.limitInodes) ||
      (heldBytes > 0 && this.heldBytes + heldBytes > this.limitHeldBytes)
    );
  }
}

/** Shared by all clusters of a process, so it must not even count: what one of them builds would show in another. */
class NoQuota extends Quota {
  override charge(): boolean {
    return true;
  }
}

/** For file systems that hold nothing of their own (proc) or are shared and frozen (images): no bound, and always empty. */
export const UNLIMITED: Quota = new NoQuota(Infinity, Infinity, Infinity);
