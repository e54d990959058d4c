import type { KubeObject } from "../api/index.js";
import type { RevisionEntry } from "./journal.js";
import { MAX_HISTORY_AGE_MS, MAX_HISTORY_REVISIONS, MIN_HISTORY_REVISIONS } from "./limits.js";
import { objectKey, type ObjectKey } from "./object-key.js";

/**
 * The recent revisions of one resource. The state at an earlier sequence is the current one with what came after rolled back, so
 * nothing is copied; what is too old is dropped (compacted).
 */
export class RevisionHistory {
  #revisions: RevisionEntry[] = [];
  #head = 0;
  #compactedSequence: number;

  /** @param compactedSequence the state before this sequence is not known. */
  constructor(compactedSequence: number) {
    this.#compactedSequence = compactedSequence;
  }

  get size(): number {
    return this.#revisions.length - this.#head;
  }

  /** The state at any sequence from here on can be told. */
  get compactedSequence(): number {
    return this.#compactedSequence;
  }

  add(revision: RevisionEntry): void {
    this.#revisions.push(revision);
    this.#compact(revision.timeMs);
  }

  /** What the objects that changed after `sequence` were then (null: not there); null when that is compacted away. */
  statesAt(sequence: number): ReadonlyMap<ObjectKey, KubeObject | null> | null {
    if (sequence < this.#compactedSequence) return null;
    const states = new Map<ObjectKey, KubeObject | null>();
    for (let at = this.#revisions.length - 1; at >= this.#head; at -= 1) {
      const revision = this.#revisions[at];
      if (revision === undefined || revision.sequence <= sequence) break;
      states.set(objectKey(revision.namespace, revision.name), revision.previous);
    }
    return states;
  }

  #compact(nowMs: number): void {
    for (;;) {
      const oldest = this.#revisions[this.#head];
      if (oldest === undefined || this.size <= MIN_HISTORY_REVISIONS) break;
      const isTooOld = nowMs - oldest.timeMs > MAX_HISTORY_AGE_MS;
      if (!isTooOld && this.size <= MAX_HISTORY_REVISIONS) break;
      this.#compactedSequence = oldest.sequence;
      this.#head += 1;
    }
    // The dropped ones are held until here: cutting them off in bulk keeps the cost of one write constant.
    if (this.#head >= MIN_HISTORY_REVISIONS) {
      this.#revisions = this.#revisions.slice(this.#head);
      this.#head = 0;
    }
  }
}
