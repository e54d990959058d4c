import { SysError, type Inode } from "../../vfs/index.js";
import { PIPE_ATOMIC_BYTES, PIPE_BYTES } from "../limits.js";
import { AnonymousInode } from "./anonymous-inode.js";
import { InodeDescription } from "./descriptors.js";
import type { Process } from "./process.js";
import { WaitQueue } from "./wait-queue.js";

const NOTHING = new Uint8Array(0);

/** A bounded queue of bytes between those who write and those who read: pipe(7). Also one direction of a connection. */
export class Pipe {
  readonly readable = new WaitQueue();
  readonly writable = new WaitQueue();
  #pieces: Uint8Array[] = [];
  #headOffset = 0;
  #bytes = 0;
  #readers = 0;
  #writers = 0;
  /** A fifo that nobody has opened for reading yet holds its writers, and the other way round. */
  #hadReader = false;
  #hadWriter = false;

  constructor(private readonly capacityBytes = PIPE_BYTES) {}

  /** What a write takes without waiting, or without failing for want of a reader. */
  get roomBytes(): number {
    return this.#readers === 0 ? 0 : this.capacityBytes - this.#bytes;
  }

  get isAtEnd(): boolean {
    return this.#bytes === 0 && this.#writers === 0 && this.#hadWriter;
  }

  get isReadable(): boolean {
    return this.#bytes > 0 || this.isAtEnd;
  }

  get hasReaders(): boolean {
    return this.#readers > 0;
  }

  /** Nobody has it open any more. */
  get isAbandoned(): boolean {
    return this.#readers === 0 && this.#writers === 0;
  }

  openReader(): void {
    this.#readers += 1;
    this.#hadReader = true;
    this.writable.fire();
  }

  openWriter(): void {
    this.#writers += 1;
    this.#hadWriter = true;
  }

  closeReader(): void {
    this.#readers -= 1;
    if (this.#readers > 0) return;
    this.#pieces = [];
    this.#bytes = 0;
    this.writable.fire();
  }

  closeWriter(): void {
    this.#writers -= 1;
    if (this.#writers === 0) this.readable.fire();
  }

  /** Null when there is nothing yet. */
  take(maxBytes: number): Uint8Array | null {
    if (this.#bytes === 0) return this.isAtEnd ? NOTHING : null;
    const head = this.#pieces[0] ?? NOTHING;
    const available = head.length - this.#headOffset;
    const wasFull = this.#bytes > this.capacityBytes - PIPE_ATOMIC_BYTES;
    let result: Uint8Array;
    if (available <= maxBytes && this.#pieces.length === 1) {
      result = this.#headOffset === 0 ? head : head.subarray(this.#headOffset);
      this.#pieces.length = 0;
      this.#headOffset = 0;
    } else result = this.#collect(Math.min(maxBytes, this.#bytes));
    this.#bytes -= result.length;
    if (wasFull) this.writable.fire();
    return result;
  }

  /** As `take`, but nothing behind the next `delimiter`. */
  takeUntil(delimiter: number, maxBytes: number): Uint8Array | null {
    let length = 0;
    for (const [index, piece] of this.#pieces.entries()) {
      const start = index === 0 ? this.#headOffset : 0;
      const at = piece.indexOf(delimiter, start);
      if (at >= 0) return this.take(Math.min(maxBytes, length + at - start + 1));
      length += piece.length - start;
      if (length >= maxBytes) break;
    }
    return this.take(maxBytes);
  }

  /** How many bytes went in; 0 when it is full. Throws EPIPE when nobody reads any more. The bytes are copied. */
  put(bytes: Uint8Array): number {
    if (this.#readers === 0) {
      if (this.#hadReader) throw new SysError("EPIPE");
      return 0;
    }
    const room = this.capacityBytes - this.#bytes;
    if (room <= 0 || (bytes.length <= PIPE_ATOMIC_BYTES && room < bytes.length)) return 0;
    const length = Math.min(room, bytes.length);
    if (length === 0) return 0;
    this.#append(bytes, length);
    this.#bytes += length;
    this.readable.fire();
    return length;
  }

  /** Small writes are gathered in one piece, so that a thousand of them cost no more than their bytes. */
  #append(bytes: Uint8Array, length: number): void {
    const last = this.#pieces.at(-1);
    if (last !== undefined && length + last.length <= 512 && this.#pieces.length > 1) {
      const joined = new Uint8Array(last.length + length);
      joined.set(last);
      joined.set(bytes.subarray(0, length), last.length);
      this.#pieces[this.#pieces.length - 1] = joined;
    } else this.#pieces.push(bytes.slice(0, length));
  }

  #collect(length: number): Uint8Array {
    const result = new Uint8Array(length);
    let done = 0;
    let used = 0;
    while (done < length) {
      const piece = this.#pieces[used] ?? NOTHING;
      const part = piece.subarray(this.#headOffset, this.#headOffset + length - done);
      result.set(part, done);
      done += part.length;
      this.#headOffset += part.length;
      if (this.#headOffset < piece.length) break;
      this.#headOffset = 0;
      used += 1;
    }
    this.#pieces.splice(0, used);
    return result;
  }
}

/** An anonymous pipe's two ends, or a fifo's. */
export class PipeReader extends InodeDescription {
  constructor(
    readonly pipe: Pipe,
    inode: Inode,
    path: string,
  ) {
    super(inode, path, true, false);
    pipe.openReader();
  }

  override get isReadable(): boolean {
    return this.pipe.isReadable;
  }

  override get readers(): WaitQueue {
    return this.pipe.readable;
  }

  read(_process: Process, maxBytes: number): Uint8Array | null {
    return this.pipe.take(maxBytes);
  }

  override readUntil(_process: Process, delimiter: number, maxBytes: number): Uint8Array | null {
    return this.pipe.takeUntil(delimiter, maxBytes);
  }

  write(): number {
    throw new SysError("EBADF");
  }

  protected override closed(): void {
    this.pipe.closeReader();
  }
}

export class PipeWriter extends InodeDescription {
  constructor(
    readonly pipe: Pipe,
    inode: Inode,
    path: string,
  ) {
    super(inode, path, false, true);
    pipe.openWriter();
  }

  override get writers(): WaitQueue {
    return this.pipe.writable;
  }

  override get roomBytes(): number {
    return this.pipe.roomBytes;
  }

  read(): Uint8Array | null {
    throw new SysError("EBADF");
  }

  write(_process: Process, bytes: Uint8Array): number {
    return this.pipe.put(bytes);
  }

  protected override closed(): void {
    this.pipe.closeWriter();
  }
}

/** Both ends of a fifo in one: opened for reading and writing, which never waits and never comes to an end (fifo(7)). */
export class FifoDescription extends InodeDescription {
  constructor(
    readonly pipe: Pipe,
    inode: Inode,
    path: string,
  ) {
    super(inode, path, true, true);
    pipe.openReader();
    pipe.openWriter();
  }

  override get isReadable(): boolean {
    return this.pipe.isReadable;
  }

  override get readers(): WaitQueue {
    return this.pipe.readable;
  }

  override get writers(): WaitQueue {
    return this.pipe.writable;
  }

  override get roomBytes(): number {
    return this.pipe.roomBytes;
  }

  read(_process: Process, maxBytes: number): Uint8Array | null {
    return this.pipe.take(maxBytes);
  }

  override readUntil(_process: Process, delimiter: number, maxBytes: number): Uint8Array | null {
    return this.pipe.takeUntil(delimiter, maxBytes);
  }

  write(_process: Process, bytes: Uint8Array): number {
    return this.pipe.put(bytes);
  }

  protected override closed(): void {
    this.pipe.closeReader();
    this.pipe.closeWriter();
  }
}

/** pipe(2). */
export const makePipe = (process: Process): readonly [PipeReader, PipeWriter] => {
  const pipe = new Pipe();
  const number = process.kernel.takeAnonymousInode();
  const path = `pipe:[${String(number)}]`;
  const { uid, gid } = process.credentials;
  const inode: AnonymousInode = new AnonymousInode(
    "fifo",
    0o600,
    uid,
    gid,
    number,
    process.nowMs,
    (_opener, flags) =>
      flags.write === true || flags.append === true
        ? new PipeWriter(pipe, inode, path)
        : new PipeReader(pipe, inode, path),
  );
  return [new PipeReader(pipe, inode, path), new PipeWriter(pipe, inode, path)];
};
