/** One field of a message as it stands on the wire. */
export type WireField =
  | { readonly number: number; readonly kind: "varint"; readonly value: bigint }
  | { readonly number: number; readonly kind: "double"; readonly value: number }
  | { readonly number: number; readonly kind: "bytes"; readonly value: Buffer };

export class ProtobufError extends Error {}

/** The fields of a message in order. @throws ProtobufError for what is not one. */
export function* readFields(message: Buffer): Generator<WireField> {
  const reader = new WireReader(message);
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const number = Math.floor(tag / 8);
    if (number === 0)
      throw new ProtobufError(`proto: illegal tag ${number} (wire type ${tag & 7})`);
    switch (tag & 7) {
      case 0:
        yield { number, kind: "varint", value: reader.varint() };
        break;
      case 1:
        yield { number, kind: "double", value: reader.take(8).readDoubleLE(0) };
        break;
      case 2:
        yield { number, kind: "bytes", value: reader.take(Number(reader.varint())) };
        break;
      case 5:
        reader.take(4);
        break;
      default:
        throw new ProtobufError(`proto: illegal wireType ${tag & 7}`);
    }
  }
}

class WireReader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.#at];
      if (byte === undefined) throw new ProtobufError("unexpected EOF");
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new ProtobufError("proto: integer overflow");
  }

  take(size: number): Buffer {
    const end = this.#at + size;
    if (end > this.bytes.length) throw new ProtobufError("unexpected EOF");
    const part = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
