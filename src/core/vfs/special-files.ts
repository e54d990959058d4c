import type { FileSystem } from "./file-system.js";
import { Inode } from "./inode.js";

export class SymbolicLink extends Inode {
  readonly type = "symlink";

  constructor(
    fileSystem: FileSystem,
    number: number,
    uid: number,
    gid: number,
    nowMs: number,
    readonly target: string,
  ) {
    super(fileSystem, number, 0o777, uid, gid, nowMs);
  }

  override get sizeBytes(): number {
    return this.target.length;
  }

  /** Where it leads: a path, or straight to a file (`/proc/<pid>/root`, `/proc/<pid>/fd/1`). */
  follow(_viewer: unknown): string | LinkedPlace {
    return this.target;
  }

  /** What readlink shows. */
  textFor(_viewer: unknown): string {
    return this.target;
  }

  copyUp(upper: FileSystem): SymbolicLink {
    upper.takeInode();
    const copy = new SymbolicLink(
      upper,
      this.number,
      this.uid,
      this.gid,
      this.mtimeMs,
      this.target,
    );
    this.copyAttributesTo(copy);
    return copy;
  }
}

/** Where a magic link of proc leads, whatever its text says. */
export interface LinkedPlace {
  readonly inode: Inode;
  /** The file system tree it is in (a MountNamespace), with its path there; null for pipes and the like, which are in none. */
  readonly tree: { readonly mounts: unknown; readonly path: string } | null;
}

/** A pipe, socket or device with a name. What it does when opened is the kernel's. */
export class SpecialFile extends Inode {
  /** The pipe behind a fifo while it is open, the listener behind a socket: the kernel's own. */
  attachment: unknown = null;

  constructor(
    fileSystem: FileSystem,
    number: number,
    mode: number,
    uid: number,
    gid: number,
    nowMs: number,
    readonly type: "fifo" | "socket" | "character" | "block",
    /** major × 256 + minor */
    private readonly majorMinor: number = 0,
  ) {
    super(fileSystem, number, mode, uid, gid, nowMs);
  }

  override get deviceNumber(): number {
    return this.majorMinor;
  }

  copyUp(upper: FileSystem): SpecialFile {
    upper.takeInode();
    const copy = new SpecialFile(
      upper,
      this.number,
      this.mode,
      this.uid,
      this.gid,
      this.mtimeMs,
      this.type,
      this.majorMinor,
    );
    this.copyAttributesTo(copy);
    return copy;
  }
}

/** A file whose content is made when it is opened (proc, sys). */
export abstract class GeneratedFile extends Inode {
  readonly type = "file";

  override get isSynthetic(): boolean {
    return true;
  }

  /** @param viewer the process that opens it. */
  abstract content(viewer: unknown): string;

  /** Takes what is written; throws SysError where it may not be. */
  abstract accept(viewer: unknown, text: string): void;

  copyUp(): Inode {
    return this;
  }
}
