import { FileSystem, Inode, type FileType, type OpenFlags } from "../../vfs/index.js";
import type { Description } from "./descriptors.js";
import type { Process } from "./process.js";

/** Where pipes, sockets and terminals have their inodes: names such as `pipe:[1234]` are all one sees of it. */
export const pipeFileSystem = new FileSystem({
  type: "pipefs",
  source: "pipefs",
  device: 0xd,
  isFrozen: true,
  firstInode: 20_000,
});

/** A file without a name of its own, that /proc/<pid>/fd/<n> leads to. Opening it there gives a further description of the same thing. */
export class AnonymousInode extends Inode {
  constructor(
    readonly type: FileType,
    mode: number,
    uid: number,
    gid: number,
    number: number,
    nowMs: number,
    private readonly reopen: (process: Process, flags: OpenFlags) => Description,
    private readonly majorMinor = 0,
  ) {
    super(pipeFileSystem, number, mode, uid, gid, nowMs);
  }

  override get isSynthetic(): boolean {
    return true;
  }

  override get deviceNumber(): number {
    return this.majorMinor;
  }

  open(process: Process, flags: OpenFlags): Description {
    return this.reopen(process, flags);
  }

  copyUp(): Inode {
    return this;
  }
}
