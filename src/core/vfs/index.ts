export {
  ALL_CAPABILITIES,
  CAPABILITY_NUMBERS,
  capabilitySet,
  hasCapability,
  isCapabilityName,
  NO_CAPABILITIES,
  withCapability,
  withoutCapability,
  type CapabilityName,
  type CapabilitySet,
} from "./capabilities.js";
export {
  EXECUTE,
  isPermitted,
  READ,
  ROOT_CREDENTIALS,
  WRITE,
  type Credentials,
} from "./credentials.js";
export { Directory } from "./directory.js";
export { SysError, type Errno } from "./errno.js";
export { FileData, ZEROS } from "./file-data.js";
export type { DirectoryEntry, FileStat, FileSystemStat, FileType } from "./file-stat.js";
export { FileSystem } from "./file-system.js";
export { Inode, type ChangeListener, type MountRoot } from "./inode.js";
export { LayerBuilder, type LayerEntryOptions } from "./layer-builder.js";
export { MountNamespace, OverlayRoot, type Mount } from "./mounts.js";
export { NodeFileSystem, type NodeDisk } from "./node-file-system.js";
export type { FileOwnership, NodeFiles } from "./node-files.js";
export { changeMode, changeOwner, changeTimes, truncate } from "./operations/attributes.js";
export { makeDirectory, makeLink, makeSpecial, makeSymlink } from "./operations/make.js";
export { findExecutable, openFile, type OpenedFile, type OpenFlags } from "./operations/open.js";
export {
  fileSystemStat,
  isAccessible,
  linkStat,
  readDirectory,
  readLink,
  realPath,
  stat,
} from "./operations/query.js";
export { removeDirectory, unlink } from "./operations/remove.js";
export { rename } from "./operations/rename.js";
export { Quota, UNLIMITED } from "./quota.js";
export { RegularFile } from "./regular-file.js";
export { GeneratedFile, SpecialFile, SymbolicLink, type LinkedPlace } from "./special-files.js";
export { find, findInode, locate, ownInode, type Place, type View } from "./walk.js";
