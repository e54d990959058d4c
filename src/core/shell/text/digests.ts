/** A message digest that takes its input piece by piece. */
export interface Digest {
  update(bytes: Uint8Array): void;
  hexadecimal(): string;
}

export function md5(): Digest {
  return new Md5();
}

export function sha1(): Digest {
  return new Sha1();
}

export function sha256(): Digest {
  return new Sha256();
}

export function sha512(): Digest {
  return new Sha512();
}

/** The Merkle–Damgård frame that all of them share: blocks, then a one bit, zeros and the length. */
abstract class BlockDigest implements Digest {
  readonly #block: Uint8Array;
  #filled = 0;
  #length = 0;

  constructor(
    private readonly blockBytes: number,
    private readonly isLittleEndian: boolean,
  ) {
    this.#block = new Uint8Array(blockBytes);
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const room = Math.min(this.blockBytes - this.#filled, bytes.length - at);
      this.#block.set(bytes.subarray(at, at + room), this.#filled);
      this.#filled += room;
      at += room;
      if (this.#filled < this.blockBytes) continue;
      this.compress(new DataView(this.#block.buffer));
      this.#filled = 0;
    }
  }

  hexadecimal(): string {
    const bits = BigInt(this.#length) * 8n;
    const lengthBytes = this.blockBytes / 8;
    const padding = (this.blockBytes * 2 - lengthBytes - 1 - this.#filled) % this.blockBytes;
    const tail = new Uint8Array(1 + padding + lengthBytes);
    tail[0] = 0x80;
    const view = new DataView(tail.buffer);
    const at = this.isLittleEndian ? tail.length - lengthBytes : tail.length - 8;
    view.setBigUint64(at, bits, this.isLittleEndian);
    this.update(tail);
    return this.words();
  }

  protected abstract compress(block: DataView): void;
  protected abstract words(): string;
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function hexWord(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_SINES = Uint32Array.from({ length: 64 }, (_, index) =>
  Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32),
);

class Md5 extends BlockDigest {
  readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);

  constructor() {
    super(64, true);
  }

  protected compress(block: DataView): void {
    let [a = 0, b = 0, c = 0, d = 0] = this.#state;
    for (let step = 0; step < 64; step += 1) {
      const round = step >> 4;
      const mixed = mix(round, b, c, d);
      const word = block.getInt32(md5Index(round, step) * 4, true);
      const sum = (a + mixed + (MD5_SINES[step] ?? 0) + word) | 0;
      const shift = MD5_SHIFTS[round * 4 + (step & 3)] ?? 0;
      a = d;
      d = c;
      c = b;
      b = (b + rotateLeft(sum, shift)) | 0;
    }
    for (const [index, value] of [a, b, c, d].entries()) {
      this.#state[index] = ((this.#state[index] ?? 0) + value) | 0;
    }
  }

  protected words(): string {
    const view = new DataView(new ArrayBuffer(16));
    for (const [index, word] of this.#state.entries()) view.setInt32(index * 4, word, true);
    let text = "";
    for (let index = 0; index < 4; index += 1) text += hexWord(view.getInt32(index * 4, false));
    return text;
  }
}

function mix(round: number, b: number, c: number, d: number): number {
  switch (round) {
    case 0:
      return (b & c) | (~b & d);
    case 1:
      return (d & b) | (~d & c);
    case 2:
      return b ^ c ^ d;
    default:
      return c ^ (b | ~d);
  }
}

function md5Index(round: number, step: number): number {
  switch (round) {
    case 0:
      return step;
    case 1:
      return (5 * step + 1) & 15;
    case 2:
      return (3 * step + 5) & 15;
    default:
      return (7 * step) & 15;
  }
}

const SHA1_CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

class Sha1 extends BlockDigest {
  readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);

  constructor() {
    super(64, false);
  }

  protected compress(block: DataView): void {
    const words = new Int32Array(80);
    for (let index = 0; index < 16; index += 1) words[index] = block.getInt32(index * 4, false);
    for (let index = 16; index < 80; index += 1) {
      const word =
        (words[index - 3] ?? 0) ^
        (words[index - 8] ?? 0) ^
        (words[index - 14] ?? 0) ^
        (words[index - 16] ?? 0);
      words[index] = rotateLeft(word, 1);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = this.#state;
    for (let step = 0; step < 80; step += 1) {
      const round = Math.floor(step / 20);
      const mixed =
        round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const sum =
        (rotateLeft(a, 5) + mixed + e + (SHA1_CONSTANTS[round] ?? 0) + (words[step] ?? 0)) | 0;
      e = d;
      d = c;
      c = rotateLeft(b, 30);
      b = a;
      a = sum;
    }
    for (const [index, value] of [a, b, c, d, e].entries()) {
      this.#state[index] = ((this.#state[index] ?? 0) + value) | 0;
    }
  }

  protected words(): string {
    return Array.from(this.#state, hexWord).join("");
  }
}

const WORD_64 = (1n << 64n) - 1n;

/** The first primes: the constants of SHA-2 are the fractions of their square and cube roots. */
const PRIMES = firstPrimes(80);

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 2n; primes.length < count; candidate += 1n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  return primes;
}

/** The first 64 bits of the fraction of a root, by bisection on integers. */
function rootFraction(prime: bigint, power: 2 | 3): bigint {
  const scaled = prime << BigInt(64 * power);
  let low = 0n;
  let high = 1n << 72n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(power) <= scaled) low = middle;
    else high = middle;
  }
  return low & WORD_64;
}

const CUBE_ROOTS = PRIMES.map((prime) => rootFraction(prime, 3));
const SQUARE_ROOTS = PRIMES.slice(0, 8).map((prime) => rootFraction(prime, 2));
const SHA256_CONSTANTS = Int32Array.from(
  CUBE_ROOTS.slice(0, 64),
  (root) => Number(root >> 32n) | 0,
);

class Sha256 extends BlockDigest {
  readonly #state = Int32Array.from(SQUARE_ROOTS, (root) => Number(root >> 32n) | 0);

  constructor() {
    super(64, false);
  }

  protected compress(block: DataView): void {
    const words = expandSha256(block);
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = this.#state;
    for (let step = 0; step < 64; step += 1) {
      const s1 = rotateLeft(e, 26) ^ rotateLeft(e, 21) ^ rotateLeft(e, 7);
      const first =
        (h + s1 + ((e & f) ^ (~e & g)) + (SHA256_CONSTANTS[step] ?? 0) + (words[step] ?? 0)) | 0;
      const s0 = rotateLeft(a, 30) ^ rotateLeft(a, 19) ^ rotateLeft(a, 10);
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) {
      this.#state[index] = ((this.#state[index] ?? 0) + value) | 0;
    }
  }

  protected words(): string {
    return Array.from(this.#state, hexWord).join("");
  }
}

function expandSha256(block: DataView): Int32Array {
  const words = new Int32Array(64);
  for (let index = 0; index < 16; index += 1) words[index] = block.getInt32(index * 4, false);
  for (let index = 16; index < 64; index += 1) {
    const a = words[index - 15] ?? 0;
    const b = words[index - 2] ?? 0;
    const s0 = rotateLeft(a, 25) ^ rotateLeft(a, 14) ^ (a >>> 3);
    const s1 = rotateLeft(b, 15) ^ rotateLeft(b, 13) ^ (b >>> 10);
    words[index] = ((words[index - 16] ?? 0) + s0 + (words[index - 7] ?? 0) + s1) | 0;
  }
  return words;
}

function rotateRight64(value: bigint, by: bigint): bigint {
  return ((value >> by) | (value << (64n - by))) & WORD_64;
}

class Sha512 extends BlockDigest {
  readonly #state = [...SQUARE_ROOTS];

  constructor() {
    super(128, false);
  }

  protected compress(block: DataView): void {
    const words: bigint[] = [];
    for (let index = 0; index < 16; index += 1) words.push(block.getBigUint64(index * 8, false));
    for (let index = 16; index < 80; index += 1) {
      const a = words[index - 15] ?? 0n;
      const b = words[index - 2] ?? 0n;
      const s0 = rotateRight64(a, 1n) ^ rotateRight64(a, 8n) ^ (a >> 7n);
      const s1 = rotateRight64(b, 19n) ^ rotateRight64(b, 61n) ^ (b >> 6n);
      words.push(((words[index - 16] ?? 0n) + s0 + (words[index - 7] ?? 0n) + s1) & WORD_64);
    }
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = this.#state;
    for (let step = 0; step < 80; step += 1) {
      const s1 = rotateRight64(e, 14n) ^ rotateRight64(e, 18n) ^ rotateRight64(e, 41n);
      const choice = (e & f) ^ (~e & WORD_64 & g);
      const first = h + s1 + choice + (CUBE_ROOTS[step] ?? 0n) + (words[step] ?? 0n);
      const s0 = rotateRight64(a, 28n) ^ rotateRight64(a, 34n) ^ rotateRight64(a, 39n);
      const second = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + first) & WORD_64;
      d = c;
      c = b;
      b = a;
      a = (first + second) & WORD_64;
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) {
      this.#state[index] = ((this.#state[index] ?? 0n) + value) & WORD_64;
    }
  }

  protected words(): string {
    return this.#state.map((word) => word.toString(16).padStart(16, "0")).join("");
  }
}
