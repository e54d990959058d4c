import type { JournalEntry } from "../core/store/index.js";
import type { Journal } from "../persistence/index.js";
import { CompiledFilter } from "./feed-filter.js";
import { FeedRing } from "./feed-ring.js";
import { FeedWaiters } from "./feed-waiters.js";
import type { Feed, FeedBatch, FeedFilter, FeedReader } from "./feed.js";
import { MAX_FEED_BATCH, MAX_FEED_SCAN } from "./limits.js";

/** The feed over a ring in memory and the journal behind it. `publish` is the only way in. */
export class DurableFeed implements Feed {
  readonly #ring: FeedRing;
  readonly #waiters = new FeedWaiters();
  readonly #readers = new Set<DurableFeedReader>();
  #durableSequence: number;
  #isClosed = false;

  /** @param durableSequence what the journal holds at the start. */
  constructor(
    private readonly journal: Pick<Journal, "history" | "oldestSequence">,
    durableSequence: number,
  ) {
    this.#durableSequence = durableSequence;
    this.#ring = new FeedRing(durableSequence);
  }

  get durableSequence(): number {
    return this.#durableSequence;
  }

  get oldestSequence(): number {
    return this.journal.oldestSequence;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  open(after: number, filter: FeedFilter): FeedReader {
    const reader = new DurableFeedReader(this, new CompiledFilter(filter), after);
    if (this.#isClosed) reader.close();
    else this.#readers.add(reader);
    return reader;
  }

  /** Makes a durable group visible. @param bytes its encoded size. */
  publish(entries: readonly JournalEntry[], lastSequence: number, bytes: number): void {
    this.#ring.push(entries, bytes);
    this.#durableSequence = lastSequence;
    this.#waiters.publish(entries);
  }

  /** Ends all readers. */
  close(): void {
    this.#isClosed = true;
    for (const reader of [...this.#readers]) reader.close();
  }

  /** @internal For its readers. */
  get ring(): FeedRing {
    return this.#ring;
  }

  /** @internal */
  get waiters(): FeedWaiters {
    return this.#waiters;
  }

  /** @internal */
  history(after: number, filter: FeedFilter): ReturnType<Journal["history"]> {
    return this.journal.history(after, filter, MAX_FEED_BATCH);
  }

  /** @internal */
  forget(reader: DurableFeedReader): void {
    this.#readers.delete(reader);
  }
}

class DurableFeedReader implements FeedReader {
  #position: number;
  #isClosed = false;
  /** Log lines up to here were reported as lost. */
  #reportedLog: number;
  #wake: (() => void) | null = null;

  constructor(
    private readonly feed: DurableFeed,
    readonly filter: CompiledFilter,
    after: number,
  ) {
    this.#position = after;
    this.#reportedLog = after;
  }

  async next(signal?: AbortSignal): Promise<FeedBatch | null> {
    while (!this.#hasEnded() && signal?.aborted !== true) {
      const batch = await this.poll();
      if (batch.entries.length > 0 || batch.lost !== null) return this.#hasEnded() ? null : batch;
      if (this.#position >= this.feed.durableSequence) await this.#wait(signal);
    }
    return null;
  }

  async poll(): Promise<FeedBatch> {
    const lost = this.#skipCompacted() ?? this.#skipLostLogs();
    if (lost !== null) return { entries: [], position: this.#position, lost };
    if (this.#position + 1 >= this.feed.ring.firstSequence) return this.#fromRing();
    return this.#fromJournal();
  }

  close(): void {
    this.#isClosed = true;
    this.feed.forget(this);
    this.feed.waiters.remove(this);
    this.#wake?.();
  }

  /** Called by the waiters: nothing between the position and `sequence` matches. */
  wake(sequence: number): void {
    this.#position = sequence - 1;
    this.#wake?.();
  }

  /** A question, since it may change while something is waited for. */
  #hasEnded(): boolean {
    return this.#isClosed;
  }

  #fromRing(): FeedBatch {
    const scanned = this.feed.ring.slice(this.#position, MAX_FEED_SCAN);
    const entries: JournalEntry[] = [];
    let position = this.#position;
    for (const entry of scanned) {
      if (entries.length === MAX_FEED_BATCH) break;
      position = entry.sequence;
      if (this.filter.matches(entry)) entries.push(entry);
    }
    const isAtEnd = scanned.length < MAX_FEED_SCAN && entries.length < MAX_FEED_BATCH;
    this.#position = isAtEnd ? Math.max(position, this.feed.durableSequence) : position;
    return { entries, position: this.#position, lost: null };
  }

  async #fromJournal(): Promise<FeedBatch> {
    const start = this.#position;
    // Only up to the ring: what is there is also published, and its log lines are nowhere else.
    const end = this.feed.ring.firstSequence - 1;
    const page = await this.feed.history(start, this.filter.filter);
    const oldest = this.feed.oldestSequence;
    this.#position = Math.max(Math.min(page.position, end), oldest - 1);
    const entries = page.entries.filter(({ sequence }) => sequence <= end && sequence >= oldest);
    // Compaction may have come in between: then the page has holes before the oldest sequence.
    const lost = oldest > start + 1 ? { from: start + 1, to: oldest - 1 } : null;
    return { entries, position: this.#position, lost };
  }

  #skipCompacted(): FeedBatch["lost"] {
    const oldest = this.feed.oldestSequence;
    if (this.#position + 1 >= oldest) return null;
    const lost = { from: this.#position + 1, to: oldest - 1 };
    this.#position = oldest - 1;
    return lost;
  }

  /** Said once for what is gone; the other entries of that stretch still come, from the journal. */
  #skipLostLogs(): FeedBatch["lost"] {
    const { lastLostLog } = this.feed.ring;
    const from = Math.max(this.#reportedLog, this.#position) + 1;
    if (!this.filter.wantsLogs || from > lastLostLog) return null;
    this.#reportedLog = lastLostLog;
    return { from, to: lastLostLog };
  }

  async #wait(signal?: AbortSignal): Promise<void> {
    if (this.#isClosed || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#wake = null;
        signal?.removeEventListener("abort", done);
        this.feed.waiters.remove(this);
        resolve();
      };
      this.#wake = done;
      signal?.addEventListener("abort", done);
      this.feed.waiters.add(this);
    });
  }
}
