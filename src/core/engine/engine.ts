import { Process, type Call } from "./process.js";
import { RandomSource, type RandomStream } from "./random.js";
import { TimerQueue, type Timer } from "./timer-queue.js";
import { Trace } from "./trace.js";
import { VirtualClock } from "./virtual-clock.js";

export interface EngineOptions {
  /** Every random choice follows from it. */
  readonly seed: number;
  /** Virtual time at the start, Unix milliseconds. */
  readonly startMs: number;
}

/** How far a run came: `reached` when the time asked for is reached, `paused` when `shouldPause` cut it short. */
export type RunOutcome = "reached" | "paused";

/** How many steps go between two questions whether to pause: asking costs a clock reading outside. */
const STEPS_BETWEEN_PAUSE_CHECKS = 16;

/**
 * The discrete-event simulation. What is ready now runs first, in the order it became ready; then the next timer, which moves
 * the clock. Both orders are total, so the same inputs give the same run.
 */
export class Engine {
  readonly clock: VirtualClock;
  readonly trace = new Trace();
  readonly randomSource: RandomSource;
  readonly #timers = new TimerQueue();
  #ready: (() => void)[] = [];
  #readyHead = 0;

  constructor(options: EngineOptions) {
    this.clock = new VirtualClock(options.startMs);
    this.randomSource = new RandomSource(options.seed);
  }

  get nowMs(): number {
    return this.clock.nowMs;
  }

  random(name: string): RandomStream {
    return this.randomSource.stream(name);
  }

  /** Runs `action` at this moment, after what is ready already. */
  soon(action: () => void): void {
    this.#ready.push(action);
  }

  /** Runs `action` after `delayMs` (rounded up to whole milliseconds; never before now). */
  after(delayMs: number, action: () => void): Timer {
    return this.#timers.add(this.nowMs + Math.max(0, Math.ceil(delayMs)), action);
  }

  at(dueMs: number, action: () => void): Timer {
    return this.#timers.add(Math.max(this.nowMs, Math.ceil(dueMs)), action);
  }

  cancel(timer: Timer): void {
    this.#timers.cancel(timer);
  }

  spawn<T>(
    name: string,
    body: Call<T>,
    onFailure: ((error: unknown) => void) | null = null,
  ): Process<T> {
    return new Process(this, name, body, onFailure);
  }

  /** When something is to be done next: now, when anything is ready; null when nothing will ever happen. */
  nextDueMs(): number | null {
    return this.#readyHead < this.#ready.length ? this.nowMs : this.#timers.peekDueMs();
  }

  /** Does the next thing due at or before `limitMs`; false when there is none. */
  step(limitMs: number): boolean {
    const ready = this.#ready[this.#readyHead];
    if (ready !== undefined) {
      this.#takeReady();
      ready();
      return true;
    }
    const dueMs = this.#timers.peekDueMs();
    if (dueMs === null || dueMs > limitMs) return false;
    this.clock.advanceTo(dueMs);
    this.#timers.pop(dueMs)?.();
    return true;
  }

  /** Does all that is due up to `timeMs` and leaves the clock there, unless `shouldPause` says to stop in between. */
  runUntil(timeMs: number, shouldPause: () => boolean = () => false): RunOutcome {
    for (let steps = 1; this.step(timeMs); steps += 1) {
      if (steps % STEPS_BETWEEN_PAUSE_CHECKS === 0 && shouldPause()) return "paused";
    }
    if (timeMs > this.nowMs) this.clock.advanceTo(timeMs);
    return "reached";
  }

  /** Runs what is ready at this moment, without moving the clock. */
  settle(shouldPause: () => boolean = () => false): RunOutcome {
    return this.runUntil(this.nowMs, shouldPause);
  }

  #takeReady(): void {
    if (this.#ready.length === 1) {
      // By far the most common; setting the length to zero would give the array's memory back each time.
      this.#ready.pop();
      return;
    }
    this.#ready[this.#readyHead] = NOTHING;
    this.#readyHead += 1;
    if (this.#readyHead === this.#ready.length) {
      this.#ready.length = 0;
      this.#readyHead = 0;
    } else if (this.#readyHead > 4096) {
      this.#ready.splice(0, this.#readyHead);
      this.#readyHead = 0;
    }
  }
}

const NOTHING = (): void => undefined;
