import {
  Directory,
  hasCapability,
  isPermitted,
  EXECUTE,
  locate,
  openFile,
  ownInode,
  SysError,
  type OpenFlags,
} from "../../vfs/index.js";
import type { Blocking } from "../../shell/index.js";
import type { Description } from "./descriptors.js";
import { describeFile, FileDescription } from "./file-descriptions.js";
import { sendSignal } from "./lifecycle.js";
import { makePipe } from "./pipe.js";
import type { Process } from "./process.js";
import { takeMemory } from "./take-memory.js";
import type { WaitQueue } from "./wait-queue.js";
import { countWork, giveWay, mustYield, waitOn } from "./work.js";

/** Copying: about 2 GB in a second. */
const BYTES_PER_MICROSECOND = 2000;
/** A read of one byte: some 4 million of them in a second. */
const MICROSECONDS_PER_SMALL_READ = 0.25;

export const open = (process: Process, path: string, flags: OpenFlags, mode: number): number => {
  const opened = openFile(process, path, flags, mode & ~process.umask);
  return process.descriptors.add(describeFile(process, opened, flags));
};

export const openPipe = (process: Process): readonly [number, number] => {
  const [reader, writer] = makePipe(process);
  const read = process.descriptors.add(reader);
  return [read, process.descriptors.add(writer)];
};

export const duplicate = (process: Process, fd: number, to: number | undefined): number => {
  const { descriptors } = process;
  const description = descriptors.get(fd);
  if (to === undefined) return descriptors.add(description);
  if (to !== fd) descriptors.place(to, description);
  return to;
};

export function* read(process: Process, fd: number, maxBytes: number): Blocking<Uint8Array> {
  for (;;) {
    if (mustYield(process)) yield* giveWay(process);
    const description = process.descriptors.get(fd);
    if (!description.mayRead) throw new SysError("EBADF");
    const bytes = description.read(process, maxBytes);
    if (bytes !== null) {
      countBytes(process, description, bytes.length);
      return bytes;
    }
    yield* waitOn(process, description.readers, Infinity);
  }
}

/** As many reads of one byte as it takes. */
export function* readUntil(
  process: Process,
  fd: number,
  delimiter: number,
  maxBytes: number,
): Blocking<Uint8Array> {
  for (;;) {
    if (mustYield(process)) yield* giveWay(process);
    const description = process.descriptors.get(fd);
    if (!description.mayRead) throw new SysError("EBADF");
    const bytes = description.readUntil(process, delimiter, maxBytes);
    if (bytes !== null) {
      countWork(process, 1 + bytes.length * MICROSECONDS_PER_SMALL_READ, bytes.length / 1024);
      return bytes;
    }
    yield* waitOn(process, description.readers, Infinity);
  }
}

/** What can be read at once; null where `read` would wait. */
export const readNow = (process: Process, fd: number, maxBytes: number): Uint8Array | null => {
  const description = process.descriptors.get(fd);
  if (!description.mayRead) throw new SysError("EBADF");
  const bytes = description.read(process, maxBytes);
  if (bytes !== null) countBytes(process, description, bytes.length);
  return bytes;
};

export function* write(process: Process, fd: number, bytes: Uint8Array): Blocking<void> {
  let rest = bytes;
  for (;;) {
    if (mustYield(process)) yield* giveWay(process);
    const description = writable(process, fd);
    const written = yield* writeOrDie(process, description, rest);
    if (written === rest.length) return;
    if (written > 0) rest = rest.subarray(written);
    else yield* waitOn(process, description.writers, Infinity);
  }
}

/** The fast half of `write`: all of it at once, or nothing at all and false. */
export const tryWrite = (process: Process, fd: number, bytes: Uint8Array): boolean => {
  if (mustYield(process)) return false;
  const description = writable(process, fd);
  // A pipe that might take a part only is left to `write`.
  if (description.writers !== null && bytes.length > description.roomBytes) return false;
  return writeSome(process, description, bytes) === bytes.length;
};

/** SIGPIPE first, as the kernel does it; EPIPE is for those who survive it. */
function* writeOrDie(
  process: Process,
  description: Description,
  bytes: Uint8Array,
): Blocking<number> {
  try {
    return writeSome(process, description, bytes);
  } catch (error) {
    if (!(error instanceof SysError) || error.errno !== "EPIPE") throw error;
    sendSignal(process, "PIPE", false);
    yield* giveWay(process);
    throw error;
  }
}

const writeSome = (process: Process, description: Description, bytes: Uint8Array): number => {
  if (bytes.length === 0) return 0;
  const memoryBefore = process.confinement.memory.totalBytes;
  const written = description.write(process, bytes);
  countBytes(process, description, written);
  // A file in memory has grown: it counts against the container's limit.
  if (process.confinement.memory.totalBytes > memoryBefore) takeMemory(process, 0, 0);
  return written;
};

const countBytes = (process: Process, description: Description, bytes: number): void => {
  countWork(process, 1 + bytes / BYTES_PER_MICROSECOND, bytes / description.bytesPerStep);
};

const writable = (process: Process, fd: number): Description => {
  const description = process.descriptors.get(fd);
  if (!description.mayWrite) throw new SysError("EBADF");
  return description;
};

export const seek = (
  process: Process,
  fd: number,
  offset: number,
  whence: "set" | "current" | "end",
): number => process.descriptors.get(fd).seek(offset, whence);

export function* waitReadable(
  process: Process,
  fds: readonly number[],
  timeoutMs: number,
  isInterruptible = false,
): Blocking<number | null> {
  const dueMs = process.nowMs + timeoutMs;
  for (;;) {
    const hasSignal = process.pending !== null;
    if (mustYield(process)) yield* giveWay(process);
    if (hasSignal && isInterruptible) return null;
    const queues: WaitQueue[] = [];
    for (const fd of fds) {
      const description = process.descriptors.get(fd);
      if (description.isReadable) return fd;
      if (description.readers !== null) queues.push(description.readers);
    }
    const reason = yield* waitOn(process, queues, dueMs);
    if (reason === "timeout" || (reason === "signal" && isInterruptible)) return null;
  }
}

export function* waitChanged(process: Process, fd: number, timeoutMs: number): Blocking<void> {
  if (mustYield(process)) yield* giveWay(process);
  const description = process.descriptors.get(fd);
  const queue =
    description instanceof FileDescription ? description.changes() : description.readers;
  yield* waitOn(process, queue, process.nowMs + timeoutMs);
}

export const changeDirectory = (process: Process, path: string): void => {
  const place = locate(process, path);
  if (!(place.inode instanceof Directory)) throw new SysError("ENOTDIR");
  if (!isPermitted(place.inode, EXECUTE, process.credentials)) throw new SysError("EACCES");
  process.cwd = place.path;
};

/** mount(2), as far as a privileged container uses it: bind, tmpfs, remount. */
export const mount = (
  process: Process,
  source: string,
  path: string,
  type: string,
  options: string,
): void => {
  requireAdmin(process);
  const flags = options.split(",");
  const target = locate(process, path);
  const isReadOnly = flags.includes("ro");
  const { mounts } = process;
  if (flags.includes("remount")) {
    const existing = mounts.at(target.path);
    if (existing === null) throw new SysError("EINVAL");
    mounts.remove(target.path);
    mounts.add({ ...existing, isReadOnly });
    return;
  }
  if (flags.includes("bind") || flags.includes("rbind")) {
    const from = locate(process, source);
    const { mount: parent, inode } = from;
    const root = inode.isSynthetic ? inode : ownInode(from);
    mounts.add({ ...parent, path: target.path, root, isReadOnly });
    return;
  }
  if (type !== "tmpfs") throw new SysError("ENODEV");
  if (!(target.inode instanceof Directory)) throw new SysError("ENOTDIR");
  const size = /(?:^|,)size=(\d+)([kmg]?)/i.exec(options);
  const unit = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[size?.[2]?.toLowerCase() ?? ""] ?? 1;
  mounts.add({
    path: target.path,
    root: process.kernel.makeMemoryRoot(size === null ? null : Number(size[1]) * unit),
    source: source === "" ? "tmpfs" : source,
    type: "tmpfs",
    isReadOnly,
    options: "relatime",
  });
};

export const unmount = (process: Process, path: string): void => {
  requireAdmin(process);
  const target = locate(process, path);
  if (process.mounts.at(target.path) === null) throw new SysError("EINVAL");
  if (!process.mounts.remove(target.path)) throw new SysError("EBUSY");
};

const requireAdmin = (process: Process): void => {
  if (!hasCapability(process.credentials.capabilities, "SYS_ADMIN")) throw new SysError("EPERM");
};
