import { TIMED_OUT, type Call, type Process, type Waitable } from "./process.js";
import type { Engine } from "./engine.js";
import type { Timer } from "./timer-queue.js";

/** A condition that processes wait for. `fire` wakes all that wait now; it remembers nothing for later. */
export class Signal<T = void> implements Waitable {
  /** Only for the type checker: what a wait for this signal gives. */
  declare readonly valueType: T;
  #waiting: Process[] = [];

  get hasWaiters(): boolean {
    return this.#waiting.length > 0;
  }

  fire(value: T): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const process of waiting) process.wake(value);
  }

  begin(process: Process): void {
    this.#waiting.push(process);
  }

  cancel(process: Process): void {
    const index = this.#waiting.indexOf(process);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}

/** Waits for a signal, or for another process to end, and gives its value. */
export function* waitFor<T>(wait: Signal<T> | Process<T>): Call<T> {
  return (yield wait) as T;
}

/** Waits for `wait` for at most `timeoutMs`; TIMED_OUT when time was up first. */
export function* within<T>(
  engine: Engine,
  wait: Signal<T> | Process<T>,
  timeoutMs: number,
): Call<T | typeof TIMED_OUT> {
  return (yield new Within(engine, wait, timeoutMs)) as T | typeof TIMED_OUT;
}

class Within implements Waitable {
  #timer: Timer | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly wait: Waitable,
    private readonly timeoutMs: number,
  ) {}

  begin(process: Process): void {
    const timer = this.engine.after(this.timeoutMs, () => {
      this.wait.cancel(process);
      process.wake(TIMED_OUT);
    });
    this.#timer = timer;
    process.onWake(() => {
      this.engine.cancel(timer);
    });
    this.wait.begin(process);
  }

  cancel(process: Process): void {
    if (this.#timer !== null) this.engine.cancel(this.#timer);
    this.wait.cancel(process);
  }
}
