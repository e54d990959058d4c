/** A thing due at a moment. `sequence` makes the order of equal moments total, so ties are deterministic. */
export interface Timer {
  readonly dueMs: number;
  readonly sequence: number;
  /** What to do when due; null once fired or cancelled. */
  action: (() => void) | null;
}

/** The last moment that a Date can name (ECMA-262, 21.4.1.1): virtual time never goes beyond it. */
const END_OF_TIME_MS = 8.64e15;

/** A binary heap of timers ordered by (dueMs, sequence). Cancelled timers are skipped when they surface, and swept when they are the majority. */
export class TimerQueue {
  #heap: Timer[] = [];
  #cancelled = 0;
  #sequence = 0;

  /** Timers that will still fire. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** A timer past the end of time (an endless sleep) never fires and is not kept. */
  add(dueMs: number, action: () => void): Timer {
    if (Number.isNaN(dueMs)) throw new RangeError("a timer is due at a number");
    if (dueMs > END_OF_TIME_MS) return { dueMs, sequence: -1, action: null };
    const timer: Timer = { dueMs, sequence: this.#sequence++, action };
    this.#heap.push(timer);
    this.#siftUp(this.#heap.length - 1);
    return timer;
  }

  cancel(timer: Timer): void {
    if (timer.action === null) return;
    timer.action = null;
    this.#cancelled += 1;
    if (this.#cancelled > 64 && this.#cancelled > this.#heap.length / 2) this.#sweep();
  }

  /** When the next timer fires, or null when there is none. */
  peekDueMs(): number | null {
    this.#dropCancelled();
    return this.#heap[0]?.dueMs ?? null;
  }

  /** Takes the next timer that is due at or before `timeMs`; its action is the caller's to run. */
  pop(timeMs: number): (() => void) | null {
    this.#dropCancelled();
    const first = this.#heap[0];
    if (first === undefined || first.dueMs > timeMs) return null;
    this.#removeFirst();
    const action = first.action;
    first.action = null;
    return action;
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.action === null) {
      this.#removeFirst();
      this.#cancelled -= 1;
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown(0);
  }

  #sweep(): void {
    this.#heap = this.#heap.filter((timer) => timer.action !== null).sort(byDue);
    this.#cancelled = 0;
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    let index = start;
    const timer = heap[index] as Timer;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as Timer;
      if (byDue(parent, timer) <= 0) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = timer;
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    let index = start;
    const timer = heap[index] as Timer;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= heap.length) break;
      const right = childIndex + 1;
      if (right < heap.length && byDue(heap[right] as Timer, heap[childIndex] as Timer) < 0)
        childIndex = right;
      const child = heap[childIndex] as Timer;
      if (byDue(timer, child) <= 0) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = timer;
  }
}

const byDue = (a: Timer, b: Timer): number => a.dueMs - b.dueMs || a.sequence - b.sequence;
