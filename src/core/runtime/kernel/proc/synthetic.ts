import {
  Directory,
  FileSystem,
  GeneratedFile,
  SymbolicLink,
  SysError,
  type Inode,
  type LinkedPlace,
} from "../../../vfs/index.js";
import { Process } from "../process.js";

export const procFileSystem = new FileSystem({
  type: "proc",
  source: "proc",
  device: 0x3a,
  isFrozen: true,
});
export const sysFileSystem = new FileSystem({
  type: "sysfs",
  source: "sysfs",
  device: 0x3b,
  isFrozen: true,
});

/** Whoever looks at proc is a process; the node's own tools see nothing there. */
export const asProcess = (viewer: unknown): Process => {
  if (viewer instanceof Process) return viewer;
  throw new SysError("ENOENT");
};

/** A file whose text is made when it is read. */
export class TextFile extends GeneratedFile {
  constructor(
    fileSystem: FileSystem,
    private readonly make: (viewer: Process) => string,
    mode = 0o444,
    private readonly take: ((viewer: Process, text: string) => void) | null = null,
    uid = 0,
    gid = 0,
    /** Files under /etc have a size like any other; those of proc say 0. */
    private readonly hasSize = false,
    number = fileSystem.takeInode(),
  ) {
    super(fileSystem, number, mode, uid, gid, 0);
  }

  content(viewer: unknown): string {
    return this.make(asProcess(viewer));
  }

  accept(viewer: unknown, text: string): void {
    if (this.take === null) throw new SysError("EACCES");
    this.take(asProcess(viewer), text);
  }

  override sizeFor(viewer: unknown): number {
    return this.hasSize ? this.content(viewer).length : 0;
  }
}

/** A directory whose names are worked out for whoever looks. */
export class SyntheticDirectory extends Directory {
  constructor(
    fileSystem: FileSystem,
    private readonly find: (name: string, viewer: Process) => Inode | null,
    private readonly all: (viewer: Process) => [string, Inode][],
    mode = 0o555,
    uid = 0,
    gid = 0,
    number = fileSystem.takeInode(),
  ) {
    super(fileSystem, number, mode, uid, gid, 0);
  }

  override get isSynthetic(): boolean {
    return true;
  }

  override get sizeBytes(): number {
    return 0;
  }

  override get allocatedBytes(): number {
    return 0;
  }

  override lookup(name: string, viewer?: unknown): Inode | null {
    return viewer instanceof Process ? this.find(name, viewer) : null;
  }

  override list(viewer?: unknown): [string, Inode][] {
    return viewer instanceof Process ? this.all(viewer) : [];
  }

  override copyUp(): Directory {
    return this;
  }
}

/** A directory with fixed names. */
export const fixedDirectory = (
  fileSystem: FileSystem,
  entries: Readonly<Record<string, Inode>>,
  mode = 0o555,
): SyntheticDirectory =>
  new SyntheticDirectory(
    fileSystem,
    (name) => (Object.hasOwn(entries, name) ? (entries[name] ?? null) : null),
    () => Object.entries(entries),
    mode,
  );

/** A link whose text, and where it leads, depend on whoever looks. */
export class MagicLink extends SymbolicLink {
  constructor(
    fileSystem: FileSystem,
    private readonly text: (viewer: Process) => string,
    private readonly place: ((viewer: Process) => LinkedPlace | null) | null = null,
    number = fileSystem.takeInode(),
  ) {
    super(fileSystem, number, 0, 0, 0, "");
  }

  override get isSynthetic(): boolean {
    return true;
  }

  override textFor(viewer: unknown): string {
    return this.text(asProcess(viewer));
  }

  override follow(viewer: unknown): string | LinkedPlace {
    const process = asProcess(viewer);
    return this.place?.(process) ?? this.text(process);
  }

  override copyUp(): SymbolicLink {
    return this;
  }
}
