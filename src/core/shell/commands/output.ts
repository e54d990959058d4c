import { writeText } from "../io/write.js";
import type { Parts } from "../paced.js";
import type { Blocking, Sys } from "../syscall.js";

const REPEATED_AT_ONCE = 16_384;
const STEPS_PER_REPEATED = 16;

/** So many of one character, however many that are; in parts, of which there is but one where they are few. */
export function* addRepeated(output: Output, character: string, count: number): Parts<void> {
  for (let left = count; left > 0; left -= REPEATED_AT_ONCE) {
    output.add(character.repeat(Math.min(left, REPEATED_AT_ONCE)));
    if (left > REPEATED_AT_ONCE) yield STEPS_PER_REPEATED;
  }
}

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
