import type { Sys } from "../../syscall.js";

export interface EndWanted {
  /** Bytes are counted, not lines. */
  readonly inBytes: boolean;
  readonly count: number;
}

/** A piece of the stream, and how much of what is counted it holds. */
interface Piece {
  readonly text: string;
  readonly units: number;
}

/**
 * The end of a stream, in memory bounded by what is asked for. Pieces are never put together before the end comes: a stream without newlines would be
 * copied as often as it has pieces.
 */
export class StreamEnd {
  #pieces: Piece[] = [];
  #units = 0;
  /** The first piece that is still wanted. */
  #head = 0;

  constructor(
    private readonly sys: Sys,
    private readonly wanted: EndWanted,
  ) {}

  add(text: string): void {
    this.sys.allocate(text.length);
    const units = this.wanted.inBytes ? text.length : countNewlines(text);
    this.#pieces.push({ text, units });
    this.#units += units;
    this.#dropUnwanted();
  }

  text(): string {
    const { count, inBytes } = this.wanted;
    const text = this.#pieces
      .slice(this.#head)
      .map((piece) => piece.text)
      .join("");
    if (count === 0) return "";
    if (inBytes) return text.slice(Math.max(0, text.length - count));
    // A last line without a newline counts as one.
    let at = text.endsWith("\n") ? text.length - 1 : text.length;
    for (let lines = 0; lines < count; lines += 1) {
      at = at === 0 ? -1 : text.lastIndexOf("\n", at - 1);
      if (at < 0) return text;
    }
    return text.slice(at + 1);
  }

  /** One unit more than is asked for stays: the newline before the first wanted line. */
  #dropUnwanted(): void {
    for (;;) {
      const first = this.#pieces[this.#head];
      if (first === undefined || this.#head === this.#pieces.length - 1) break;
      if (this.#units - first.units <= this.wanted.count) break;
      this.sys.free(first.text.length);
      this.#units -= first.units;
      this.#head += 1;
    }
    if (this.#head < 64) return;
    this.#pieces.splice(0, this.#head);
    this.#head = 0;
  }
}

const countNewlines = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
};
