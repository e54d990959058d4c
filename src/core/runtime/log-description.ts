import { SysError, type OpenFlags } from "../vfs/index.js";
import { AnonymousInode } from "./kernel/anonymous-inode.js";
import { Description } from "./kernel/descriptors.js";
import type { Process } from "./kernel/process.js";
import type { LogBuffer, LogStream } from "./log-buffer.js";

/** A container's standard output or error: the pipe that the runtime's shim reads into the log. It never fills up. */
export class LogDescription extends Description {
  constructor(
    inode: AnonymousInode,
    path: string,
    private readonly log: LogBuffer,
    private readonly stream: LogStream,
  ) {
    super(inode, path, false, true);
  }

  read(): Uint8Array {
    throw new SysError("EBADF");
  }

  write(process: Process, bytes: Uint8Array): number {
    this.log.write(this.stream, bytes, process.nowMs);
    return bytes.length;
  }
}

/** What a command wrote, kept up to a bound; the rest is dropped. */
export class CaptureDescription extends Description {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(
    inode: AnonymousInode,
    path: string,
    private readonly limitBytes: number,
  ) {
    super(inode, path, false, true);
  }

  get text(): string {
    const [only] = this.#pieces;
    if (only === undefined) return "";
    if (this.#pieces.length === 1) return decoder.decode(only);
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return decoder.decode(whole);
  }

  read(): Uint8Array {
    throw new SysError("EBADF");
  }

  write(_process: Process, bytes: Uint8Array): number {
    const kept = bytes.slice(0, Math.max(0, this.limitBytes - this.#bytes));
    if (kept.length > 0) this.#pieces.push(kept);
    this.#bytes += kept.length;
    return bytes.length;
  }
}

const decoder = new TextDecoder();

/** The inode behind an output: opening it (`> /dev/stdout`) gives a further description of the same. */
export const outputInode = <T extends Description>(
  uid: number,
  nowMs: number,
  number: number,
  make: (inode: AnonymousInode, path: string) => T,
): T => {
  const path = `pipe:[${String(number)}]`;
  const inode: AnonymousInode = new AnonymousInode(
    "fifo",
    0o600,
    uid,
    0,
    number,
    nowMs,
    (_process: Process, _flags: OpenFlags) => make(inode, path),
  );
  return make(inode, path);
};
