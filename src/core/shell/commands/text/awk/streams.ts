import { describeFailure } from "../../../errno-text.js";
import { SysError, type Blocking } from "../../../syscall.js";
import type { Command } from "../../command.js";
import { Output } from "../../output.js";
import { RecordReader } from "./records.js";

interface OutputStream {
  readonly output: Output;
  readonly fd: number;
  /** The process at the other end of a pipe. */
  readonly pid: number | null;
}

interface InputStream {
  readonly reader: RecordReader;
  readonly pid: number | null;
}

/** Files and commands that a program reads and writes, by their names. */
export class AwkStreams {
  readonly #outputs = new Map<string, OutputStream>();
  readonly #inputs = new Map<string, InputStream>();

  constructor(private readonly command: Command) {}

  *output(name: string, how: ">" | ">>" | "|"): Blocking<Output> {
    const known = this.#outputs.get(name);
    if (known !== undefined) return known.output;
    const made = how === "|" ? yield* this.#pipeTo(name) : this.#openOutput(name, how);
    this.#outputs.set(name, made);
    return made.output;
  }

  #openOutput(name: string, how: ">" | ">>"): OutputStream {
    const { sys } = this.command;
    if (name === "/dev/stdout" || name === "-") {
      return { output: this.command.output, fd: -1, pid: null };
    }
    if (name === "/dev/stderr") return { output: new Output(sys, 2), fd: -1, pid: null };
    try {
      const flags = how === ">" ? { truncate: true } : { append: true };
      const fd = sys.open(name, { write: true, create: true, ...flags }, 0o666);
      return { output: new Output(sys, fd), fd, pid: null };
    } catch (error) {
      throw this.command.failure(`${name}: ${describeFailure(error)}`);
    }
  }

  *#pipeTo(command: string): Blocking<OutputStream> {
    const { sys } = this.command;
    yield* this.flush();
    const [readEnd, writeEnd] = sys.pipe();
    const pid = this.#spawn(
      command,
      new Map([
        [0, readEnd],
        [1, 1],
        [2, 2],
      ]),
    );
    sys.close(readEnd);
    return { output: new Output(sys, writeEnd), fd: writeEnd, pid };
  }

  #spawn(command: string, fds: ReadonlyMap<number, number>): number {
    return this.command.sys.spawn("/bin/sh", ["sh", "-c", command], this.command.env, { fds });
  }

  /** Null: it cannot be opened. */
  *input(name: string, isCommand: boolean): Blocking<RecordReader | null> {
    const known = this.#inputs.get(name);
    if (known !== undefined) return known.reader;
    const { sys } = this.command;
    if (!isCommand) {
      const fd = this.#openInput(name);
      if (fd === null) return null;
      const reader = new RecordReader(sys, fd);
      this.#inputs.set(name, { reader, pid: null });
      return reader;
    }
    yield* this.flush();
    const [readEnd, writeEnd] = sys.pipe();
    const pid = this.#spawn(
      name,
      new Map([
        [0, 0],
        [1, writeEnd],
        [2, 2],
      ]),
    );
    sys.close(writeEnd);
    const reader = new RecordReader(sys, readEnd);
    this.#inputs.set(name, { reader, pid });
    return reader;
  }

  #openInput(name: string): number | null {
    if (name === "-" || name === "/dev/stdin") return 0;
    try {
      return this.command.sys.open(name, { read: true });
    } catch (error) {
      if (error instanceof SysError) return null;
      throw error;
    }
  }

  *system(text: string): Blocking<number> {
    yield* this.flush();
    const pid = this.#spawn(
      text,
      new Map([
        [0, 0],
        [1, 1],
        [2, 2],
      ]),
    );
    return yield* this.#wait(pid);
  }

  *#wait(pid: number): Blocking<number> {
    const ended = yield* this.command.sys.wait(pid);
    if (ended === null) return 0;
    return "code" in ended.status ? ended.status.code : 256 + ended.status.number;
  }

  *flush(): Blocking<void> {
    yield* this.command.output.flush();
    for (const { output } of this.#outputs.values()) yield* output.flush();
  }

  /** Between records: what has filled a buffer goes out. */
  *flushFull(): Blocking<void> {
    if (this.command.output.isFull) yield* this.command.output.flush();
    for (const { output } of this.#outputs.values()) if (output.isFull) yield* output.flush();
  }

  get needsFlush(): boolean {
    if (this.command.output.isFull) return true;
    for (const { output } of this.#outputs.values()) if (output.isFull) return true;
    return false;
  }

  /** -1 when nothing of that name is open. */
  *close(name: string): Blocking<number> {
    let status = -1;
    const output = this.#outputs.get(name);
    if (output !== undefined) {
      this.#outputs.delete(name);
      status = yield* this.#closeOutput(output);
    }
    const input = this.#inputs.get(name);
    if (input === undefined) return status;
    this.#inputs.delete(name);
    if (input.reader.fd !== 0) this.command.sys.close(input.reader.fd);
    return input.pid === null ? 0 : yield* this.#wait(input.pid);
  }

  *#closeOutput(stream: OutputStream): Blocking<number> {
    yield* stream.output.flush();
    if (stream.fd >= 0) this.command.sys.close(stream.fd);
    return stream.pid === null ? 0 : yield* this.#wait(stream.pid);
  }

  *closeAll(): Blocking<void> {
    yield* this.flush();
    for (const name of [...this.#outputs.keys(), ...this.#inputs.keys()]) yield* this.close(name);
  }
}
