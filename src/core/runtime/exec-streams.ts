import { SysError, type Inode } from "../vfs/index.js";
import { AnonymousInode } from "./kernel/anonymous-inode.js";
import { Description } from "./kernel/descriptors.js";
import type { Process } from "./kernel/process.js";
import { WaitQueue } from "./kernel/wait-queue.js";
import { EXEC_INPUT_BYTES } from "./limits.js";

/** The session that streams belong to. */
export interface ExecStreams {
  /** How much more may be written before somebody takes it. */
  readonly roomBytes: number;
  /** Nobody will ever take anything. */
  readonly isAbandoned: boolean;
  wrote(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  tookInput(bytes: number): void;
  outputClosed(): void;
}

/** Bytes that came from outside and wait to be read. */
export class InputQueue {
  readonly readable = new WaitQueue();
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  isEnded = false;

  get isReadable(): boolean {
    return this.#pieces.length > 0 || this.isEnded;
  }

  /** Whether there is room for so many bytes. */
  hasRoom(bytes: number): boolean {
    return this.#bytes + bytes <= EXEC_INPUT_BYTES;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    this.readable.fire();
  }

  /** An end that one read sees, with more to come behind it: ^D. */
  addEnd(): void {
    this.#pieces.push(NOTHING);
    this.readable.fire();
  }

  end(): void {
    this.isEnded = true;
    this.readable.fire();
  }

  /** Empty at the end; null when there is nothing yet. */
  take(maxBytes: number): Uint8Array | null {
    const head = this.#pieces[0];
    if (head === undefined) return this.isEnded ? NOTHING : null;
    const taken = head.subarray(0, maxBytes);
    if (taken.length === head.length) this.#pieces.shift();
    else this.#pieces[0] = head.subarray(maxBytes);
    this.#bytes -= taken.length;
    return taken;
  }

  /** Nobody reads any more. @returns how many bytes were waiting. */
  discard(): number {
    const bytes = this.#bytes;
    this.#pieces = [];
    this.#bytes = 0;
    return bytes;
  }
}

const NOTHING = new Uint8Array(0);

/** A pipe's end that a command has as its standard input or output, and a shim has the other end of. */
abstract class ExecPipe extends Description {
  #inode: AnonymousInode | null = null;

  constructor(
    protected readonly session: ExecStreams,
    private readonly uid: number,
    private readonly number: number,
    mayRead: boolean,
  ) {
    super(mayRead, !mayRead);
  }

  get path(): string {
    return `pipe:[${String(this.number)}]`;
  }

  get inode(): Inode {
    return (this.#inode ??= new AnonymousInode(
      "fifo",
      0o600,
      this.uid,
      0,
      this.number,
      0,
      () => this,
    ));
  }

  read(_process: Process, _maxBytes: number): Uint8Array | null {
    throw new SysError("EBADF");
  }

  write(_process: Process, _bytes: Uint8Array): number {
    throw new SysError("EBADF");
  }
}

export class ExecInput extends ExecPipe {
  readonly #queue = new InputQueue();
  #isClosed = false;

  constructor(session: ExecStreams, uid: number, number: number) {
    super(session, uid, number, true);
  }

  override get isReadable(): boolean {
    return this.#queue.isReadable;
  }

  override get readers(): WaitQueue {
    return this.#queue.readable;
  }

  /** @returns false when there is no room for it. */
  add(bytes: Uint8Array): boolean {
    if (this.#isClosed) {
      this.session.tookInput(bytes.length);
      return true;
    }
    if (!this.#queue.hasRoom(bytes.length)) return false;
    this.#queue.add(bytes);
    return true;
  }

  end(): void {
    this.#queue.end();
  }

  override read(_process: Process, maxBytes: number): Uint8Array | null {
    const taken = this.#queue.take(maxBytes);
    if (taken !== null) this.session.tookInput(taken.length);
    return taken;
  }

  protected override closed(): void {
    this.#isClosed = true;
    this.session.tookInput(this.#queue.discard());
  }
}

export class ExecOutput extends ExecPipe {
  readonly #writers = new WaitQueue();

  constructor(
    session: ExecStreams,
    private readonly stream: "stdout" | "stderr",
    uid: number,
    number: number,
  ) {
    super(session, uid, number, false);
  }

  override get writers(): WaitQueue {
    return this.#writers;
  }

  override get roomBytes(): number {
    return this.session.roomBytes;
  }

  override write(_process: Process, bytes: Uint8Array): number {
    if (this.session.isAbandoned) throw new SysError("EPIPE");
    const taken = bytes.slice(0, this.session.roomBytes);
    if (taken.length > 0) this.session.wrote(this.stream, taken);
    return taken.length;
  }

  protected override closed(): void {
    this.session.outputClosed();
  }
}
