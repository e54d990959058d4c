import type { ChangeListener } from "../../vfs/index.js";
import type { Process } from "./process.js";

/** Processes that wait for the same thing. Waking is a hint: whoever wakes looks again. */
export class WaitQueue implements ChangeListener {
  #waiting: Process[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(process: Process): void {
    this.#waiting.push(process);
  }

  remove(process: Process): void {
    const index = this.#waiting.indexOf(process);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** Wakes all, in the order in which they began to wait. */
  fire(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const process of waiting) process.kernel.wake(process, "ready");
  }
}
