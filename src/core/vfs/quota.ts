import { NODE_RESERVE } from "./limits.js";

/**
 * What a file system, a disk or a node may hold. Each charge counts in this quota and in all above it, or in none. `held` bytes are real memory of the
 * simulator, the others are simulated.
 */
export class Quota {
  usedBytes = 0;
  usedInodes = 0;
  heldBytes = 0;
  #isReserveOpen = false;
  #isReleased = false;

  constructor(
    readonly limitBytes: number,
    readonly limitInodes: number,
    readonly limitHeldBytes: number,
    readonly parent: Quota | null = null,
  ) {}

  /** False, with nothing charged, when it would go past a limit here or above. Negative amounts give back. */
  charge(bytes: number, inodes: number, heldBytes: number): boolean {
    if (this.#isReleased) return bytes <= 0 && inodes <= 0 && heldBytes <= 0;
    if (this.#isTooMuch(bytes, inodes, heldBytes)) return false;
    if (this.parent?.charge(bytes, inodes, heldBytes) === false) return false;
    this.usedBytes += bytes;
    this.usedInodes += inodes;
    this.heldBytes += heldBytes;
    return true;
  }

  /** Does what the node itself has to do: it may go into what is kept for it when everything else is full. */
  withReserve<T>(action: () => T): T {
    const before = this.#isReserveOpen;
    this.#isReserveOpen = true;
    try {
      return this.parent === null ? action() : this.parent.withReserve(action);
    } finally {
      this.#isReserveOpen = before;
    }
  }

  /** Gives back all that this one has charged to those above it: its file system is gone, and what still knows it can give nothing back. */
  release(): void {
    this.charge(-this.usedBytes, -this.usedInodes, -this.heldBytes);
    this.#isReleased = true;
  }

  #isTooMuch(bytes: number, inodes: number, heldBytes: number): boolean {
    const part = this.#isReserveOpen ? 1 + NODE_RESERVE : 1;
    return (
      (bytes > 0 && this.usedBytes + bytes > this.limitBytes * part) ||
      (inodes > 0 && this.usedInodes + inodes > this.limitInodes * part) ||
      (heldBytes > 0 && this.heldBytes + heldBytes > this.limitHeldBytes * part)
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
