import type { JournalEntry } from "../core/store/index.js";
import { MAX_RING_BYTES, MAX_RING_ENTRIES } from "./limits.js";

/** The entries of one transaction. */
interface Segment {
  readonly entries: readonly JournalEntry[];
  readonly bytes: number;
}

/** The newest entries, in memory once for all readers, bounded by number and by size. */
export class FeedRing {
  #segments: Segment[] = [];
  #entryCount = 0;
  #bytes = 0;
  #firstSequence: number;
  #lastLostLog: number;

  /** @param start the ring holds all that comes after this sequence; log lines up to it are gone. */
  constructor(start: number) {
    this.#firstSequence = start + 1;
    this.#lastLostLog = start;
  }

  /** Everything from here on is in the ring. */
  get firstSequence(): number {
    return this.#firstSequence;
  }

  /** Log lines up to here may be gone for good: they are kept nowhere else. */
  get lastLostLog(): number {
    return this.#lastLostLog;
  }

  get entryCount(): number {
    return this.#entryCount;
  }

  push(entries: readonly JournalEntry[], bytes: number): void {
    if (entries.length === 0) return;
    this.#segments.push({ entries, bytes });
    this.#entryCount += entries.length;
    this.#bytes += bytes;
    while (this.#isTooLarge() && this.#segments.length > 1) this.#dropOldest();
  }

  /** Up to `limit` entries behind `after`, which is not before the ring. */
  slice(after: number, limit: number): JournalEntry[] {
    const found: JournalEntry[] = [];
    for (let index = this.#segmentAfter(after); found.length < limit; index += 1) {
      const segment = this.#segments[index];
      if (segment === undefined) break;
      for (const entry of segment.entries) {
        if (entry.sequence > after && found.length < limit) found.push(entry);
      }
    }
    return found;
  }

  #isTooLarge(): boolean {
    return this.#entryCount > MAX_RING_ENTRIES || this.#bytes > MAX_RING_BYTES;
  }

  #dropOldest(): void {
    const segment = this.#segments.shift();
    const last = segment?.entries.at(-1);
    if (segment === undefined || last === undefined) return;
    this.#entryCount -= segment.entries.length;
    this.#bytes -= segment.bytes;
    this.#firstSequence = last.sequence + 1;
    for (const entry of segment.entries) {
      if (entry.kind === "record" && entry.record.type === "log")
        this.#lastLostLog = entry.sequence;
    }
  }

  /** Index of the first segment that holds anything behind `after`: binary search, sequences only grow. */
  #segmentAfter(after: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.#segments[middle]?.entries.at(-1)?.sequence ?? 0;
      if (last <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
