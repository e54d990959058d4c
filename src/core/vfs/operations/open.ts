import { EXECUTE, isPermitted, READ, WRITE } from "../credentials.js";
import { SysError } from "../errno.js";
import type { Inode } from "../inode.js";
import { RegularFile } from "../regular-file.js";
import { locateName, ownInode, type Place, type View } from "../walk.js";
import { makeFile } from "./make.js";

export interface OpenFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
  readonly directory?: boolean;
  readonly noFollow?: boolean;
}

/** What open(2) found or made. The descriptor is the kernel's. */
export interface OpenedFile {
  readonly inode: Inode;
  readonly path: string;
}

/** @param mode of a file that it makes, after the umask. */
export const openFile = (view: View, path: string, flags: OpenFlags, mode: number): OpenedFile => {
  const isExclusive = flags.create === true && flags.exclusive === true;
  const place = locateName(view, path, !isExclusive && flags.noFollow !== true);
  if (place.inode === null) {
    if (flags.create !== true) throw new SysError("ENOENT");
    if (path.endsWith("/")) throw new SysError("EISDIR");
    // A dangling link was followed, so that what it points to is made.
    return { inode: makeFile(view, place, mode), path: place.path };
  }
  if (isExclusive) throw new SysError("EEXIST");
  return openExisting(view, { ...place, inode: place.inode }, flags);
};

const openExisting = (
  view: View,
  place: Place & { readonly inode: Inode },
  flags: OpenFlags,
): OpenedFile => {
  const { inode } = place;
  const isWriting = flags.write === true || flags.append === true;
  checkType(inode, flags, isWriting);
  const wanted = (flags.read === true ? READ : 0) | (isWriting ? WRITE : 0);
  if (!isPermitted(inode, wanted, view.credentials)) throw new SysError("EACCES");
  if (inode.type !== "file") return { inode, path: place.path };
  if ((isWriting || flags.truncate === true) && place.mount.isReadOnly) throw new SysError("EROFS");
  if (!isWriting) return { inode, path: place.path };
  const own = inode.isSynthetic ? inode : ownInode(place);
  if (flags.truncate === true && own instanceof RegularFile && own.sizeBytes > 0)
    own.truncate(0, view.nowMs);
  return { inode: own, path: place.path };
};

const checkType = (inode: Inode, flags: OpenFlags, isWriting: boolean): void => {
  if (inode.type === "symlink") throw new SysError("ELOOP");
  if (flags.directory === true && inode.type !== "directory") throw new SysError("ENOTDIR");
  if (inode.type === "directory" && (isWriting || flags.create === true))
    throw new SysError("EISDIR");
};

/** Where an executable is, or why it may not be run: execve(2). */
export const findExecutable = (view: View, path: string): OpenedFile => {
  const place = locateName(view, path);
  if (place.inode === null) throw new SysError("ENOENT");
  if (place.inode.type !== "file") throw new SysError("EACCES");
  if (!isPermitted(place.inode, EXECUTE, view.credentials)) throw new SysError("EACCES");
  return { inode: place.inode, path: place.path };
};
