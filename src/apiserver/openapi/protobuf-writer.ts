/** Writes the wire format of protocol buffers: just what the OpenAPI message needs. Empty values are left out, as proto3 does. */
export class ProtobufWriter {
  readonly #chunks: Buffer[] = [];

  /** Field of type string. */
  text(field: number, value: unknown): this {
    if (typeof value !== "string" || value === "") return this;
    return this.#bytes(field, Buffer.from(value, "utf8"));
  }

  texts(field: number, values: unknown): this {
    if (!Array.isArray(values)) return this;
    for (const value of values) this.#bytes(field, Buffer.from(String(value), "utf8"));
    return this;
  }

  boolean(field: number, value: unknown): this {
    if (value === true) this.#chunks.push(varint(field << 3), varint(1));
    return this;
  }

  /** Field of a message type; an empty message is written, since its presence says something. */
  message(field: number, fill: (message: ProtobufWriter) => void): this {
    const message = new ProtobufWriter();
    fill(message);
    return this.#bytes(field, message.finish());
  }

  finish(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  #bytes(field: number, value: Buffer): this {
    this.#chunks.push(varint((field << 3) | 2), varint(value.length), value);
    return this;
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
