import {
  Directory,
  GeneratedFile,
  RegularFile,
  SpecialFile,
  SysError,
  type FileStat,
  type Inode,
  type OpenedFile,
  type OpenFlags,
} from "../../vfs/index.js";
import { AnonymousInode } from "./anonymous-inode.js";
import { InodeDescription, type Description } from "./descriptors.js";
import { openDevice } from "./devices.js";
import { FifoDescription, Pipe, PipeReader, PipeWriter } from "./pipe.js";
import type { Process } from "./process.js";
import { WaitQueue } from "./wait-queue.js";

/** Makes the description of what open(2) found. */
export const describeFile = (
  process: Process,
  { inode, path }: OpenedFile,
  flags: OpenFlags,
): Description => {
  if (inode instanceof RegularFile) return new FileDescription(inode, path, flags);
  if (inode instanceof AnonymousInode) return inode.open(process, flags);
  if (inode instanceof GeneratedFile) return new GeneratedDescription(process, inode, path, flags);
  if (inode instanceof Directory) return new DirectoryDescription(inode, path, true, false);
  if (inode instanceof SpecialFile) return openSpecial(process, inode, path, flags);
  throw new SysError("ENXIO");
};

const isForReading = (flags: OpenFlags): boolean => flags.read === true;
const isForWriting = (flags: OpenFlags): boolean => flags.write === true || flags.append === true;

/** Looked through at a time for the end of a line: most are shorter. */
const LINE_BYTES = 1024;

/** A regular file at an offset. */
export class FileDescription extends InodeDescription {
  offset = 0;
  readonly #isAppending: boolean;

  constructor(
    override readonly inode: RegularFile,
    path: string,
    flags: OpenFlags,
  ) {
    super(inode, path, isForReading(flags), isForWriting(flags));
    this.#isAppending = flags.append === true;
    if (!inode.isFrozen) inode.opened();
  }

  override get bytesPerStep(): number {
    return 2048;
  }

  read(process: Process, maxBytes: number): Uint8Array {
    const bytes = this.inode.data.read(this.offset, maxBytes);
    this.offset += bytes.length;
    // relatime: an access time older than the last change is brought up to date.
    if (!this.inode.isFrozen && this.inode.atimeMs <= this.inode.mtimeMs)
      this.inode.atimeMs = process.nowMs;
    return bytes;
  }

  override readUntil(process: Process, delimiter: number, maxBytes: number): Uint8Array {
    const bytes = this.read(process, Math.min(maxBytes, LINE_BYTES));
    const end = bytes.indexOf(delimiter) + 1;
    if (end === 0 || end === bytes.length) return bytes;
    this.offset -= bytes.length - end;
    return bytes.subarray(0, end);
  }

  write(process: Process, bytes: Uint8Array): number {
    if (this.#isAppending) this.offset = this.inode.sizeBytes;
    const before = this.inode.sizeBytes;
    try {
      this.inode.write(this.offset, bytes, process.nowMs);
    } catch (error) {
      // What fitted has been written, so the offset lies behind it.
      this.offset = Math.max(this.offset, before, this.inode.sizeBytes);
      throw error;
    }
    this.offset += bytes.length;
    return bytes.length;
  }

  override seek(offset: number, whence: "set" | "current" | "end"): number {
    const base = whence === "set" ? 0 : whence === "current" ? this.offset : this.inode.sizeBytes;
    if (base + offset < 0) throw new SysError("EINVAL");
    this.offset = base + offset;
    return this.offset;
  }

  /** Woken at every change of the file; null when nothing can change it. */
  changes(): WaitQueue | null {
    if (this.inode.isFrozen) return null;
    const { listener } = this.inode;
    if (listener instanceof WaitQueue) return listener;
    const queue = new WaitQueue();
    this.inode.listener = queue;
    return queue;
  }

  protected override closed(): void {
    if (!this.inode.isFrozen) this.inode.closed();
  }
}

class DirectoryDescription extends InodeDescription {
  read(): Uint8Array {
    throw new SysError("EISDIR");
  }

  write(): number {
    throw new SysError("EBADF");
  }
}

/** A file of proc or sys: its content is that of the moment when it was opened. */
class GeneratedDescription extends InodeDescription {
  #content: Uint8Array | null = null;
  #offset = 0;

  constructor(
    private readonly opener: Process,
    override readonly inode: GeneratedFile,
    path: string,
    flags: OpenFlags,
  ) {
    super(inode, path, isForReading(flags), isForWriting(flags));
  }

  read(_process: Process, maxBytes: number): Uint8Array {
    this.#content ??= encoder.encode(this.inode.content(this.opener));
    const bytes = this.#content.subarray(this.#offset, this.#offset + maxBytes);
    this.#offset += bytes.length;
    return bytes;
  }

  write(process: Process, bytes: Uint8Array): number {
    this.inode.accept(process, decoder.decode(bytes));
    return bytes.length;
  }

  override stat(): FileStat {
    return this.inode.stat(this.opener);
  }

  override seek(offset: number, whence: "set" | "current" | "end"): number {
    if (whence === "end") throw new SysError("EINVAL");
    this.#offset = whence === "set" ? offset : this.#offset + offset;
    return this.#offset;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const openSpecial = (
  process: Process,
  inode: SpecialFile,
  path: string,
  flags: OpenFlags,
): Description => {
  if (inode.type === "character") return openDevice(process, inode, path, flags);
  if (inode.type !== "fifo") throw new SysError("ENXIO");
  const pipe = fifoOf(inode);
  if (isForWriting(flags) && flags.read === true) return new FifoDescription(pipe, inode, path);
  return isForWriting(flags)
    ? new PipeWriter(pipe, inode, path)
    : new PipeReader(pipe, inode, path);
};

/** The pipe behind a fifo: one for all that have it open. */
const fifoOf = (inode: Inode & { attachment: unknown }): Pipe => {
  if (inode.attachment instanceof Pipe && !inode.attachment.isAbandoned) return inode.attachment;
  const pipe = new Pipe();
  inode.attachment = pipe;
  return pipe;
};
