import { bytesToString } from "../bytes.js";
import { BYTES_PER_STEP, IO_CHUNK_BYTES, LINES_PER_CHARGE, STEPS_PER_CHARGE } from "../limits.js";
import type { Blocking, Sys } from "../syscall.js";
import { notedWork } from "../work.js";

export interface Line {
  readonly text: string;
  /** False for a last line that the file ends without a newline. */
  readonly isTerminated: boolean;
}

const NEWLINE = 10;
const STEPS_PER_INPUT_LINE = 1 / 16;
/** Work on lines (matching them) that may be noted before it is charged. */
const NOTED_STEPS_PER_LINE = 64;

/**
 * Lines of a descriptor as byte strings. Reads ahead by chunks; with chunks of one byte it takes nothing that belongs to the next
 * reader, as `read` of a shell must. What is buffered counts as the process's memory.
 */
export class LineReader {
  #buffer: Uint8Array = new Uint8Array(0);
  #position = 0;
  #atEnd = false;
  /** Lines handed out that are not charged yet. */
  #uncharged = 0;

  constructor(
    private readonly sys: Sys,
    private readonly fd: number,
    private readonly chunkBytes = IO_CHUNK_BYTES,
    private readonly delimiter = NEWLINE,
  ) {}

  /** Null at the end of the file. */
  *readLine(): Blocking<Line | null> {
    if (this.#isChargeDue) {
      this.#uncharged = 0;
      if (!this.sys.tryCharge(STEPS_PER_CHARGE)) yield* this.sys.charge(STEPS_PER_CHARGE);
    }
    const now = this.takeBuffered();
    if (now !== null) return now;
    // Decoded as they come: the whole of a long line would take its time.
    const pieces: string[] = [];
    let heldBytes = 0;
    for (;;) {
      const rest = this.#buffer.subarray(this.#position);
      if (rest.length > 0) pieces.push(bytesToString(rest));
      this.#buffer = EMPTY;
      this.#position = 0;
      if (!(yield* this.#fill())) break;
      const end = this.#buffer.indexOf(this.delimiter);
      if (end >= 0) {
        pieces.push(bytesToString(this.#buffer.subarray(0, end)));
        this.#position = end + 1;
        if (heldBytes > 0) this.sys.free(heldBytes);
        return { text: joined(pieces), isTerminated: true };
      }
      heldBytes += this.#buffer.length;
      this.sys.allocate(this.#buffer.length);
    }
    if (heldBytes > 0) this.sys.free(heldBytes);
    return pieces.length === 0 ? null : { text: joined(pieces), isTerminated: false };
  }

  /** The next line when it is at hand already, and nothing is to be charged: no generator is made for most lines. */
  takeBuffered(): Line | null {
    if (this.#isChargeDue) return null;
    const end = this.#buffer.indexOf(this.delimiter, this.#position);
    if (end < 0) return null;
    const text = bytesToString(this.#buffer.subarray(this.#position, end));
    this.#position = end + 1;
    this.#uncharged += 1;
    return { text, isTerminated: true };
  }

  get #isChargeDue(): boolean {
    return this.#uncharged >= LINES_PER_CHARGE || notedWork() > NOTED_STEPS_PER_LINE;
  }

  *#fill(): Blocking<boolean> {
    if (this.#atEnd) return false;
    const chunk =
      this.chunkBytes === 1
        ? yield* this.sys.readUntil(this.fd, this.delimiter, IO_CHUNK_BYTES)
        : yield* this.sys.read(this.fd, this.chunkBytes);
    if (chunk.length === 0) {
      this.#atEnd = true;
      return false;
    }
    // What is read byte by byte has been counted so; a line of it is no more than that.
    const steps =
      this.chunkBytes === 1 ? STEPS_PER_INPUT_LINE : 1 + Math.floor(chunk.length / BYTES_PER_STEP);
    if (!this.sys.tryCharge(steps)) yield* this.sys.charge(steps);
    this.#buffer = chunk;
    this.#position = 0;
    return true;
  }
}

const EMPTY = new Uint8Array(0);

const joined = (pieces: readonly string[]): string =>
  pieces.length === 1 ? (pieces[0] ?? "") : pieces.join("");
