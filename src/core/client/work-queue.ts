import {
  Signal,
  waitFor,
  type Call,
  type Engine,
  type Process,
  type Timer,
} from "../engine/index.js";
import {
  RETRIES_PER_SECOND,
  RETRY_BASE_DELAY_MS,
  RETRY_BURST,
  RETRY_MAX_DELAY_MS,
} from "./limits.js";
import { TokenBucket } from "./token-bucket.js";

export interface WorkQueueOptions {
  /** Delay after the first failure of an item, milliseconds; doubles with each. */
  readonly baseDelayMs?: number;
  readonly maxDelayMs?: number;
}

/**
 * Keys that wait to be worked on, after client-go util/workqueue (1.34). A key that is added while it waits is there once; one that is
 * added while it is worked on comes back when that work is done, so no two workers ever have the same key.
 */
export class WorkQueue {
  #queue: string[] = [];
  readonly #dirty = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #delayed = new Map<string, Timer>();
  readonly #failures = new Map<string, number>();
  readonly #retries: TokenBucket;
  readonly #arrived = new Signal();
  #isShutDown = false;

  constructor(
    private readonly engine: Engine,
    private readonly options: WorkQueueOptions = {},
  ) {
    this.#retries = new TokenBucket(RETRY_BURST, RETRIES_PER_SECOND, engine.nowMs);
  }

  /** Keys that wait; those being worked on and those added for later do not count. */
  get length(): number {
    return this.#queue.length;
  }

  add(key: string): void {
    if (this.#isShutDown || this.#dirty.has(key)) return;
    this.#dirty.add(key);
    if (this.#processing.has(key)) return;
    this.#queue.push(key);
    this.#arrived.fire();
  }

  /** Adds the key after `delayMs`. When it waits for a time already, the earlier one counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#isShutDown) return;
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const dueMs = this.engine.nowMs + Math.ceil(delayMs);
    const waiting = this.#delayed.get(key);
    if (waiting !== undefined) {
      if (waiting.dueMs <= dueMs) return;
      this.engine.cancel(waiting);
    }
    const timer = this.engine.at(dueMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, timer);
  }

  /** Adds the key after a delay that grows with each call since `forget`. */
  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const { baseDelayMs = RETRY_BASE_DELAY_MS, maxDelayMs = RETRY_MAX_DELAY_MS } = this.options;
    const backoffMs = Math.min(maxDelayMs, baseDelayMs * 2 ** failures);
    this.addAfter(key, Math.max(backoffMs, this.#retries.reserveMs(this.engine.nowMs)));
  }

  /** How often the key was added rate limited since it was forgotten. */
  requeues(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** The key is fine: its next failure starts with the shortest delay. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** Waits for a key; null once the queue is shut down and empty. Whoever takes a key says `done` when finished with it. */
  *get(): Call<string | null> {
    for (;;) {
      const key = this.#queue.shift();
      if (key !== undefined) {
        this.#processing.add(key);
        this.#dirty.delete(key);
        return key;
      }
      if (this.#isShutDown) return null;
      yield* waitFor(this.#arrived);
    }
  }

  done(key: string): void {
    this.#processing.delete(key);
    if (!this.#dirty.has(key)) return;
    this.#queue.push(key);
    this.#arrived.fire();
  }

  /** Takes nothing more; workers end when what waits is worked off. */
  shutDown(): void {
    this.#isShutDown = true;
    for (const timer of this.#delayed.values()) this.engine.cancel(timer);
    this.#delayed.clear();
    this.#arrived.fire();
  }

  /**
   * Starts a worker: it takes key after key. A key whose work throws is added again, rate limited; else it is forgotten.
   * @param onError told of each failure, for the trace.
   */
  startWorker(
    name: string,
    reconcile: (key: string) => Call<void>,
    onError: (key: string, error: unknown) => void = () => undefined,
  ): Process<void> {
    return this.engine.spawn(name, this.#work(reconcile, onError));
  }

  *#work(
    reconcile: (key: string) => Call<void>,
    onError: (key: string, error: unknown) => void,
  ): Call<void> {
    for (let key = yield* this.get(); key !== null; key = yield* this.get()) {
      try {
        yield* reconcile(key);
        this.forget(key);
      } catch (error) {
        onError(key, error);
        this.addRateLimited(key);
      } finally {
        this.done(key);
      }
    }
  }
}
