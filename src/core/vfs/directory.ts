import type { FileSystem } from "./file-system.js";
import { Inode } from "./inode.js";
import { BLOCK_BYTES } from "./limits.js";

/**
 * A directory, over one of a shared layer below or not. What is in `lower` shows through until it is replaced or hidden here; nothing is
 * held for what nobody changed.
 */
export class Directory extends Inode {
  readonly type = "directory";
  /** null hides the name that the layer below has (a whiteout). */
  #entries: Map<string, Inode | null> | null = null;

  constructor(
    fileSystem: FileSystem,
    number: number,
    mode: number,
    uid: number,
    gid: number,
    nowMs: number,
    private readonly lower: Directory | null = null,
  ) {
    super(fileSystem, number, mode, uid, gid, nowMs);
    this.links = lower === null ? 2 : lower.links;
  }

  override get sizeBytes(): number {
    return BLOCK_BYTES;
  }

  override get allocatedBytes(): number {
    return BLOCK_BYTES;
  }

  /** @param _viewer on whose behalf; directories of proc show each process its own. */
  lookup(name: string, _viewer?: unknown): Inode | null {
    const own = this.#entries?.get(name);
    if (own !== undefined) return own;
    return this.lower === null ? null : this.lower.lookup(name);
  }

  /** What is in it, without `.` and `..`: the layer below first, then in order of making. */
  list(_viewer?: unknown): [name: string, inode: Inode][] {
    const result: [string, Inode][] = [];
    for (const [name, inode] of this.lower === null ? [] : this.lower.list()) {
      const own = this.#entries?.get(name);
      if (own === undefined) result.push([name, inode]);
    }
    for (const [name, inode] of this.#entries ?? []) if (inode !== null) result.push([name, inode]);
    return result;
  }

  get isEmpty(): boolean {
    return this.list().length === 0;
  }

  /** Puts a name in, or another inode under it. Link counts are the caller's. */
  put(name: string, inode: Inode): void {
    (this.#entries ??= new Map()).set(name, inode);
  }

  /** Takes a name out. */
  drop(name: string): void {
    const isBelow = this.lower !== null && this.lower.lookup(name) !== null;
    if (isBelow) (this.#entries ??= new Map()).set(name, null);
    else this.#entries?.delete(name);
  }

  copyUp(upper: FileSystem): Directory {
    upper.takeInode(BLOCK_BYTES);
    const copy = new Directory(
      upper,
      this.number,
      this.mode,
      this.uid,
      this.gid,
      this.mtimeMs,
      this,
    );
    this.copyAttributesTo(copy);
    return copy;
  }

  override discard(): void {
    this.fileSystem.quota.charge(-BLOCK_BYTES, -1, 0);
  }

  /** The private inode of `name`, copied up when the layer below still owns it; null when there is none. */
  ownEntry(name: string): Inode | null {
    const inode = this.lookup(name);
    if (inode?.isFrozen !== true || inode.fileSystem === this.fileSystem) return inode;
    const copy = inode.copyUp(this.fileSystem);
    this.put(name, copy);
    return copy;
  }
}
