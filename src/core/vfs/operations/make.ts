import { isInGroup, isPermitted, WRITE, EXECUTE } from "../credentials.js";
import { hasCapability } from "../capabilities.js";
import { Directory } from "../directory.js";
import { SysError } from "../errno.js";
import type { Inode } from "../inode.js";
import { BLOCK_BYTES, LINKS_PER_INODE } from "../limits.js";
import { RegularFile } from "../regular-file.js";
import { SpecialFile, SymbolicLink } from "../special-files.js";
import { locate, locateName, ownDirectory, ownInode, type Place, type View } from "../walk.js";

const SETGID = 0o2000;

/** Makes a directory. `mode` is what is left of it after the umask. */
export const makeDirectory = (view: View, path: string, mode: number): Directory => {
  const place = locateName(view, path, false);
  const parent = parentForNew(view, place);
  const { uid } = view.credentials;
  const gid = groupForNew(view, parent);
  const fullMode = (mode & 0o1777) | (parent.mode & SETGID);
  const number = parent.fileSystem.takeInode(BLOCK_BYTES);
  const directory = new Directory(parent.fileSystem, number, fullMode, uid, gid, view.nowMs);
  parent.put(place.name, directory);
  parent.links += 1;
  parent.touch(view.nowMs);
  return directory;
};

export const makeSymlink = (view: View, target: string, path: string): void => {
  if (target === "") throw new SysError("ENOENT");
  const place = locateName(view, path, false);
  const parent = parentForNew(view, place);
  const { uid } = view.credentials;
  const gid = groupForNew(view, parent);
  const number = parent.fileSystem.takeInode();
  parent.put(place.name, new SymbolicLink(parent.fileSystem, number, uid, gid, view.nowMs, target));
  parent.touch(view.nowMs);
};

/** Makes a fifo, socket or device. Devices need CAP_MKNOD. */
export const makeSpecial = (
  view: View,
  path: string,
  mode: number,
  type: SpecialFile["type"],
  deviceNumber = 0,
): SpecialFile => {
  const isDevice = type === "character" || type === "block";
  if (isDevice && !hasCapability(view.credentials.capabilities, "MKNOD"))
    throw new SysError("EPERM");
  const place = locateName(view, path, false);
  const parent = parentForNew(view, place);
  const number = parent.fileSystem.takeInode();
  const file = new SpecialFile(
    parent.fileSystem,
    number,
    mode & 0o777,
    view.credentials.uid,
    groupForNew(view, parent),
    view.nowMs,
    type,
    deviceNumber,
  );
  parent.put(place.name, file);
  parent.touch(view.nowMs);
  return file;
};

/** Makes an empty file at a place whose name is free. */
export const makeFile = (view: View, place: Place, mode: number): RegularFile => {
  const parent = parentForNew(view, place);
  const number = parent.fileSystem.takeInode();
  const { uid } = view.credentials;
  const gid = groupForNew(view, parent);
  const file = new RegularFile(parent.fileSystem, number, mode & 0o7777, uid, gid, view.nowMs);
  parent.put(place.name, file);
  parent.touch(view.nowMs);
  return file;
};

/** A second name for a file. */
export const makeLink = (view: View, existing: string, path: string): void => {
  const from = locate(view, existing, false);
  const to = locateName(view, path, false);
  if (to.inode !== null) throw new SysError("EEXIST");
  if (from.inode.type === "directory") throw new SysError("EPERM");
  if (from.mount !== to.mount) throw new SysError("EXDEV");
  if (from.inode.links >= LINKS_PER_INODE) throw new SysError("EMLINK");
  const parent = parentForNew(view, to);
  const inode: Inode = ownInode(from);
  inode.links += 1;
  inode.ctimeMs = view.nowMs;
  parent.put(to.name, inode);
  parent.touch(view.nowMs);
};

/** The directory that a new name goes into, writable and private. */
const parentForNew = (view: View, place: Place): Directory => {
  if (place.inode !== null || place.name === "") throw new SysError("EEXIST");
  if (place.mount.isReadOnly) throw new SysError("EROFS");
  if (!isPermitted(place.directory, WRITE | EXECUTE, view.credentials))
    throw new SysError("EACCES");
  const parent = ownDirectory(place);
  if (parent.isSynthetic) throw new SysError("ENOENT");
  if (parent.links === 0) throw new SysError("ENOENT");
  return parent;
};

/** A setgid directory gives its group to what is made in it: inode_init_owner, fs/inode.c. */
const groupForNew = (view: View, parent: Directory): number =>
  (parent.mode & SETGID) !== 0 ? parent.gid : view.credentials.gid;

/** Whether setgid survives a change of mode or owner. */
export const keepsSetgid = (view: View, gid: number): boolean =>
  isInGroup(view.credentials, gid) || hasCapability(view.credentials.capabilities, "FSETID");
