/** Reads the frames of a watch one by one. */
export class WatchClient {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #abort: AbortController;
  #rest = "";

  private constructor(
    readonly response: Response,
    abort: AbortController,
  ) {
    if (response.body === null) throw new Error("a watch has a body");
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    this.#abort = abort;
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<WatchClient> {
    const abort = new AbortController();
    return new WatchClient(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  /** The next frame; null when the watch has ended. */
  async next(): Promise<WatchFrame | null> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return JSON.parse(line) as WatchFrame;
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#rest += value;
    }
  }

  /** The next frames as `ADDED a`. */
  async names(count: number): Promise<string[]> {
    const names: string[] = [];
    while (names.length < count) {
      const frame = await this.next();
      if (frame === null) break;
      names.push(`${frame.type} ${frame.object.metadata?.name ?? ""}`);
    }
    return names;
  }

  close(): void {
    this.#abort.abort();
  }
}

export interface WatchFrame {
  readonly type: string;
  readonly object: Record<string, unknown> & {
    readonly metadata?: {
      readonly name?: string;
      readonly resourceVersion?: string;
      readonly annotations?: Record<string, string>;
    };
  };
}
