/** Virtual time: integer milliseconds since the Unix epoch. Only the engine moves it, and only forwards. */
export class VirtualClock {
  #nowMs: number;

  constructor(readonly startMs: number) {
    if (!Number.isSafeInteger(startMs))
      throw new RangeError(`startMs must be an integer: ${startMs}`);
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Milliseconds since the clock began. */
  get elapsedMs(): number {
    return this.#nowMs - this.startMs;
  }

  advanceTo(timeMs: number): void {
    if (timeMs < this.#nowMs)
      throw new RangeError(`time cannot go back: ${timeMs} < ${this.#nowMs}`);
    this.#nowMs = timeMs;
  }
}
