interface Entry {
  readonly backoffMs: number;
  readonly lastUpdateMs: number;
}

/** Delays that double: the schedule of container restarts and of image pulls. client-go util/flowcontrol/backoff.go, 0.34. */
export class RestartBackoff {
  readonly #entries = new Map<string, Entry>();

  constructor(
    readonly initialMs: number,
    readonly maxMs: number,
  ) {}

  /** The current delay; 0 when there is none. */
  get(key: string): number {
    return this.#entries.get(key)?.backoffMs ?? 0;
  }

  /** Moves on: the initial delay, or twice the last one. Starts over when `eventMs` is long after the last move (RESTART-5). */
  next(key: string, eventMs: number, nowMs: number): void {
    const entry = this.#entries.get(key);
    const backoffMs =
      entry === undefined || this.#hasExpired(entry, eventMs)
        ? this.initialMs
        : Math.min(entry.backoffMs * 2, this.maxMs);
    this.#entries.set(key, { backoffMs, lastUpdateMs: nowMs });
  }

  /** Less time than the delay has passed since `eventMs` (a container's end). */
  isInBackoffSince(key: string, eventMs: number, nowMs: number): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#hasExpired(entry, eventMs)) return false;
    return nowMs - eventMs < entry.backoffMs;
  }

  /** `eventMs` is less than the delay after the last move (an image pull that failed). */
  isInBackoffSinceUpdate(key: string, eventMs: number): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#hasExpired(entry, eventMs)) return false;
    return eventMs - entry.lastUpdateMs < entry.backoffMs;
  }

  /** Forgets every key that begins with `prefix`: a pod that is gone. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }

  #hasExpired(entry: Entry, eventMs: number): boolean {
    return eventMs - entry.lastUpdateMs > this.maxMs * 2;
  }
}
