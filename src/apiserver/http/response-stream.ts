import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** A response that goes on for as long as the client listens. Whoever writes waits until the client has taken it. */
export class ResponseStream {
  readonly #response: ServerResponse;
  readonly #closed = new AbortController();

  /** Sends the head at once. */
  constructor(reply: FastifyReply, contentType: string) {
    reply.hijack();
    this.#response = reply.raw;
    this.#response.on("close", () => this.#closed.abort());
    // A client that goes away in the middle of a write is no error of ours.
    this.#response.on("error", () => this.#closed.abort());
    // What was said of the request before it turned out to be answered by a stream.
    const warning = reply.getHeader("warning");
    if (warning !== undefined) this.#response.setHeader("warning", warning);
    this.#response.writeHead(200, {
      "content-type": contentType,
      "cache-control": "no-cache, private",
    });
    this.#response.flushHeaders();
  }

  /** Aborts when the client is gone. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Resolves when there is room for more, or the client is gone. */
  async write(text: string): Promise<void> {
    if (text === "" || this.closed.aborted || this.#response.write(text)) return;
    await once(this.#response, "drain", { signal: this.closed }).catch(() => undefined);
  }

  end(): void {
    if (!this.closed.aborted) this.#response.end();
  }
}
