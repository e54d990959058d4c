import type { Feed, FeedBatch, FeedFilter, FeedReader } from "../../simulation/index.js";

type Entry = FeedBatch["entries"][number];

/** A feed that keeps everything in memory, for tests; `forgetBefore` plays compaction. */
export class MemoryFeed implements Feed {
  readonly #entries: Entry[] = [];
  #waiting: (() => void)[] = [];
  durableSequence = 0;
  oldestSequence = 1;
  openReaders = 0;

  publish(entries: readonly Entry[], lastSequence: number): void {
    this.#entries.push(...entries);
    this.durableSequence = lastSequence;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  forgetBefore(sequence: number): void {
    this.oldestSequence = sequence;
    while ((this.#entries[0]?.sequence ?? sequence) < sequence) this.#entries.shift();
  }

  open(after: number, filter: FeedFilter): FeedReader {
    let position = after;
    let isClosed = false;
    this.openReaders += 1;
    const poll = (): FeedBatch => {
      if (position + 1 < this.oldestSequence) {
        const lost = { from: position + 1, to: this.oldestSequence - 1 };
        position = this.oldestSequence - 1;
        return { entries: [], position, lost };
      }
      const entries = this.#entries.filter(
        (entry) => entry.sequence > position && matches(entry, filter),
      );
      position = this.durableSequence;
      return { entries, position, lost: null };
    };
    return {
      poll: () => Promise.resolve(poll()),
      next: async (signal) => {
        for (;;) {
          if (isClosed || signal?.aborted === true) return null;
          const batch = poll();
          if (batch.entries.length > 0 || batch.lost !== null) return batch;
          await new Promise<void>((resolve) => {
            const wake = (): void => {
              signal?.removeEventListener("abort", wake);
              resolve();
            };
            this.#waiting.push(wake);
            signal?.addEventListener("abort", wake);
          });
        }
      },
      close: () => {
        if (!isClosed) this.openReaders -= 1;
        isClosed = true;
        for (const wake of this.#waiting) wake();
      },
    };
  }
}

function matches(entry: Entry, filter: FeedFilter): boolean {
  if (entry.kind === "record") {
    const { record } = entry;
    if (filter.records?.includes(record.type) !== true) return false;
    if (filter.namespace !== undefined && record.namespace !== filter.namespace) return false;
    return filter.name === undefined || record.pod === filter.name;
  }
  if (filter.resources?.includes(entry.resource) !== true) return false;
  if (filter.namespace !== undefined && entry.namespace !== filter.namespace) return false;
  return filter.name === undefined || entry.name === filter.name;
}
