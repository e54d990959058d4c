import { SysError, type Inode } from "../vfs/index.js";
import type { SignalName } from "../shell/index.js";
import type { TerminalSize } from "./cri.js";
import { InputQueue, type ExecStreams } from "./exec-streams.js";
import { AnonymousInode } from "./kernel/anonymous-inode.js";
import { Description } from "./kernel/descriptors.js";
import type { Process } from "./kernel/process.js";
import { WaitQueue } from "./kernel/wait-queue.js";
import { TERMINAL_LINE_BYTES } from "./limits.js";

/** What the terminal's keys do besides giving characters, with the default settings of tty_std_termios, drivers/tty/tty_io.c. */
const INTERRUPT = 0x03;
const END_OF_FILE = 0x04;
const BACKSPACE = 0x08;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const KILL_LINE = 0x15;
const QUIT = 0x1c;
const ERASE = 0x7f;

/** What a new pseudo-terminal says until its other side sets a size. */
const DEFAULT_SIZE: TerminalSize = { columns: 80, rows: 24 };

/** /dev/pts/0 as its major and minor number. */
const PTS_DEVICE = 0x8800;

/** The session of a terminal, and what its keys reach. */
export interface TerminalStreams extends ExecStreams {
  /** A key that means a signal was pressed. */
  interrupt(signal: SignalName): void;
}

/** A pseudo-terminal in canonical mode: gathers lines, echoes them, turns newlines into CR LF. drivers/tty/n_tty.c. */
export class ExecTerminal extends Description {
  readonly #queue = new InputQueue();
  readonly #writers = new WaitQueue();
  readonly #inode: AnonymousInode;
  #line: number[] = [];
  #size = DEFAULT_SIZE;
  #isClosed = false;

  constructor(
    private readonly session: TerminalStreams,
    uid: number,
    number: number,
  ) {
    super(true, true);
    this.#inode = new AnonymousInode("character", 0o620, uid, 5, number, 0, () => this, PTS_DEVICE);
  }

  get inode(): Inode {
    return this.#inode;
  }

  get path(): string {
    return "/dev/pts/0";
  }

  override get terminalSize(): TerminalSize {
    return this.#size;
  }

  override get isReadable(): boolean {
    return this.#queue.isReadable;
  }

  override get readers(): WaitQueue {
    return this.#queue.readable;
  }

  override get writers(): WaitQueue {
    return this.#writers;
  }

  /** Each byte may become two. */
  override get roomBytes(): number {
    return this.session.roomBytes >> 1;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
  }

  /** What was typed. The terminal itself takes it at once. @returns false when there is no room for it. */
  add(bytes: Uint8Array): boolean {
    if (!this.#isClosed) {
      if (!this.#queue.hasRoom(bytes.length)) return false;
      for (const byte of bytes) this.#type(byte);
    }
    this.session.tookInput(bytes.length);
    return true;
  }

  /** The other side hung up. */
  end(): void {
    this.#queue.add(Uint8Array.from(this.#line));
    this.#line = [];
    this.#queue.end();
  }

  read(_process: Process, maxBytes: number): Uint8Array | null {
    return this.#queue.take(maxBytes);
  }

  write(_process: Process, bytes: Uint8Array): number {
    if (this.session.isAbandoned) throw new SysError("EIO");
    const taken = bytes.subarray(0, this.roomBytes);
    if (taken.length > 0) this.session.wrote("stdout", withCarriageReturns(taken));
    return taken.length;
  }

  protected override closed(): void {
    this.#isClosed = true;
    this.#queue.discard();
    this.session.outputClosed();
  }

  #type(byte: number): void {
    switch (byte) {
      case INTERRUPT:
        this.#signal("INT", "^C");
        return;
      case QUIT:
        this.#signal("QUIT", "^\\");
        return;
      case END_OF_FILE:
        this.#push();
        return;
      case ERASE:
      case BACKSPACE:
        if (this.#line.pop() !== undefined) this.#echo("\b \b");
        return;
      case KILL_LINE:
        this.#echo("\b \b".repeat(this.#line.length));
        this.#line = [];
        return;
      case CARRIAGE_RETURN:
      case LINE_FEED:
        this.#line.push(LINE_FEED);
        this.#echo("\r\n");
        this.#push();
        return;
      default:
        if (this.#line.length >= TERMINAL_LINE_BYTES) return;
        this.#line.push(byte);
        this.#echoBytes(byte < 0x20 && byte !== 0x09 ? [0x5e, byte + 0x40] : [byte]);
    }
  }

  /** What was gathered can be read; nothing at all is the end of the file, once. */
  #push(): void {
    if (this.#line.length === 0) this.#queue.addEnd();
    else this.#queue.add(Uint8Array.from(this.#line));
    this.#line = [];
  }

  #signal(signal: SignalName, shown: string): void {
    this.#line = [];
    this.#echo(shown);
    this.session.interrupt(signal);
  }

  #echo(text: string): void {
    if (text !== "") this.session.wrote("stdout", new TextEncoder().encode(text));
  }

  #echoBytes(bytes: number[]): void {
    this.session.wrote("stdout", Uint8Array.from(bytes));
  }
}

/** ONLCR. */
const withCarriageReturns = (bytes: Uint8Array): Uint8Array => {
  const out: number[] = [];
  for (const byte of bytes) {
    if (byte === LINE_FEED) out.push(CARRIAGE_RETURN);
    out.push(byte);
  }
  return Uint8Array.from(out);
};
