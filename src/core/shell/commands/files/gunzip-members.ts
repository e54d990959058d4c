import { Gunzip } from "fflate";
import { concatenateBytes } from "../../bytes.js";
import { reflectedUpdate } from "../../text/crc32.js";

/** CRC and length, four bytes each. */
const TRAILER_BYTES = 8;
/** The only way of packing there is. */
const DEFLATED = 8;
/** fflate's code for a header that is none. */
const INVALID_HEADER = 6;
/** and for data that ends too early. */
const UNEXPECTED_END = 0;

/**
 * Unpacks a gzip stream, its members one after another, and looks whether each is what was packed, which the library leaves out: archival/libarchive/
 * decompress_gunzip.c, unpack_gz_stream, busybox 1.37.
 */
export class Unpacking {
  /** What has been unpacked and not been taken yet. */
  readonly made: Uint8Array[] = [];
  /** What is wrong, as busybox says it. */
  problem: string | null = null;
  readonly #unpacker: Gunzip;
  /** The last bytes of the input, and where in it they begin. */
  #recent: Uint8Array = new Uint8Array(0);
  #recentOffset = 0;
  #crc = 0xffffffff;
  #length = 0;
  #isOver = false;

  constructor() {
    this.#unpacker = new Gunzip((chunk) => {
      if (this.problem !== null) return;
      this.#crc = reflectedUpdate(this.#crc, chunk);
      this.#length += chunk.length;
      this.made.push(chunk);
    });
    this.#unpacker.onmember = (offset) => {
      this.#endMember(offset);
    };
  }

  /** @param bytes none: the end of the input */
  push(bytes: Uint8Array): void {
    if (this.problem !== null || this.#isOver) return;
    this.#remember(bytes);
    if (!this.#hasMagic(bytes.length === 0)) {
      this.problem = "invalid magic";
      return;
    }
    try {
      this.#unpacker.push(bytes.slice(), bytes.length === 0);
    } catch (error) {
      this.problem ??= this.#problemOf(error);
      this.#isOver = true;
      return;
    }
    if (bytes.length === 0) this.#endLastMember();
  }

  /** The library takes some data that ends too early for whole; what it made then fits neither number of what it takes for a trailer. */
  #endLastMember(): void {
    const made = this.#length;
    const { length } = this.#recent;
    this.#endMember(this.#recentOffset + length);
    const isCut = length < 4 || numberAt(this.#recent, length - 4) !== made % 2 ** 32;
    if (this.problem === "crc error" && isCut) this.problem = "unexpected end of file";
  }

  #remember(bytes: Uint8Array): void {
    const kept = this.#recent.subarray(-TRAILER_BYTES);
    this.#recentOffset += this.#recent.length - kept.length;
    this.#recent = concatenateBytes([kept, bytes]).slice();
  }

  #hasMagic(isEnd: boolean): boolean {
    if (this.#recentOffset > 0 || this.#length > 0) return true;
    if (this.#recent.length < 2) return !isEnd;
    return this.#recent[0] === 0x1f && this.#recent[1] === 0x8b;
  }

  #problemOf(error: unknown): string | null {
    const code = (error as { readonly code?: number }).code;
    // What follows a member and is none is left alone.
    const isFirst = this.#recentOffset === 0 && this.#recent[2] !== DEFLATED;
    if (code === INVALID_HEADER && !isFirst) return null;
    return code === UNEXPECTED_END ? "unexpected end of file" : "corrupted data";
  }

  /** @param offset of the first byte behind the member */
  #endMember(offset: number): void {
    const start = offset - TRAILER_BYTES - this.#recentOffset;
    const trailer = this.#recent.subarray(Math.max(0, start), start + TRAILER_BYTES);
    if (trailer.length < TRAILER_BYTES) this.problem ??= "unexpected end of file";
    else if (numberAt(trailer, 0) !== ~this.#crc >>> 0) this.problem ??= "crc error";
    else if (numberAt(trailer, 4) !== this.#length % 2 ** 32) this.problem ??= "incorrect length";
    this.#crc = 0xffffffff;
    this.#length = 0;
  }
}

const numberAt = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at, true);
