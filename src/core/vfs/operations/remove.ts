import { actsAsOwner, EXECUTE, isPermitted, WRITE } from "../credentials.js";
import { Directory } from "../directory.js";
import { SysError } from "../errno.js";
import type { Inode } from "../inode.js";
import { RegularFile } from "../regular-file.js";
import { locate, ownDirectory, type Place, type View } from "../walk.js";

const STICKY = 0o1000;

export const unlink = (view: View, path: string): void => {
  const place = locate(view, path, false);
  checkRemovable(view, place, place.inode);
  if (place.inode.type === "directory") throw new SysError("EISDIR");
  const parent = ownDirectory(place);
  dropName(view, place, parent);
  parent.touch(view.nowMs);
};

export const removeDirectory = (view: View, path: string): void => {
  if (/(^|\/)\.\/*$/.test(path)) throw new SysError("EINVAL");
  const place = locate(view, path, false);
  if (!(place.inode instanceof Directory)) throw new SysError("ENOTDIR");
  checkRemovable(view, place, place.inode);
  if (!place.inode.isEmpty) throw new SysError("ENOTEMPTY");
  const parent = ownDirectory(place);
  dropName(view, place, parent);
  parent.touch(view.nowMs);
};

/** Takes the name at `place` out of `parent`, with what hangs on it. */
export const dropName = (
  view: View,
  place: Place & { readonly inode: Inode },
  parent: Directory,
): void => {
  const { inode } = place;
  parent.drop(place.name);
  if (inode instanceof Directory) parent.links -= 1;
  forgetInode(inode, view.nowMs);
};

/** One name less. What a shared layer holds stays as it is. */
export const forgetInode = (inode: Inode, nowMs: number): void => {
  if (inode.isFrozen) return;
  if (inode instanceof RegularFile) {
    inode.unlinked(nowMs);
    return;
  }
  inode.links -= inode instanceof Directory ? inode.links : 1;
  inode.ctimeMs = nowMs;
  if (inode.links === 0) inode.discard();
};

/** Throws when the name may not be taken away: may_delete, fs/namei.c. */
export const checkRemovable = (view: View, place: Place, inode: Inode): void => {
  if (place.name === "" || place.mounts.isBusy(place.path)) throw new SysError("EBUSY");
  if (place.mount.isReadOnly) throw new SysError("EROFS");
  const parent = place.directory;
  if (!isPermitted(parent, WRITE | EXECUTE, view.credentials)) throw new SysError("EACCES");
  if (parent.isSynthetic) throw new SysError("EPERM");
  const isProtected =
    (parent.mode & STICKY) !== 0 &&
    view.credentials.uid !== parent.uid &&
    !actsAsOwner(inode, view.credentials);
  if (isProtected) throw new SysError("EPERM");
};
