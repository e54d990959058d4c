import type { ChangeListener } from "../../vfs/index.js";

/** A process, or a task of one: what ends its wait. */
export interface Waiter {
  readonly kernel: { wake(waiter: Waiter, reason: "ready"): void };
}

/** Those that wait for the same thing. Waking is a hint: whoever wakes looks again. */
export class WaitQueue implements ChangeListener {
  #waiting: Waiter[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(waiter: Waiter): void {
    this.#waiting.push(waiter);
  }

  remove(waiter: Waiter): void {
    const index = this.#waiting.indexOf(waiter);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** Wakes all, in the order in which they began to wait. */
  fire(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one.kernel.wake(one, "ready");
  }
}
