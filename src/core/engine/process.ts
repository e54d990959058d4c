import type { Engine } from "./engine.js";
import type { Timer } from "./timer-queue.js";

/** What a process may yield: a number of milliseconds to sleep, or a thing to wait for. */
export type Wait = number | Waitable;

/** A piece of a process: `yield*` it to get its result once its waits are over. */
export type Call<T> = Generator<Wait, T, unknown>;

/** Something a process can wait for. It calls `process.wake(value)` once, or never when `cancel` came first. */
export interface Waitable {
  begin(process: Process): void;
  cancel(process: Process): void;
}

/** Thrown into a process that another one stops. */
export class Interrupt extends Error {
  override readonly name = "Interrupt";
}

/** What `within` returns when time was up. */
export const TIMED_OUT = Symbol("timed out");

/**
 * A generator that the engine resumes. It runs until it yields a wait, is resumed with the outcome, and ends when the generator
 * returns. Only one runs at a time, and never inside another's step.
 */
export class Process<T = unknown> implements Waitable {
  readonly #engine: Engine;
  readonly #body: Call<T>;
  #waitingFor: Waitable | Timer | null = null;
  #state: "ready" | "waiting" | "done" = "ready";
  #result: T | undefined;
  #pendingInterrupt: Error | null = null;
  #joiners: Process[] | null = null;
  #onWake: (() => void) | null = null;

  /** @param onFailure what to do with an exception that the body did not catch; a broken invariant by default. */
  constructor(
    engine: Engine,
    readonly name: string,
    body: Call<T>,
    private readonly onFailure: ((error: unknown) => void) | null = null,
  ) {
    this.#engine = engine;
    this.#body = body;
    engine.soon(() => {
      this.#resume(undefined);
    });
  }

  get isDone(): boolean {
    return this.#state === "done";
  }

  /** What the body returned; undefined while it runs or when it failed. */
  get result(): T | undefined {
    return this.#result;
  }

  /** Called by a Waitable when what the process waits for came. */
  wake(value: unknown): void {
    if (this.#state !== "waiting") return;
    this.#state = "ready";
    this.#waitingFor = null;
    const onWake = this.#onWake;
    this.#onWake = null;
    onWake?.();
    this.#engine.soon(() => {
      this.#resume(value);
    });
  }

  /** For a Waitable made of others: what to put away once the process is woken. */
  onWake(action: () => void): void {
    this.#onWake = action;
  }

  /** Throws `error` into the process at its current wait; nothing happens to one that is done. */
  interrupt(error: Error = new Interrupt(`${this.name} was interrupted`)): void {
    if (this.#state === "done") return;
    this.#pendingInterrupt = error;
    if (this.#state !== "waiting") return;
    this.#cancelWait();
    this.#state = "ready";
    this.#engine.soon(() => {
      this.#resume(undefined);
    });
  }

  /** Waiting for a process gives its result. */
  begin(process: Process): void {
    if (this.#state === "done") process.wake(this.#result);
    else (this.#joiners ??= []).push(process);
  }

  cancel(process: Process): void {
    const index = this.#joiners?.indexOf(process) ?? -1;
    if (index >= 0) this.#joiners?.splice(index, 1);
  }

  #resume(value: unknown): void {
    if (this.#state !== "ready") return;
    const interrupt = this.#pendingInterrupt;
    this.#pendingInterrupt = null;
    let step: IteratorResult<Wait, T>;
    try {
      step = interrupt === null ? this.#body.next(value) : this.#body.throw(interrupt);
    } catch (error) {
      this.#finish(undefined);
      if (error === interrupt && error instanceof Interrupt) return;
      if (this.onFailure === null) throw error;
      this.onFailure(error);
      return;
    }
    if (step.done === true) this.#finish(step.value);
    else this.#wait(step.value);
  }

  #wait(wait: Wait): void {
    this.#state = "waiting";
    if (typeof wait === "number") {
      this.#waitingFor = this.#engine.after(wait, () => {
        this.#timeUp();
      });
      return;
    }
    this.#waitingFor = wait;
    wait.begin(this);
  }

  /** A timer's action already runs in a step of its own, so the process need not queue again. */
  #timeUp(): void {
    this.#state = "ready";
    this.#waitingFor = null;
    this.#resume(undefined);
  }

  #cancelWait(): void {
    const wait = this.#waitingFor;
    this.#waitingFor = null;
    this.#onWake = null;
    if (wait === null) return;
    if ("dueMs" in wait) this.#engine.cancel(wait);
    else wait.cancel(this);
  }

  #finish(result: T | undefined): void {
    this.#state = "done";
    this.#result = result;
    const joiners = this.#joiners;
    this.#joiners = null;
    for (const joiner of joiners ?? []) joiner.wake(result);
  }
}
