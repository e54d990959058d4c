import type { WallClock } from "../wall-clock.js";

interface ManualTimer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** A wall clock that stands until it is told to go on. */
export class ManualWallClock implements WallClock {
  #nowMs = 0;
  #timers: ManualTimer[] = [];
  #immediates: (() => void)[] = [];
  /** What each reading of the clock costs: makes slices end. */
  costPerReadingMs = 0;
  /** How often the pacer was woken. */
  wakeUps = 0;

  constructor(private readonly startUnixMs = Date.UTC(2026, 0, 1)) {}

  nowMs(): number {
    this.#nowMs += this.costPerReadingMs;
    return this.#nowMs;
  }

  unixMs(): number {
    return this.startUnixMs + this.#nowMs;
  }

  setTimer(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  setImmediate(action: () => void): void {
    this.#immediates.push(action);
  }

  get pendingTimers(): readonly number[] {
    return this.#timers.map(({ dueMs }) => dueMs);
  }

  get pendingImmediates(): number {
    return this.#immediates.length;
  }

  /** Does what is queued for now, once. */
  async turn(): Promise<void> {
    for (const action of this.#immediates.splice(0)) {
      this.wakeUps += 1;
      action();
    }
    await settledPromises();
  }

  /** Time passes unseen, as for a process that was not given the processor. */
  skip(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  /** Lets time pass, and everything happen that comes due on the way. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    for (;;) {
      await this.drain();
      const [next] = this.#timers.toSorted((left, right) => left.dueMs - right.dueMs);
      if (next === undefined || next.dueMs > endMs) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.wakeUps += 1;
      next.action();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /** Turns until nothing is queued, at most `limit` of them. */
  async drain(limit = 10_000): Promise<void> {
    await settledPromises();
    for (let turns = 0; this.#immediates.length > 0 && turns < limit; turns += 1) await this.turn();
  }
}

/** Lets every promise that can go on do so. */
export const settledPromises = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
