import { bytesToString } from "../bytes.js";

/** Puts a long byte string together out of many small pieces: a byte a character, where concatenation would make an object for each piece. */
export class TextBuilder {
  #bytes: Uint8Array;
  #length = 0;

  constructor(expectedLength: number) {
    this.#bytes = new Uint8Array(expectedLength);
  }

  /** Characters so far. */
  get length(): number {
    return this.#length;
  }

  addSlice(text: string, start: number, end: number): void {
    const length = this.#length + Math.max(0, end - start);
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(length * 2);
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    let at = this.#length;
    for (let index = start; index < end; index += 1) {
      this.#bytes[at] = text.charCodeAt(index);
      at += 1;
    }
    this.#length = at;
  }

  toString(): string {
    return bytesToString(this.#bytes.subarray(0, this.#length));
  }
}
