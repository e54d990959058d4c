/**
 * The file system of a node, as its own root user sees it: where the kubelet prepares volumes and finds logs. Paths are absolute;
 * missing parents are made (0755, root). Failures throw SysError.
 */
export interface NodeFiles {
  /** Makes the directory and its parents; an existing one stays as it is, but for the mode and owner that are given. */
  makeDirectory(path: string, options?: FileOwnership): void;
  /** Makes or replaces a file in place (same inode when it was there). */
  writeFile(path: string, content: FileContent, options?: FileOwnership): void;
  /** Null when there is no such file. */
  readFile(path: string): Uint8Array | null;
  readText(path: string): string | null;
  symlink(target: string, path: string): void;
  /** Null when it is not a symbolic link. */
  readLink(path: string): string | null;
  /** As rename(2): replaces what is there, atomically. */
  rename(from: string, to: string): void;
  /** Takes away a file or a whole tree, mounts in it included; nothing happens when there is none. */
  remove(path: string): void;
  exists(path: string): boolean;
  /** Follows symbolic links. */
  typeOf(path: string): "file" | "directory" | "socket" | "character" | "block" | "other" | null;
  /** Where a path leads when all links on it are followed; null when it leads nowhere. */
  realPath(path: string): string | null;
  /** Permission bits with setuid, setgid and sticky; null when there is no such file. */
  modeOf(path: string): number | null;
  /** Names in order; empty when it is no directory. */
  list(path: string): readonly string[];
  changeOwner(path: string, uid: number | null, gid: number | null): void;
  changeMode(path: string, mode: number): void;
  /** fsGroup: gives a tree to a group (setgid on directories), as pkg/volume/volume_linux.go does. */
  setGroupOwnership(path: string, gid: number, readOnly: boolean): void;
  /** A file system in memory at `path`. `sizeBytes` null: half of the node's memory. */
  mountMemory(path: string, sizeBytes: number | null): void;
  /** A directory that is a file system in memory of its own, without a mount: what is in it goes when it is removed. Nothing happens when it is there. */
  makeMemoryDirectory(path: string, sizeBytes: number): void;
  /** The same on the disk: a directory that holds no more than `sizeBytes`. */
  makeDiskDirectory(path: string, sizeBytes: number, mode: number): void;
  isMountPoint(path: string): boolean;
  unmount(path: string): void;
  /** What a tree takes, as `du` counts it, mounts inside left out. */
  usage(path: string): { readonly bytes: number; readonly inodes: number };
}

/** What stands in a file; `read` is asked when somebody looks at the file for the first time, for what fits into one block. */
export type FileContent = string | Uint8Array | { read(): string };

export interface FileOwnership {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}
