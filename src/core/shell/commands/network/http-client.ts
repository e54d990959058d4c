import { bytesToString, concatenateBytes, stringToBytes } from "../../bytes.js";
import type { Blocking, Sys } from "../../syscall.js";

/**
 * What stands for TLS on the simulated network: the first bytes of a ClientHello and of a ServerHello record, then plain text. Either
 * side so sees when the other speaks none.
 */
export const TLS_HELLO = "\x16\x03\x01 hello\n";
export const TLS_REPLY = "\x16\x03\x03 hello\n";

const READ_BYTES = 16_384;
const MAX_HEAD_BYTES = 65_536;

/** The other side does not keep to the protocol, or is silent for too long. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";

  constructor(readonly kind: "timeout" | "empty" | "malformed" | "not-tls" | "truncated") {
    super(kind);
  }
}

export interface HttpHead {
  /** `HTTP/1.1 200 OK` */
  readonly statusLine: string;
  readonly status: number;
  /** In the order received, names as written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export function headerOf(head: HttpHead, name: string): string | undefined {
  return head.headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

/** One request on an open connection. Reads give up at `dueMs`. */
export class HttpExchange {
  #buffer: Uint8Array = new Uint8Array(0);
  #isOver = false;

  constructor(
    private readonly sys: Sys,
    private readonly fd: number,
    private readonly dueMs: number,
  ) {}

  *startTls(): Blocking<void> {
    yield* this.sys.write(this.fd, stringToBytes(TLS_HELLO));
    while (this.#buffer.length < TLS_REPLY.length) {
      if (!(yield* this.#fill())) throw new HttpProblem("not-tls");
    }
    if (bytesToString(this.#buffer.subarray(0, TLS_REPLY.length)) !== TLS_REPLY) {
      throw new HttpProblem("not-tls");
    }
    this.#buffer = this.#buffer.slice(TLS_REPLY.length);
  }

  *send(text: string): Blocking<void> {
    yield* this.sys.write(this.fd, stringToBytes(text));
  }

  /** The status line and headers; answers of the kind "100 Continue" are passed over. */
  *readHead(): Blocking<HttpHead> {
    for (;;) {
      const head = yield* this.#readOneHead();
      if (head.status !== 100) return head;
    }
  }

  *#readOneHead(): Blocking<HttpHead> {
    for (;;) {
      const text = bytesToString(this.#buffer.subarray(0, MAX_HEAD_BYTES));
      const end = /\r?\n\r?\n/.exec(text);
      if (end !== null) {
        this.#buffer = this.#buffer.slice(end.index + end[0].length);
        return parseHead(text.slice(0, end.index));
      }
      if (text.length >= MAX_HEAD_BYTES) throw new HttpProblem("malformed");
      if (!(yield* this.#fill())) {
        throw new HttpProblem(text === "" ? "empty" : "malformed");
      }
    }
  }

  /** The body in pieces, as they come; ends with null. */
  bodyReader(head: HttpHead, hasBody: boolean): BodyReader {
    const length = headerOf(head, "content-length");
    const isChunked = /chunked/i.test(headerOf(head, "transfer-encoding") ?? "");
    if (!hasBody || head.status === 204 || head.status === 304)
      return new BodyReader(this, 0, false);
    return new BodyReader(
      this,
      isChunked || length === undefined ? null : Number(length),
      isChunked,
    );
  }

  /** Up to `most` bytes; empty at the end. */
  *take(most: number): Blocking<Uint8Array> {
    if (this.#buffer.length === 0) yield* this.#fill();
    const taken = this.#buffer.subarray(0, most);
    this.#buffer = this.#buffer.slice(taken.length);
    return taken;
  }

  *takeLine(): Blocking<string> {
    for (;;) {
      const end = this.#buffer.indexOf(10);
      if (end >= 0) {
        const line = bytesToString(this.#buffer.subarray(0, end)).replace(/\r$/, "");
        this.#buffer = this.#buffer.slice(end + 1);
        return line;
      }
      if (!(yield* this.#fill())) throw new HttpProblem("truncated");
    }
  }

  *#fill(): Blocking<boolean> {
    if (this.#isOver) return false;
    if (this.dueMs !== Infinity) {
      const leftMs = Math.max(0, this.dueMs - this.sys.nowMs());
      const ready = yield* this.sys.waitReadable([this.fd], leftMs);
      if (ready === null) throw new HttpProblem("timeout");
    }
    const bytes = yield* this.sys.read(this.fd, READ_BYTES);
    if (!this.sys.tryCharge(1)) yield* this.sys.charge(1);
    this.#isOver = bytes.length === 0;
    if (bytes.length > 0) this.#buffer = concatenateBytes([this.#buffer, bytes]);
    return bytes.length > 0;
  }
}

export class BodyReader {
  #chunkLeft = 0;
  #isOver = false;

  constructor(
    private readonly exchange: HttpExchange,
    /** Null: up to the end of the connection, or in chunks. */
    private lengthLeft: number | null,
    private readonly isChunked: boolean,
  ) {}

  *next(): Blocking<Uint8Array | null> {
    if (this.#isOver) return null;
    if (this.isChunked) return yield* this.#nextOfChunk();
    if (this.lengthLeft === 0) return null;
    const bytes = yield* this.exchange.take(this.lengthLeft ?? READ_BYTES);
    if (bytes.length === 0) {
      this.#isOver = true;
      if (this.lengthLeft !== null) throw new HttpProblem("truncated");
      return null;
    }
    if (this.lengthLeft !== null) this.lengthLeft -= bytes.length;
    return bytes;
  }

  *#nextOfChunk(): Blocking<Uint8Array | null> {
    if (this.#chunkLeft === 0) {
      const size = parseInt(yield* this.exchange.takeLine(), 16);
      if (Number.isNaN(size)) throw new HttpProblem("malformed");
      if (size === 0) {
        while ((yield* this.exchange.takeLine()) !== "");
        this.#isOver = true;
        return null;
      }
      this.#chunkLeft = size;
    }
    const bytes = yield* this.exchange.take(this.#chunkLeft);
    if (bytes.length === 0) throw new HttpProblem("truncated");
    this.#chunkLeft -= bytes.length;
    if (this.#chunkLeft === 0) yield* this.exchange.takeLine();
    return bytes;
  }
}

function parseHead(text: string): HttpHead {
  const [statusLine = "", ...lines] = text.split(/\r?\n/);
  const status = /^HTTP\/\d(?:\.\d)?\s+(\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) throw new HttpProblem("malformed");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { statusLine, status: Number(status), headers };
}
