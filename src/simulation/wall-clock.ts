/** Real time and the event loop, as the pacer sees them. Tests put a clock of their own in its place. */
export interface WallClock {
  /** Milliseconds that only ever grow, with fractions. */
  nowMs(): number;
  /** The time of day, Unix milliseconds. */
  unixMs(): number;
  /** @returns what takes it back. */
  setTimer(delayMs: number, action: () => void): () => void;
  /** Runs `action` once what has arrived meanwhile is served. */
  setImmediate(action: () => void): void;
}

/** Injection token of the WallClock. */
export const WALL_CLOCK = Symbol("WallClock");
