import { BLOCK_BYTES, EXTENTS_PER_FILE } from "./limits.js";

/** Which blocks of a file are allocated on its (simulated) disk, as sorted ranges that do not touch: starts and ends in turn, in bytes. */
export class Extents {
  #edges: number[] = [];
  bytes = 0;

  /** How many bytes `add` would allocate more. */
  missing(from: number, to: number): number {
    const start = blockFloor(from);
    const end = blockCeiling(to);
    let missing = end - start;
    for (let i = this.#firstEndingAfter(start); i < this.#edges.length; i += 2) {
      const left = this.#edges[i] ?? 0;
      const right = this.#edges[i + 1] ?? 0;
      if (left >= end) break;
      missing -= Math.min(right, end) - Math.max(left, start);
    }
    return missing;
  }

  add(from: number, to: number): void {
    const last = this.#edges.length - 1;
    const end = blockCeiling(to);
    // Appending to the last range is nearly every call.
    if (last > 0 && from >= (this.#edges[last - 1] ?? 0) && from <= (this.#edges[last] ?? 0)) {
      if (end > (this.#edges[last] ?? 0)) {
        this.bytes += end - (this.#edges[last] ?? 0);
        this.#edges[last] = end;
      }
      return;
    }
    this.#insert(blockFloor(from), end);
  }

  /** Gives back what lies behind `size`. */
  truncate(size: number): void {
    const end = blockCeiling(size);
    while (this.#edges.length > 0 && (this.#edges.at(-1) ?? 0) > end) {
      const right = this.#edges.pop() ?? 0;
      const left = this.#edges.pop() ?? 0;
      this.bytes -= right - left;
      if (left < end) {
        this.#edges.push(left, end);
        this.bytes += end - left;
      }
    }
  }

  clone(): Extents {
    const copy = new Extents();
    copy.#edges = [...this.#edges];
    copy.bytes = this.bytes;
    return copy;
  }

  #insert(start: number, end: number): void {
    const edges = this.#edges;
    let at = this.#firstEndingAfter(start - 1);
    let left = start;
    let right = end;
    let count = 0;
    while (at + count < edges.length && (edges[at + count] ?? 0) <= right) {
      left = Math.min(left, edges[at + count] ?? 0);
      right = Math.max(right, edges[at + count + 1] ?? 0);
      this.bytes -= (edges[at + count + 1] ?? 0) - (edges[at + count] ?? 0);
      count += 2;
    }
    edges.splice(at, count, left, right);
    this.bytes += right - left;
    if (edges.length > EXTENTS_PER_FILE * 2) this.#closeGap(Math.min(at, edges.length - 4));
    at = 0;
  }

  /** Counts the gap behind the range at `at` as allocated. */
  #closeGap(at: number): void {
    const right = this.#edges[at + 1] ?? 0;
    const next = this.#edges[at + 2] ?? right;
    this.#edges.splice(at + 1, 2);
    this.bytes += next - right;
  }

  /** Index of the first range whose end lies behind `position`. */
  #firstEndingAfter(position: number): number {
    let low = 0;
    let high = this.#edges.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#edges[middle * 2 + 1] ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low * 2;
  }
}

const blockFloor = (bytes: number): number => Math.floor(bytes / BLOCK_BYTES) * BLOCK_BYTES;
const blockCeiling = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
