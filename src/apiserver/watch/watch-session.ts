import type { KubeObject, StatusError } from "../../core/api/index.js";
import type { FeedBatch, FeedReader, ObjectList } from "../cluster-port.js";
import type { ResponseStream } from "../http/response-stream.js";
import { BOOKMARK_BEFORE_TIMEOUT_MS, BOOKMARK_INTERVAL_MS } from "../limits.js";
import { resourceVersionExpired } from "../refusals.js";
import type { WatchEncoder } from "./watch-encoder.js";
import { watchEventOf } from "./watch-event.js";
import type { WatchSelection } from "./watch-selection.js";

export interface SessionOptions {
  readonly selection: WatchSelection;
  /** The state to begin with; null for a watch of changes alone. */
  readonly initial: ObjectList | null;
  readonly timeoutMs: number;
  readonly sendsBookmarks: boolean;
}

/** Objects of the initial state in one write. */
const INITIAL_CHUNK = 100;

/**
 * One watch from its first byte to its last. It only reads the feed when the client has taken what was sent before, so a slow client holds
 * nothing but its position; when history has passed that, it is told to list again (410).
 */
export class WatchSession {
  #nextBookmarkMs: number;
  readonly #deadlineMs: number;

  constructor(
    private readonly stream: ResponseStream,
    private readonly encoder: WatchEncoder,
    private readonly options: SessionOptions,
  ) {
    const now = performance.now();
    this.#deadlineMs = now + options.timeoutMs;
    this.#nextBookmarkMs = this.#bookmarkAfter(now);
  }

  /** Says why there is nothing to watch, in the stream, as apiserver's watch cache does. */
  async refuse(error: StatusError): Promise<void> {
    await this.stream.write(this.encoder.error(error.status));
    this.stream.end();
  }

  /** Returns when the client is gone, the time is over or the feed has ended. */
  async run(reader: FeedReader): Promise<void> {
    const { closed } = this.stream;
    const close = (): void => reader.close();
    closed.addEventListener("abort", close, { once: true });
    try {
      await this.#sendInitial();
      while (!closed.aborted && performance.now() < this.#deadlineMs) {
        const batch = await this.#next(reader);
        if (batch === null || !(await this.#send(batch))) break;
      }
    } finally {
      reader.close();
      closed.removeEventListener("abort", close);
      this.stream.end();
    }
  }

  async #sendInitial(): Promise<void> {
    const { initial, sendsBookmarks } = this.options;
    if (initial === null) return;
    const { items, metadata } = initial;
    for (let start = 0; start < items.length; start += INITIAL_CHUNK) {
      const chunk = items.slice(start, start + INITIAL_CHUNK);
      await this.stream.write(chunk.map((object) => this.#added(object)).join(""));
      if (this.stream.closed.aborted) return;
    }
    if (sendsBookmarks)
      await this.stream.write(this.encoder.bookmark(Number(metadata.resourceVersion), true));
  }

  /** The next entries, or, when a bookmark or the end is due before any come, what there is by then. Null: the feed has ended. */
  async #next(reader: FeedReader): Promise<FeedBatch | null> {
    const dueMs = Math.min(this.#nextBookmarkMs, this.#deadlineMs);
    const due = new AbortController();
    const timer = setTimeout(() => due.abort(), Math.max(0, dueMs - performance.now()));
    try {
      const batch = await reader.next(due.signal);
      if (batch !== null || !due.signal.aborted) return batch;
    } finally {
      clearTimeout(timer);
    }
    return this.stream.closed.aborted ? null : reader.poll();
  }

  /** @returns whether the watch goes on. */
  async #send({ entries, position, lost }: FeedBatch): Promise<boolean> {
    if (lost !== null) {
      const error = resourceVersionExpired(lost.from - 1, lost.to + 1);
      await this.stream.write(this.encoder.error(error.status));
      return false;
    }
    let text = "";
    for (const entry of entries) {
      if (entry.kind !== "revision") continue;
      const event = watchEventOf(entry, this.options.selection.matches);
      if (event !== null) text += this.encoder.event(event);
    }
    const now = performance.now();
    if (now >= this.#nextBookmarkMs) {
      text += this.encoder.bookmark(position);
      this.#nextBookmarkMs = this.#bookmarkAfter(now);
    }
    await this.stream.write(text);
    return true;
  }

  /** When the next bookmark is due: each minute, and shortly before the end. */
  #bookmarkAfter(now: number): number {
    if (!this.options.sendsBookmarks) return Infinity;
    const beforeEnd = this.#deadlineMs - BOOKMARK_BEFORE_TIMEOUT_MS;
    return beforeEnd > now
      ? Math.min(now + BOOKMARK_INTERVAL_MS, beforeEnd)
      : now + BOOKMARK_INTERVAL_MS;
  }

  #added(object: KubeObject): string {
    return this.encoder.event({ type: "ADDED", object });
  }
}
