export type FileType = "file" | "directory" | "symlink" | "fifo" | "socket" | "character" | "block";

export interface FileStat {
  readonly type: FileType;
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  readonly mode: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  /** In units of 512 bytes, as stat(2). */
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Major and minor of a device file: major × 256 + minor. */
  readonly rdev: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
  readonly inode: number;
}

export interface FileSystemStat {
  readonly type: string;
  readonly source: string;
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly inodes: number;
  readonly usedInodes: number;
}
