import type { FileSystem } from "./file-system.js";
import type { FileStat, FileType } from "./file-stat.js";

/** Who wants to know of changes to a file (`tail -f`). */
export interface ChangeListener {
  fire(): void;
}

/** Where a mount begins. An inode is its own root; an overlay's is copied up when it is first written to. */
export interface MountRoot {
  /** What is there now; may be a shared inode of a frozen layer. */
  current(): Inode;
  /** The same, made private so that it can be changed. */
  own(): Inode;
}

/** A file of any type. Changed only by the operations of this folder and by the kernel that has it open. */
export abstract class Inode implements MountRoot {
  abstract readonly type: FileType;
  links = 1;
  atimeMs: number;
  mtimeMs: number;
  ctimeMs: number;
  listener: ChangeListener | null = null;

  constructor(
    readonly fileSystem: FileSystem,
    readonly number: number,
    /** Permission bits with setuid, setgid and sticky. */
    public mode: number,
    public uid: number,
    public gid: number,
    nowMs: number,
  ) {
    this.atimeMs = nowMs;
    this.mtimeMs = nowMs;
    this.ctimeMs = nowMs;
  }

  get sizeBytes(): number {
    return 0;
  }

  get allocatedBytes(): number {
    return 0;
  }

  get deviceNumber(): number {
    return 0;
  }

  get isFrozen(): boolean {
    return this.fileSystem.isFrozen;
  }

  /** Made up by the kernel (proc, sys): nothing in it can be made, removed or changed but by writing to it. */
  get isSynthetic(): boolean {
    return false;
  }

  current(): this {
    return this;
  }

  own(): this {
    return this;
  }

  /** A private copy of a frozen inode, in `upper`. */
  abstract copyUp(upper: FileSystem): Inode;

  /** Of files made up by the kernel, the size may depend on who looks. */
  sizeFor(_viewer: unknown): number {
    return this.sizeBytes;
  }

  stat(viewer: unknown = null): FileStat {
    return {
      type: this.type,
      mode: this.mode,
      inode: this.number,
      device: this.fileSystem.device,
      links: this.links,
      uid: this.uid,
      gid: this.gid,
      sizeBytes: this.sizeFor(viewer),
      blocks: Math.ceil(this.allocatedBytes / 512),
      atimeMs: this.atimeMs,
      mtimeMs: this.mtimeMs,
      ctimeMs: this.ctimeMs,
      rdev: this.deviceNumber,
    };
  }

  /** Content changed. */
  touch(nowMs: number): void {
    this.mtimeMs = nowMs;
    this.ctimeMs = nowMs;
    this.listener?.fire();
  }

  /** The last name and the last descriptor are gone: gives back what it holds. */
  discard(): void {
    this.fileSystem.quota.charge(0, -1, 0);
  }

  protected copyAttributesTo(copy: Inode): void {
    copy.atimeMs = this.atimeMs;
    copy.mtimeMs = this.mtimeMs;
    copy.ctimeMs = this.ctimeMs;
  }
}
