import type { JournalEntry } from "../core/store/index.js";
import { subjectsOf, topicOf, type CompiledFilter } from "./feed-filter.js";

/** Someone who waits for the next matching entry. */
export interface FeedWaiter {
  readonly filter: CompiledFilter;
  /** @param sequence of the first entry that may match: nothing before it does. */
  wake(sequence: number): void;
}

/** Who waits for what, so that a commit wakes only those whose filter can match: thousands that wait for others cost nothing. */
export class FeedWaiters {
  readonly #byTopic = new Map<string, Set<FeedWaiter>>();
  readonly #bySubject = new Map<string, Set<FeedWaiter>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(waiter: FeedWaiter): void {
    this.#count += 1;
    for (const [map, key] of this.#placesOf(waiter)) {
      const waiting = map.get(key);
      if (waiting === undefined) map.set(key, new Set([waiter]));
      else waiting.add(waiter);
    }
  }

  remove(waiter: FeedWaiter): void {
    let wasThere = false;
    for (const [map, key] of this.#placesOf(waiter)) {
      const waiting = map.get(key);
      if (waiting?.delete(waiter) !== true) continue;
      wasThere = true;
      if (waiting.size === 0) map.delete(key);
    }
    if (wasThere) this.#count -= 1;
  }

  /** Wakes, and forgets, all that may want one of `entries`. */
  publish(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      if (this.#count === 0) return;
      const topic = topicOf(entry);
      this.#wake(this.#byTopic.get(topic), entry);
      if (this.#bySubject.size === 0) continue;
      for (const subject of subjectsOf(entry)) {
        this.#wake(this.#bySubject.get(`${topic} ${subject}`), entry);
      }
    }
  }

  #wake(waiting: ReadonlySet<FeedWaiter> | undefined, entry: JournalEntry): void {
    if (waiting === undefined) return;
    for (const waiter of [...waiting]) {
      if (!waiter.filter.matches(entry)) continue;
      this.remove(waiter);
      waiter.wake(entry.sequence);
    }
  }

  *#placesOf(waiter: FeedWaiter): Generator<[Map<string, Set<FeedWaiter>>, string]> {
    const { subject, topics } = waiter.filter;
    for (const topic of topics) {
      if (subject === null) yield [this.#byTopic, topic];
      else yield [this.#bySubject, `${topic} ${subject}`];
    }
  }
}
