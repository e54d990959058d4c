import { SysError, type FileStat, type Inode } from "../../vfs/index.js";
import { DESCRIPTORS_PER_PROCESS } from "../limits.js";
import type { Process } from "./process.js";
import type { WaitQueue } from "./wait-queue.js";

/** An open file description: what descriptors of several processes may share (its offset, its end of a pipe). */
export abstract class Description {
  #references = 0;

  constructor(
    readonly mayRead: boolean,
    readonly mayWrite: boolean,
  ) {}

  /** What fstat shows of it, and where /proc/<pid>/fd leads. */
  abstract get inode(): Inode;

  /** As /proc/<pid>/fd shows it. */
  abstract get path(): string;

  /** Of a terminal; null of anything else. */
  get terminalSize(): { readonly columns: number; readonly rows: number } | null {
    return null;
  }

  get isTerminal(): boolean {
    return this.terminalSize !== null;
  }

  /** Whether a read would not wait: there are bytes, or the end. */
  get isReadable(): boolean {
    return true;
  }

  /** Woken when that may have changed; null when it never waits. */
  get readers(): WaitQueue | null {
    return null;
  }

  get writers(): WaitQueue | null {
    return null;
  }

  /** How many bytes one step of work reads or writes here: what bounds the real cost of a flood of them. */
  get bytesPerStep(): number {
    return 8192;
  }

  /** How much a write would take without waiting, for those that have `writers`. */
  get roomBytes(): number {
    return Infinity;
  }

  /** Up to `maxBytes`; empty at the end; null when it would wait. */
  abstract read(process: Process, maxBytes: number): Uint8Array | null;

  /** Up to the delimiter and no further, where that can be done at once; else a byte. */
  readUntil(process: Process, _delimiter: number, _maxBytes: number): Uint8Array | null {
    return this.read(process, 1);
  }

  /** How many bytes went in; 0 when it would wait. Throws EPIPE when nobody will ever read them. */
  abstract write(process: Process, bytes: Uint8Array): number;

  seek(_offset: number, _whence: "set" | "current" | "end"): number {
    throw new SysError("ESPIPE");
  }

  stat(): FileStat {
    return this.inode.stat();
  }

  /** One descriptor more. */
  retain(): this {
    this.#references += 1;
    return this;
  }

  /** One descriptor less. */
  release(): void {
    this.#references -= 1;
    if (this.#references === 0) this.closed();
  }

  /** The last descriptor is closed. */
  protected closed(): void {
    // Most have nothing to give back.
  }
}

/** A description of something that has an inode from the start. */
export abstract class InodeDescription extends Description {
  constructor(
    readonly inode: Inode,
    readonly path: string,
    mayRead: boolean,
    mayWrite: boolean,
  ) {
    super(mayRead, mayWrite);
  }
}

/** The descriptors of one process. */
export class DescriptorTable {
  #slots: (Description | undefined)[];

  /** @param slots given away; each description is retained already */
  constructor(slots: (Description | undefined)[] = []) {
    this.#slots = slots;
  }

  /** Throws EBADF. */
  get(fd: number): Description {
    const description = this.#slots[fd];
    if (description === undefined) throw new SysError("EBADF");
    return description;
  }

  find(fd: number): Description | null {
    return this.#slots[fd] ?? null;
  }

  /** Gives a description the lowest free number at or above `from`. Throws EMFILE. */
  add(description: Description, from = 0): number {
    let fd = from;
    while (this.#slots[fd] !== undefined) fd += 1;
    this.#set(fd, description);
    return fd;
  }

  /** Puts it at exactly `fd`, closing what was there. */
  place(fd: number, description: Description): void {
    if (fd < 0 || fd >= DESCRIPTORS_PER_PROCESS) throw new SysError("EBADF");
    const before = this.#slots[fd];
    this.#set(fd, description);
    before?.release();
  }

  close(fd: number): void {
    const description = this.get(fd);
    this.#slots[fd] = undefined;
    while (this.#slots.length > 0 && this.#slots.at(-1) === undefined) this.#slots.pop();
    description.release();
  }

  closeAll(): void {
    const slots = this.#slots;
    this.#slots = [];
    for (const description of slots) description?.release();
  }

  /** A copy for a child: all of it, or the descriptors named (child's number → own). */
  copy(named?: ReadonlyMap<number, number>): DescriptorTable {
    const slots: (Description | undefined)[] = [];
    if (named === undefined) {
      for (let fd = 0; fd < this.#slots.length; fd += 1) slots[fd] = this.#slots[fd]?.retain();
      return new DescriptorTable(slots);
    }
    for (const own of named.values()) this.get(own);
    for (const [fd, own] of named) {
      if (fd < 0 || fd >= DESCRIPTORS_PER_PROCESS) throw new SysError("EBADF");
      while (slots.length < fd) slots.push(undefined);
      slots[fd] = this.get(own).retain();
    }
    return new DescriptorTable(slots);
  }

  /** Open ones, ascending. */
  *entries(): IterableIterator<[fd: number, description: Description]> {
    for (let fd = 0; fd < this.#slots.length; fd += 1) {
      const description = this.#slots[fd];
      if (description !== undefined) yield [fd, description];
    }
  }

  #set(fd: number, description: Description): void {
    if (fd >= DESCRIPTORS_PER_PROCESS) throw new SysError("EMFILE");
    while (this.#slots.length < fd) this.#slots.push(undefined);
    this.#slots[fd] = description.retain();
  }
}
