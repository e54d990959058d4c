/** Symbolic links followed in one path before ELOOP: MAXSYMLINKS, include/linux/namei.h. */
export const SYMLINKS_PER_PATH = 40;
/** Bytes of one name: NAME_MAX, include/uapi/linux/limits.h. */
export const NAME_BYTES = 255;
/** Bytes of one path: PATH_MAX less its terminator, include/uapi/linux/limits.h. */
export const PATH_BYTES = 4095;
/** Links to one inode: EXT4_LINK_MAX, fs/ext4/ext4.h. */
export const LINKS_PER_INODE = 65_000;

/** File content is held in pieces of this size; a piece of zeros is not held at all. */
export const CHUNK_BYTES = 65_536;
/** The unit that disk usage is counted in. */
export const BLOCK_BYTES = 4096;
/** The most one read hands over. */
export const READ_BYTES = 1_048_576;
/** Allocated ranges remembered of one file; with more, the nearest gaps count as allocated. */
export const EXTENTS_PER_FILE = 1024;
/** The largest file: MAX_LFS_FILESIZE would be 8 EiB; ext4 with 4 KiB blocks holds 16 TiB. */
export const FILE_BYTES = 16 * 2 ** 40;

/**
 * Real memory that the contents of one file system may take, all its chunks that are neither zeros nor repeated. Past it writes fail with ENOSPC, so
 * that no container can fill the simulator's own memory from a disk that is only simulated.
 */
export const HELD_BYTES_PER_FILE_SYSTEM = 64 * 1_048_576;
/** The same, of all file systems of a node together. */
export const HELD_BYTES_PER_NODE = 192 * 1_048_576;
/** What a disk keeps for the node itself (kubelet, runtime), as a part of its size: reserved blocks, mke2fs -m, 5 % by default. */
export const NODE_RESERVE = 0.05;
/** Inodes held in memory on one node, whatever its simulated disk would allow. */
export const INODES_PER_NODE = 400_000;
