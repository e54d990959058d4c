import { EXECUTE, isPermitted, READ, WRITE } from "../credentials.js";
import { Directory } from "../directory.js";
import { SysError } from "../errno.js";
import type { DirectoryEntry, FileStat, FileSystemStat } from "../file-stat.js";
import { SymbolicLink } from "../special-files.js";
import { find, locate, type View } from "../walk.js";

export const stat = (view: View, path: string): FileStat => locate(view, path).inode.stat(view);

/** Of a symbolic link itself. */
export const linkStat = (view: View, path: string): FileStat =>
  locate(view, path, false).inode.stat(view);

/** access(2), with the effective user. False when it is not there, or not to be reached. */
export const isAccessible = (
  view: View,
  path: string,
  mode: { readonly read?: boolean; readonly write?: boolean; readonly execute?: boolean },
): boolean => {
  const place = find(view, path);
  if (typeof place === "string" || place.inode === null) return false;
  const wanted =
    (mode.read === true ? READ : 0) |
    (mode.write === true ? WRITE : 0) |
    (mode.execute === true ? EXECUTE : 0);
  if (mode.write === true && place.mount.isReadOnly && !isDevice(place.inode.type)) return false;
  return isPermitted(place.inode, wanted, view.credentials);
};

export const readDirectory = (view: View, path: string): readonly DirectoryEntry[] => {
  const { inode } = locate(view, path);
  if (!(inode instanceof Directory)) throw new SysError("ENOTDIR");
  if (!isPermitted(inode, READ, view.credentials)) throw new SysError("EACCES");
  return inode.list(view).map(([name, child]) => ({ name, type: child.type, inode: child.number }));
};

export const readLink = (view: View, path: string): string => {
  const { inode } = locate(view, path, false);
  if (!(inode instanceof SymbolicLink)) throw new SysError("EINVAL");
  return inode.textFor(view);
};

/** Absolute, with every link resolved. */
export const realPath = (view: View, path: string): string => locate(view, path).path;

export const fileSystemStat = (view: View, path: string): FileSystemStat => {
  const { mount, inode } = locate(view, path);
  const disk = boundedQuota(inode.fileSystem.quota);
  return {
    type: mount.type,
    source: mount.source,
    totalBytes: disk === null ? 0 : disk.limitBytes,
    usedBytes: disk === null ? 0 : disk.usedBytes,
    inodes: disk === null ? 0 : disk.limitInodes,
    usedInodes: disk === null ? 0 : disk.usedInodes,
  };
};

/** The bound that counts: the file system's own, or the disk's that it lies on. */
const boundedQuota = (quota: Directory["fileSystem"]["quota"]): typeof quota | null => {
  for (let at: typeof quota | null = quota; at !== null; at = at.parent)
    if (Number.isFinite(at.limitBytes)) return at;
  return null;
};

const isDevice = (type: FileStat["type"]): boolean => type !== "file" && type !== "directory";
