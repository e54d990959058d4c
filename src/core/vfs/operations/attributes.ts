import { actsAsOwner, isInGroup, isPermitted, WRITE } from "../credentials.js";
import { hasCapability } from "../capabilities.js";
import { SysError } from "../errno.js";
import type { Inode } from "../inode.js";
import { RegularFile } from "../regular-file.js";
import { locate, ownInode, type Place, type View } from "../walk.js";
import { keepsSetgid } from "./make.js";

const SETUID = 0o4000;
const SETGID = 0o2000;

export const changeMode = (view: View, path: string, mode: number): void => {
  const place = locate(view, path);
  checkChangeable(place);
  if (!actsAsOwner(place.inode, view.credentials)) throw new SysError("EPERM");
  const inode = ownInode(place);
  const dropsSetgid = inode.type !== "directory" && !keepsSetgid(view, inode.gid);
  inode.mode = mode & (dropsSetgid ? 0o7777 & ~SETGID : 0o7777);
  inode.ctimeMs = view.nowMs;
};

/** @param uid null leaves it; the same for `gid`. */
export const changeOwner = (
  view: View,
  path: string,
  uid: number | null,
  gid: number | null,
  follow = true,
): void => {
  const place = locate(view, path, follow);
  checkChangeable(place);
  if (!mayChangeOwner(view, place.inode, uid, gid)) throw new SysError("EPERM");
  const inode = ownInode(place);
  inode.uid = uid ?? inode.uid;
  inode.gid = gid ?? inode.gid;
  // chown_common, fs/open.c: what ran as its owner must not run as another unasked.
  if (inode.type === "file") {
    const isGroupExecutable = (inode.mode & 0o010) !== 0;
    inode.mode &= ~(SETUID | (isGroupExecutable ? SETGID : 0));
  }
  inode.ctimeMs = view.nowMs;
};

export const changeTimes = (view: View, path: string, atimeMs: number, mtimeMs: number): void => {
  const place = locate(view, path);
  checkChangeable(place);
  // Setting both to the present needs write permission alone.
  const isNow = atimeMs === view.nowMs && mtimeMs === view.nowMs;
  const mayWrite = isNow && isPermitted(place.inode, WRITE, view.credentials);
  if (!mayWrite && !actsAsOwner(place.inode, view.credentials))
    throw new SysError(isNow ? "EACCES" : "EPERM");
  const inode = ownInode(place);
  inode.atimeMs = atimeMs;
  inode.mtimeMs = mtimeMs;
  inode.ctimeMs = view.nowMs;
};

export const truncate = (view: View, path: string, sizeBytes: number): void => {
  if (!(sizeBytes >= 0)) throw new SysError("EINVAL");
  const place = locate(view, path);
  if (place.inode.type === "directory") throw new SysError("EISDIR");
  checkChangeable(place);
  if (!isPermitted(place.inode, WRITE, view.credentials)) throw new SysError("EACCES");
  const inode = ownInode(place);
  if (!(inode instanceof RegularFile)) throw new SysError("EINVAL");
  inode.truncate(sizeBytes, view.nowMs);
};

const checkChangeable = (place: Place & { readonly inode: Inode }): void => {
  if (place.mount.isReadOnly) throw new SysError("EROFS");
  if (place.inode.isSynthetic) throw new SysError("EPERM");
};

const mayChangeOwner = (
  view: View,
  inode: Inode,
  uid: number | null,
  gid: number | null,
): boolean => {
  const { credentials } = view;
  if (hasCapability(credentials.capabilities, "CHOWN")) return true;
  if (credentials.uid !== inode.uid || (uid !== null && uid !== inode.uid)) return false;
  return gid === null || gid === inode.gid || isInGroup(credentials, gid);
};
