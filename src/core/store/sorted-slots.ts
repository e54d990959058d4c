import type { KubeObject } from "../api/index.js";
import { MAX_CHUNK_OBJECTS } from "./limits.js";
import type { ObjectKey } from "./object-key.js";

/** The place of one object; its object is replaced by each update. */
export interface Slot {
  readonly key: ObjectKey;
  object: KubeObject;
}

/** Slots in key order, in chunks: a list needs no sorting, and an insert moves no more than one chunk. */
export class SortedSlots {
  readonly #chunks: Slot[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  insert(slot: Slot): void {
    this.#size += 1;
    const index = this.#chunkFor(slot.key);
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push([slot]);
      return;
    }
    chunk.splice(lowerBound(chunk, slot.key), 0, slot);
    if (chunk.length > MAX_CHUNK_OBJECTS) {
      this.#chunks.splice(index + 1, 0, chunk.splice(chunk.length >>> 1));
    }
  }

  remove(key: ObjectKey): void {
    const index = this.#chunkFor(key);
    const chunk = this.#chunks[index];
    const at = chunk === undefined ? 0 : lowerBound(chunk, key);
    if (chunk?.[at]?.key !== key) throw new Error(`${key} is not among the sorted slots`);
    this.#size -= 1;
    chunk.splice(at, 1);
    if (chunk.length === 0) this.#chunks.splice(index, 1);
  }

  /** Appends to `target` the objects whose key begins with `prefix`, in order. */
  collect(prefix: string, target: KubeObject[]): void {
    const first = prefix === "" ? 0 : this.#chunkFor(prefix);
    for (let index = first; index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index] ?? [];
      const start = index === first && prefix !== "" ? lowerBound(chunk, prefix) : 0;
      for (let at = start; at < chunk.length; at += 1) {
        const slot = chunk[at];
        if (slot === undefined || !slot.key.startsWith(prefix)) return;
        target.push(slot.object);
      }
    }
  }

  /** The chunk that holds `key` or where it belongs: the last one that begins at or before it. */
  #chunkFor(key: ObjectKey): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const first = this.#chunks[middle]?.[0];
      if (first !== undefined && first.key <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

const lowerBound = (slots: readonly Slot[], key: ObjectKey): number => {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const slot = slots[middle];
    if (slot !== undefined && slot.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
};
