/** The running hash of everything that happened: two runs are the same run when their hashes are equal. */
export class Trace {
  #high = 0xdeadbeef | 0;
  #low = 0x41c6ce57;
  #length = 0;

  /** How many entries went in. */
  get length(): number {
    return this.#length;
  }

  /** Adds one entry. `text` must hold nothing that differs between runs of one seed. */
  add(text: string): void {
    let high = this.#high ^ text.length;
    let low = this.#low;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    this.#high =
      Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    this.#low =
      Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    this.#length += 1;
  }

  /** Sixteen hexadecimal digits. */
  digest(): string {
    return hex(this.#high) + hex(this.#low);
  }
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
