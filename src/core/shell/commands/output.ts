import { writeText } from "../io/write.js";
import type { Blocking, Sys } from "../syscall.js";

/** stdio gives a pipe or file blocks of this size (st_blksize). */
const BUFFER_CHARACTERS = 4096;

/**
 * Buffered standard output. Add text, and flush where `isFull`:
 * `output.add(text); if (output.isFull) yield* output.flush();` — no generator is made for most lines.
 */
export class Output {
  #pieces: string[] = [];
  #length = 0;
  readonly #limit: number;

  constructor(
    private readonly sys: Sys,
    private readonly fd = 1,
  ) {
    this.#limit = sys.isOpen(fd) && sys.isTerminal(fd) ? 1 : BUFFER_CHARACTERS;
  }

  add(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
  }

  get isFull(): boolean {
    return this.#length >= this.#limit;
  }

  /** @throws SysError */
  *flush(): Blocking<void> {
    if (this.#length === 0) return;
    const text = this.#pieces.length === 1 ? (this.#pieces[0] ?? "") : this.#pieces.join("");
    this.#pieces = [];
    this.#length = 0;
    yield* writeText(this.sys, this.fd, text);
  }

  /** For programs that give the buffer up: what it holds is lost. */
  discard(): void {
    this.#pieces = [];
    this.#length = 0;
  }
}
