import type { KubeObject } from "../../src/core/api/index.js";
import { keyOf, type JournalBatch, type JournalSnapshot } from "../../src/core/store/index.js";

/** A journal in memory: what SQLite would give back after these batches. */
export class MemoryJournal {
  readonly #objects = new Map<string, KubeObject>();
  #lastSequence = 0;
  #timeMs = 0;

  append({ entries, lastSequence, timeMs }: JournalBatch): void {
    for (const entry of entries) {
      if (entry.kind === "record") continue;
      const key = `${entry.resource}/${keyOf(entry.object)}`;
      if (entry.change === "DELETED") this.#objects.delete(key);
      else this.#objects.set(key, entry.object);
    }
    this.#lastSequence = lastSequence;
    this.#timeMs = timeMs;
  }

  snapshot(): JournalSnapshot {
    return {
      objects: [...this.#objects.values()],
      lastSequence: this.#lastSequence,
      timeMs: this.#timeMs,
      oldestSequence: 1,
    };
  }
}
