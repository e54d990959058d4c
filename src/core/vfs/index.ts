export {
  ALL_CAPABILITIES,
  capabilitySet,
  hasCapability,
  isCapabilityName,
  NO_CAPABILITIES,
  withCapability,
  withoutCapability,
  type CapabilitySet,
} from "./capabilities.js";
export { EXECUTE, isPermitted, ROOT_CREDENTIALS, type Credentials } from "./credentials.js";
export { Directory } from "./directory.js";
export { SysError, type Errno } from "./errno.js";
export { ZEROS } from "./file-data.js";
export type { DirectoryEntry, FileStat, FileSystemStat, FileType } from "./file-stat.js";
export { FileSystem } from "./file-system.js";
export { Inode, type ChangeListener, type MountRoot } from "./inode.js";
export { LayerBuilder } from "./layer-builder.js";
export { NAME_BYTES } from "./limits.js";
export { MountNamespace, OverlayRoot, type Mount } from "./mounts.js";
export { NodeFileSystem, type SpecialFileOptions } from "./node-file-system.js";
export type { FileContent, NodeFiles } from "./node-files.js";
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
export { RegularFile } from "./regular-file.js";
export { GeneratedFile, SpecialFile, SymbolicLink, type LinkedPlace } from "./special-files.js";
export { find, findInode, locate, ownInode, type View } from "./walk.js";
