import { SysError } from "./errno.js";
import { UNLIMITED, type Quota } from "./quota.js";

export interface FileSystemOptions {
  /** As in /proc/mounts: `overlay`, `tmpfs`, `ext4`, `proc`. */
  readonly type: string;
  readonly source: string;
  /** st_dev; unique within a node. */
  readonly device: number;
  readonly quota?: Quota;
  /** Shared between containers: its inodes never change, they are copied up. */
  readonly isFrozen?: boolean;
  /** Inode numbers start here, so that an upper layer's do not repeat the image's. */
  readonly firstInode?: number;
}

/** A superblock: what its inodes have in common. */
export class FileSystem {
  readonly type: string;
  readonly source: string;
  readonly device: number;
  readonly quota: Quota;
  readonly isFrozen: boolean;
  #nextInode: number;

  constructor(options: FileSystemOptions) {
    this.type = options.type;
    this.source = options.source;
    this.device = options.device;
    this.quota = options.quota ?? UNLIMITED;
    this.isFrozen = options.isFrozen ?? false;
    this.#nextInode = options.firstInode ?? 2;
  }

  /** The number of a new inode, charged for. Throws ENOSPC when there is none left. */
  takeInode(bytes = 0): number {
    if (!this.quota.charge(bytes, 1, 0)) throw new SysError("ENOSPC");
    return this.#nextInode++;
  }
}
