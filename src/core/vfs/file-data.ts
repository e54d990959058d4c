import { SysError } from "./errno.js";
import { Extents } from "./extents.js";
import { BLOCK_BYTES, CHUNK_BYTES, FILE_BYTES, READ_BYTES } from "./limits.js";
import type { Quota } from "./quota.js";

/** Zeros to hand out instead of a copy; whoever reads a file must not write into what it got. */
export const ZEROS = new Uint8Array(READ_BYTES);

const NOTHING = new Uint8Array(0);
/** How far back a full chunk looks for its like: enough for repeated lines up to that many bytes. */
const CHUNKS_COMPARED = 16;

/** A piece of content. A shared one belongs to several files (or places), so it is copied before it is written to. */
interface Chunk {
  bytes: Uint8Array;
  isShared: boolean;
}

/**
 * The content of a regular file. Zeros and repeated chunks take no memory; files copied up from an image share its chunks. Allocation is counted in
 * blocks as a disk does it, so a 10 GB file of zeros uses up the simulated disk and nothing here.
 */
export class FileData {
  #sizeBytes = 0;
  /** Makes the content when somebody looks at it for the first time; null once that is done, and mostly. */
  #pending: (() => Uint8Array) | null = null;
  readonly extents: Extents;
  #version = 0;
  #first: Chunk | null = null;
  #rest: Map<number, Chunk> | null = null;
  /** Real memory charged for this file; chunks it shares with others by now are among it. */
  #heldBytes = 0;

  constructor(
    private readonly quota: Quota,
    extents: Extents = new Extents(),
  ) {
    this.extents = extents;
  }

  get sizeBytes(): number {
    if (this.#pending !== null) this.#settle();
    return this.#sizeBytes;
  }

  /** Another number after each change of the content. */
  get version(): number {
    return this.#version;
  }

  /** Fills an empty file with what `make` will give: one block at the most, which is taken now. Throws ENOSPC. */
  writeLater(make: () => Uint8Array): void {
    if (!this.quota.charge(BLOCK_BYTES, 0, 0)) throw new SysError("ENOSPC");
    this.#version += 1;
    this.extents.add(0, BLOCK_BYTES);
    this.#pending = make;
  }

  #settle(): void {
    const bytes = this.#pending?.() ?? NOTHING;
    this.#pending = null;
    if (bytes.length > BLOCK_BYTES) throw new Error("what is written later must fit into a block");
    this.write(0, bytes);
  }

  /** @param maxBytes at most READ_BYTES are read. The result must not be written to. */
  read(offset: number, maxBytes: number): Uint8Array {
    const length = Math.min(maxBytes, READ_BYTES, this.sizeBytes - offset);
    if (length <= 0) return NOTHING;
    const firstIndex = Math.floor(offset / CHUNK_BYTES);
    const lastIndex = Math.floor((offset + length - 1) / CHUNK_BYTES);
    if (this.#isHole(firstIndex, lastIndex)) return ZEROS.subarray(0, length);
    const result = new Uint8Array(length);
    for (let index = firstIndex; index <= lastIndex; index += 1) {
      const chunk = this.#chunk(index);
      if (chunk === null) continue;
      const start = index * CHUNK_BYTES;
      const from = Math.max(0, offset - start);
      const to = Math.min(chunk.bytes.length, offset + length - start);
      if (to > from) result.set(chunk.bytes.subarray(from, to), start + from - offset);
    }
    return result;
  }

  /** Writes as much as fits, then throws ENOSPC. */
  write(offset: number, bytes: Uint8Array): void {
    if (offset + bytes.length > FILE_BYTES) throw new SysError("EFBIG");
    if (this.#pending !== null) this.#settle();
    this.#version += 1;
    let done = 0;
    while (done < bytes.length) {
      const at = offset + done;
      const inChunk = at % CHUNK_BYTES;
      const length = Math.min(CHUNK_BYTES - inChunk, bytes.length - done);
      this.#writePiece(at, inChunk, bytes.subarray(done, done + length));
      done += length;
      if (at + length > this.#sizeBytes) this.#sizeBytes = at + length;
    }
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes > FILE_BYTES) throw new SysError("EFBIG");
    this.#version += 1;
    if (sizeBytes < this.sizeBytes) this.#cut(sizeBytes);
    this.#sizeBytes = sizeBytes;
    if (sizeBytes === 0) this.#giveBack(this.#heldBytes);
  }

  /** The same content in another file system; its blocks are charged there. */
  cloneInto(quota: Quota): FileData {
    if (!quota.charge(this.extents.bytes, 0, 0)) throw new SysError("ENOSPC");
    const copy = new FileData(quota, this.extents.clone());
    copy.#sizeBytes = this.sizeBytes;
    if (this.#first !== null) this.#first.isShared = true;
    copy.#first = this.#first;
    if (this.#rest !== null) {
      for (const chunk of this.#rest.values()) chunk.isShared = true;
      copy.#rest = new Map(this.#rest);
    }
    return copy;
  }

  /** Gives back everything. */
  discard(): void {
    if (this.#pending !== null) {
      this.#pending = null;
      this.#cut(0);
    }
    this.truncate(0);
  }

  #writePiece(at: number, inChunk: number, piece: Uint8Array): void {
    const index = Math.floor(at / CHUNK_BYTES);
    const allocated = this.extents.missing(at, at + piece.length);
    if (allocated > 0 && !this.quota.charge(allocated, 0, 0)) throw new SysError("ENOSPC");
    const chunk = this.#chunk(index);
    if (chunk !== null || !isZero(piece)) {
      const target = this.#writable(index, chunk, inChunk + piece.length);
      if (target === null) {
        this.quota.charge(-allocated, 0, 0);
        throw new SysError("ENOSPC");
      }
      target.bytes.set(piece, inChunk);
      if (inChunk + piece.length === CHUNK_BYTES) this.#shareRepeated(index, target);
    }
    this.extents.add(at, at + piece.length);
  }

  /** A chunk of its own with room for `needed` bytes; null when the simulator's memory bound is reached. */
  #writable(index: number, chunk: Chunk | null, needed: number): Chunk | null {
    const oldLength = chunk === null ? 0 : chunk.bytes.length;
    if (chunk !== null && !chunk.isShared && oldLength >= needed) return chunk;
    const length = needed <= oldLength ? oldLength : capacityFor(needed);
    const held = length - (chunk === null || chunk.isShared ? 0 : oldLength);
    if (!this.quota.charge(0, 0, held)) return null;
    this.#heldBytes += held;
    const bytes = new Uint8Array(length);
    if (chunk !== null) bytes.set(chunk.bytes);
    if (chunk !== null && !chunk.isShared) {
      chunk.bytes = bytes;
      return chunk;
    }
    const fresh = { bytes, isShared: false };
    this.#setChunk(index, fresh);
    return fresh;
  }

  /** A full chunk that repeats an earlier one (or is all zeros) is given up for it. */
  #shareRepeated(index: number, chunk: Chunk): void {
    if (isZero(chunk.bytes)) {
      this.#dropChunk(index, chunk);
      return;
    }
    for (let back = 1; back <= CHUNKS_COMPARED && back <= index; back += 1) {
      const earlier = this.#chunk(index - back);
      if (earlier === null || !isSame(earlier.bytes, chunk.bytes)) continue;
      this.#dropChunk(index, chunk);
      earlier.isShared = true;
      this.#setChunk(index, earlier);
      return;
    }
  }

  #cut(sizeBytes: number): void {
    const allocatedBefore = this.extents.bytes;
    this.extents.truncate(sizeBytes);
    this.quota.charge(this.extents.bytes - allocatedBefore, 0, 0);
    const keptChunks = Math.ceil(sizeBytes / CHUNK_BYTES);
    if (keptChunks === 0 && this.#first !== null) this.#dropChunk(0, this.#first);
    for (const [index, chunk] of this.#rest ?? [])
      if (index >= keptChunks) this.#dropChunk(index, chunk);
    const inChunk = sizeBytes % CHUNK_BYTES;
    const last = inChunk === 0 ? null : this.#chunk(keptChunks - 1);
    if (last !== null && last.bytes.length > inChunk) {
      const own = this.#writable(keptChunks - 1, last, last.bytes.length);
      if (own === null) throw new SysError("ENOSPC");
      own.bytes.fill(0, inChunk);
    }
  }

  #chunk(index: number): Chunk | null {
    return index === 0 ? this.#first : (this.#rest?.get(index) ?? null);
  }

  #setChunk(index: number, chunk: Chunk): void {
    if (index === 0) this.#first = chunk;
    else (this.#rest ??= new Map()).set(index, chunk);
  }

  #dropChunk(index: number, chunk: Chunk): void {
    if (!chunk.isShared) this.#giveBack(chunk.bytes.length);
    if (index === 0) this.#first = null;
    else this.#rest?.delete(index);
  }

  #giveBack(heldBytes: number): void {
    this.quota.charge(0, 0, -heldBytes);
    this.#heldBytes -= heldBytes;
  }

  #isHole(firstIndex: number, lastIndex: number): boolean {
    for (let index = firstIndex; index <= lastIndex; index += 1)
      if (this.#chunk(index) !== null) return false;
    return true;
  }
}

const capacityFor = (needed: number): number => {
  let length = 64;
  while (length < needed) length *= 2;
  return Math.min(length, CHUNK_BYTES);
};

const isZero = (bytes: Uint8Array): boolean => {
  if (bytes.buffer === ZEROS.buffer) return true;
  if (bytes[0] !== 0 || bytes[bytes.length - 1] !== 0) return false;
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
};

const isSame = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
};
