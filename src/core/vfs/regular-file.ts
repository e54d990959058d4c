import { FileData } from "./file-data.js";
import type { FileSystem } from "./file-system.js";
import { Inode } from "./inode.js";

export class RegularFile extends Inode {
  readonly type = "file";
  data: FileData;
  /** Descriptors open on it: its content stays until the last is closed, whatever its names do. */
  openCount = 0;

  constructor(
    fileSystem: FileSystem,
    number: number,
    mode: number,
    uid: number,
    gid: number,
    nowMs: number,
    data: FileData | null = null,
  ) {
    super(fileSystem, number, mode, uid, gid, nowMs);
    this.data = data ?? new FileData(fileSystem.quota);
  }

  override get sizeBytes(): number {
    return this.data.sizeBytes;
  }

  override get allocatedBytes(): number {
    return this.data.extents.bytes;
  }

  copyUp(upper: FileSystem): RegularFile {
    upper.takeInode();
    const copy = new RegularFile(
      upper,
      this.number,
      this.mode,
      this.uid,
      this.gid,
      this.mtimeMs,
      this.data.cloneInto(upper.quota),
    );
    this.copyAttributesTo(copy);
    return copy;
  }

  /** Throws ENOSPC; what fitted is written. */
  write(offset: number, bytes: Uint8Array, nowMs: number): void {
    try {
      this.data.write(offset, bytes);
    } finally {
      this.touch(nowMs);
    }
  }

  truncate(sizeBytes: number, nowMs: number): void {
    this.data.truncate(sizeBytes);
    this.touch(nowMs);
  }

  opened(): void {
    this.openCount += 1;
  }

  closed(): void {
    this.openCount -= 1;
    if (this.openCount === 0 && this.links === 0) this.discard();
  }

  /** A name is gone; the content goes with the last one, unless it is open. */
  unlinked(nowMs: number): void {
    this.links -= 1;
    this.ctimeMs = nowMs;
    this.listener?.fire();
    if (this.links === 0 && this.openCount === 0) this.discard();
  }

  override discard(): void {
    if (this.isFrozen) return;
    this.data.discard();
    super.discard();
  }
}
