import { SysError, type FileStat, type Sys } from "../syscall.js";

/** `-f path` and its kin. A path that cannot be looked at is nothing. */
export function fileTest(sys: Sys, operator: string, path: string): boolean {
  if (operator === "-h" || operator === "-L") return status(sys, path, false)?.type === "symlink";
  const found = status(sys, path, true);
  if (found === null) return false;
  switch (operator) {
    case "-a":
    case "-e":
      return true;
    case "-f":
      return found.type === "file";
    case "-d":
      return found.type === "directory";
    case "-p":
      return found.type === "fifo";
    case "-S":
      return found.type === "socket";
    case "-b":
      return found.type === "block";
    case "-c":
      return found.type === "character";
    case "-s":
      return found.sizeBytes > 0;
    case "-r":
      return sys.access(path, { read: true });
    case "-w":
      return sys.access(path, { write: true });
    case "-x":
      return sys.access(path, { execute: true });
    default:
      return modeTest(sys, operator, found);
  }
}

function modeTest(sys: Sys, operator: string, found: FileStat): boolean {
  switch (operator) {
    case "-u":
      return (found.mode & 0o4000) !== 0;
    case "-g":
      return (found.mode & 0o2000) !== 0;
    case "-k":
      return (found.mode & 0o1000) !== 0;
    case "-O":
      return found.uid === sys.uid;
    case "-G":
      return found.gid === sys.gid;
    case "-N":
      return found.mtimeMs > found.atimeMs;
    default:
      return false;
  }
}

/** In bash a file is newer than one that is not there. */
export function newerThan(sys: Sys, left: string, right: string, orMissing: boolean): boolean {
  const a = status(sys, left, true);
  const b = status(sys, right, true);
  if (a === null) return false;
  return b === null ? orMissing : a.mtimeMs > b.mtimeMs;
}

export function sameFile(sys: Sys, left: string, right: string): boolean {
  const a = status(sys, left, true);
  const b = status(sys, right, true);
  return a !== null && b !== null && a.inode === b.inode && a.device === b.device;
}

function status(sys: Sys, path: string, follow: boolean): FileStat | null {
  try {
    return follow ? sys.stat(path) : sys.lstat(path);
  } catch (error) {
    if (error instanceof SysError) return null;
    throw error;
  }
}
