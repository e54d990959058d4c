import { isStatusError } from "../api/index.js";
import type { Call, Engine, RandomStream } from "../engine/index.js";
import { ConnectionLost } from "./connection-lost.js";
import { EVENT_RETRY_DELAY_MS, MAX_QUEUED_EVENTS, MAX_TRIES_PER_EVENT } from "./limits.js";

/** Begins a process of this name. */
export type Spawn = (name: string, body: Call<void>) => void;

/** What is to be written of an event, looked at when its turn comes; null for nothing. */
export type PrepareWrite = () => (() => Call<void>) | null;

/** Writes what a recorder has to write, one after another, in a process of its own that ends when nothing waits. */
export class EventWriter {
  readonly #queue: PrepareWrite[] = [];
  #isWriting = false;

  constructor(
    private readonly name: string,
    private readonly random: RandomStream,
    private readonly spawn: Spawn,
  ) {}

  /** Recording never blocks: what does not fit is dropped. */
  write(prepare: PrepareWrite): void {
    if (this.#queue.length >= MAX_QUEUED_EVENTS) return;
    this.#queue.push(prepare);
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.spawn(this.name, this.#writeAll());
  }

  *#writeAll(): Call<void> {
    for (let prepare = this.#queue.shift(); prepare !== undefined; prepare = this.#queue.shift()) {
      const write = prepare();
      if (write !== null) yield* this.#tryToWrite(write);
    }
    this.#isWriting = false;
  }

  /** What the server refuses is given up at once, what it does not answer after many tries; all others wait meanwhile. client-go tools/record/event.go, 0.34 */
  *#tryToWrite(write: () => Call<void>): Call<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        yield* write();
        return;
      } catch (error) {
        if (isStatusError(error)) return;
        if (!(error instanceof ConnectionLost)) throw error;
        if (tries >= MAX_TRIES_PER_EVENT) return;
        yield tries === 1 ? EVENT_RETRY_DELAY_MS * this.random.next() : EVENT_RETRY_DELAY_MS;
      }
    }
  }
}

/** Processes of the engine's own. */
export const spawnOn =
  (engine: Engine): Spawn =>
  (name, body) => {
    engine.spawn(name, body);
  };
