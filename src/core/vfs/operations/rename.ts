import { EXECUTE, isPermitted, WRITE } from "../credentials.js";
import { Directory } from "../directory.js";
import { SysError } from "../errno.js";
import type { Inode } from "../inode.js";
import { locate, locateName, ownDirectory, ownInode, type Place, type View } from "../walk.js";
import { checkRemovable, forgetInode } from "./remove.js";

/** rename(2): atomic, replaces what is there when the types agree. */
export const rename = (view: View, from: string, to: string): void => {
  const source = locate(view, from, false);
  const target = locateName(view, to, false);
  checkRemovable(view, source, source.inode);
  if (source.mount !== target.mount) throw new SysError("EXDEV");
  if (target.inode === source.inode) return;
  if (source.inode instanceof Directory && target.path.startsWith(`${source.path}/`))
    throw new SysError("EINVAL");
  checkTarget(view, source.inode, target);
  const moved = ownInode(source);
  const sourceParent = ownDirectory(source);
  const targetParent = ownDirectory(target);
  if (target.inode !== null) replace(view, target.inode, targetParent);
  sourceParent.drop(source.name);
  targetParent.put(target.name, moved);
  if (moved instanceof Directory) {
    sourceParent.links -= 1;
    targetParent.links += 1;
  }
  moved.ctimeMs = view.nowMs;
  sourceParent.touch(view.nowMs);
  if (targetParent !== sourceParent) targetParent.touch(view.nowMs);
};

const checkTarget = (view: View, source: Inode, target: Place): void => {
  if (target.inode === null) {
    if (target.mount.isReadOnly) throw new SysError("EROFS");
    if (!isPermitted(target.directory, WRITE | EXECUTE, view.credentials))
      throw new SysError("EACCES");
    return;
  }
  checkRemovable(view, target, target.inode);
  if (source instanceof Directory) {
    if (!(target.inode instanceof Directory)) throw new SysError("ENOTDIR");
    if (!target.inode.isEmpty) throw new SysError("ENOTEMPTY");
  } else if (target.inode instanceof Directory) throw new SysError("EISDIR");
};

const replace = (view: View, replaced: Inode, parent: Directory): void => {
  if (replaced instanceof Directory) parent.links -= 1;
  forgetInode(replaced, view.nowMs);
};
