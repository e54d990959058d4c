import { SysError } from "../vfs/index.js";
import { AnonymousInode } from "./kernel/anonymous-inode.js";
import { Description } from "./kernel/descriptors.js";
import type { Process } from "./kernel/process.js";
import type { LogStream } from "./log-buffer.js";

/** Who takes what a process writes to its standard output or error. */
export interface OutputSink {
  /** Whose it is. */
  readonly outputUid: number;
  takeOutput(stream: LogStream, bytes: Uint8Array, nowMs: number): void;
}

/**
 * The standard output or error of a process that the runtime started: a pipe to its shim, which never fills up. Its inode is made when somebody looks: most
 * are only written to.
 */
export class OutputDescription extends Description {
  #inode: AnonymousInode | null = null;

  constructor(
    private readonly sink: OutputSink,
    private readonly stream: LogStream,
    private readonly number: number,
  ) {
    super(false, true);
  }

  /** Each line becomes a log entry and a record of the stream, which is much more than copying it. */
  override get bytesPerStep(): number {
    return 8;
  }

  get path(): string {
    return `pipe:[${String(this.number)}]`;
  }

  get inode(): AnonymousInode {
    return (this.#inode ??= new AnonymousInode(
      "fifo",
      0o600,
      this.sink.outputUid,
      0,
      this.number,
      0,
      () => this,
    ));
  }

  read(): Uint8Array {
    throw new SysError("EBADF");
  }

  write(process: Process, bytes: Uint8Array): number {
    this.sink.takeOutput(this.stream, bytes, process.nowMs);
    return bytes.length;
  }
}
