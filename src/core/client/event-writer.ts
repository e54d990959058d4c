import { isStatusError } from "../api/index.js";
import type { Call, Engine, RandomStream } from "../engine/index.js";
import { EVENT_RETRY_DELAY_MS, MAX_QUEUED_EVENTS, MAX_TRIES_PER_EVENT } from "./limits.js";

/** Writes what a recorder has to write, one after another, in a process of its own that ends when nothing waits. */
export class EventWriter {
  readonly #queue: (() => Call<void>)[] = [];
  #isWriting = false;

  constructor(
    private readonly engine: Engine,
    private readonly name: string,
    private readonly random: RandomStream,
  ) {}

  /** Recording never blocks: what does not fit is dropped. */
  write(attempt: () => Call<void>): void {
    if (this.#queue.length >= MAX_QUEUED_EVENTS) return;
    this.#queue.push(attempt);
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.engine.spawn(this.name, this.#writeAll());
  }

  *#writeAll(): Call<void> {
    for (let attempt = this.#queue.shift(); attempt !== undefined; attempt = this.#queue.shift()) {
      yield* this.#tryToWrite(attempt);
    }
    this.#isWriting = false;
  }

  /** What the server refuses is given up; what it does not answer is tried again. */
  *#tryToWrite(attempt: () => Call<void>): Call<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        yield* attempt();
        return;
      } catch (error) {
        if (isStatusError(error) || tries >= MAX_TRIES_PER_EVENT) return;
        yield tries === 1 ? EVENT_RETRY_DELAY_MS * this.random.next() : EVENT_RETRY_DELAY_MS;
      }
    }
  }
}
