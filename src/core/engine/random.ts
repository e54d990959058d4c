/** A stream of random numbers of its own: who draws from one stream never shifts another. */
export interface RandomStream {
  /** A float in [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
  /** `length` characters of `alphabet`. */
  characters(length: number, alphabet: string): string;
  /** `bytes` bytes as lower-case hexadecimal. */
  hex(bytes: number): string;
}

/** Named random streams from one seed: the same seed and name give the same numbers. */
export class RandomSource {
  readonly #streams = new Map<string, RandomStream>();

  constructor(readonly seed: number) {}

  stream(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new SmallFastCounter(
        hash32(`${this.seed}/${name}`, 0x9e3779b9),
        hash32(name, this.seed | 0),
      );
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Forgets a stream whose consumer is gone, so that names of dead pods do not pile up. */
  release(name: string): void {
    this.#streams.delete(name);
  }
}

/** Chris Doty-Humphrey's sfc32 (PractRand): small, fast and passes the usual batteries. */
class SmallFastCounter implements RandomStream {
  #a: number;
  #b: number;
  #c = 0x5bd1e995;
  #counter = 1;

  constructor(a: number, b: number) {
    this.#a = a;
    this.#b = b;
    for (let i = 0; i < 12; i += 1) this.#draw();
  }

  next(): number {
    return this.#draw() / 4294967296;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  characters(length: number, alphabet: string): string {
    let text = "";
    for (let i = 0; i < length; i += 1) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }

  hex(bytes: number): string {
    return this.characters(bytes * 2, "0123456789abcdef");
  }

  #draw(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}

/** MurmurHash3's finaliser over FNV-1a: good enough to spread names over seeds. */
const hash32 = (text: string, basis: number): number => {
  let hash = basis ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};
