import type { ClockSetting } from "../config/index.js";
import type { PacedEngine } from "./cluster-port.js";
import { MAX_LAG_MS, MAX_SLEEP_MS, SLICE_MS, WAKE_UP_RESOLUTION_MS } from "./limits.js";
import type { WallClock } from "./wall-clock.js";

export interface PacerHandlers {
  /** After each slice, and after each advance: what was committed can be taken. */
  onSlice(): void;
  /** Whether the journal is behind; then `resume` is called once it is not. */
  shouldWait(resume: () => void): boolean;
  /** A broken invariant in the core. The pacer has stopped. */
  onFailure(error: unknown): void;
}

interface Advance {
  readonly untilMs: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Thrown into an advance that the end of the service cut short. */
export class PacerStopped extends Error {
  override readonly name = "PacerStopped";
}

/**
 * Brings wall clock and virtual time together. The core runs in slices of a few milliseconds; requests are served in between. When
 * nothing is due there is one timer to the next due time, or none: an idle cluster costs nothing.
 */
export class Pacer {
  #setting: ClockSetting;
  /** Virtual time `anchorVirtualMs` was, or is to be, at wall time `anchorWallMs`. */
  #anchorWallMs: number;
  #anchorVirtualMs: number;
  #next: "none" | "turn" | "timer" | "journal" = "none";
  #cancelTimer: (() => void) | null = null;
  #advance: Advance | null = null;
  /** The last slice ended before everything due was done. */
  #isBehind = false;
  #isStopped = false;
  readonly #settled: (() => void)[] = [];

  constructor(
    private readonly engine: PacedEngine,
    private readonly wall: WallClock,
    setting: ClockSetting,
    private readonly handlers: PacerHandlers,
  ) {
    this.#setting = setting;
    this.#anchorWallMs = wall.nowMs();
    this.#anchorVirtualMs = engine.nowMs;
  }

  get setting(): ClockSetting {
    return this.#setting;
  }

  /** Real milliseconds by which the simulation is behind; 0 when it keeps up, is paused or runs at `max`. */
  get lagMs(): number {
    const { mode, speed } = this.#setting;
    if (mode === "paused" || speed === "max" || !this.#isBehind) return 0;
    return Math.max(0, (this.#presentMs(speed) - this.engine.nowMs) / speed);
  }

  /** Lets time begin to pass. */
  start(): void {
    this.#anchor();
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const advance = this.#advance;
    this.#advance = null;
    advance?.reject(new PacerStopped("the service is stopping"));
    for (const action of this.#settled.splice(0)) action();
  }

  set(setting: ClockSetting): void {
    this.catchUp();
    this.#setting = setting;
    this.#anchor();
    this.#schedule();
  }

  /** Brings virtual time up to the present, as far as one slice goes. A core that is behind anyway is left to its own slices. */
  catchUp(): void {
    if (this.#isBehind || this.#isStopped || this.#advance !== null) return;
    this.#run(this.#targetMs());
  }

  /**
   * To be called when something came in from outside: what it set going is done soon, between requests and not inside them. So the answers of
   * many clients are on their way to the disk and back while the core works.
   */
  settle(): void {
    if (!this.#isStopped) this.#schedule();
  }

  /**
   * While the clock stands, what one command set going is finished before the next one begins, however long the slices are: the run depends on the
   * commands alone.
   */
  get mustSettleFirst(): boolean {
    if (this.#setting.mode !== "paused" || this.#advance !== null) return false;
    return this.#settled.length > 0 || this.#isDue(this.engine.nowMs);
  }

  /** Calls back in the order of the calls, each time when the present moment is settled, or when the pacer is stopped. */
  whenSettled(action: () => void): void {
    this.#settled.push(action);
    this.#schedule();
  }

  /** Fires all that is due up to `untilMs`. Only while paused. @throws PacerStopped when the service ends meanwhile. */
  async advance(untilMs: number): Promise<void> {
    if (this.#setting.mode !== "paused" || this.#advance !== null)
      throw new Error("only a paused clock can be advanced, and once at a time");
    await new Promise<void>((resolve, reject) => {
      this.#advance = { untilMs, resolve, reject };
      this.#schedule();
    });
  }

  #turn(): void {
    if (this.#isStopped) return;
    if (this.handlers.shouldWait(() => this.#resume())) {
      this.#next = "journal";
      return;
    }
    this.#run(this.#targetMs());
    if (this.#advance !== null) this.#endAdvance(this.#advance);
    else this.#runSettled();
    this.#schedule();
  }

  #resume(): void {
    if (this.#next !== "journal") return;
    this.#next = "none";
    this.#schedule();
  }

  /** One slice. */
  #run(targetMs: number): void {
    const endMs = this.wall.nowMs() + SLICE_MS;
    const shouldPause = (): boolean => this.wall.nowMs() >= endMs;
    try {
      if (targetMs === Infinity) this.#isBehind = this.#jump(shouldPause);
      else this.#isBehind = this.engine.runUntil(targetMs, shouldPause) === "paused";
    } catch (error) {
      this.stop();
      this.handlers.onFailure(error);
      return;
    }
    this.#giveUpLag();
    this.handlers.onSlice();
  }

  /** `max`: from timer to timer, never past the last one. @returns whether there is more. */
  #jump(shouldPause: () => boolean): boolean {
    while (this.engine.step(Infinity)) if (shouldPause()) return true;
    return false;
  }

  #targetMs(): number {
    if (this.#advance !== null) return this.#advance.untilMs;
    const { mode, speed } = this.#setting;
    if (mode === "paused") return this.engine.nowMs;
    return speed === "max" ? Infinity : Math.max(this.#presentMs(speed), this.engine.nowMs);
  }

  #presentMs(speed: number): number {
    const elapsedMs = this.wall.nowMs() - this.#anchorWallMs;
    return Math.floor(this.#anchorVirtualMs + elapsedMs * speed);
  }

  #anchor(): void {
    this.#anchorWallMs = this.wall.nowMs();
    this.#anchorVirtualMs = this.engine.nowMs;
  }

  #giveUpLag(): void {
    const { mode, speed } = this.#setting;
    if (mode === "paused" || speed === "max" || speed === 1) return;
    if (this.lagMs > MAX_LAG_MS) this.#anchor();
  }

  #endAdvance(advance: Advance): void {
    if (this.#isBehind || this.#isStopped || this.engine.nowMs < advance.untilMs) return;
    this.#advance = null;
    this.#anchor();
    advance.resolve();
  }

  #runSettled(): void {
    while (!this.#isBehind && this.#settled.length > 0 && !this.#isStopped) {
      this.#settled.shift()?.();
    }
  }

  #isDue(timeMs: number): boolean {
    const dueMs = this.engine.nextDueMs();
    return dueMs !== null && dueMs <= timeMs;
  }

  #schedule(): void {
    if (this.#isStopped || this.#next === "turn" || this.#next === "journal") return;
    const delayMs = this.#delayMs();
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#next = "none";
    if (delayMs === null) return;
    const turn = (): void => {
      this.#next = "none";
      this.#turn();
    };
    if (delayMs <= 0) {
      this.#next = "turn";
      this.wall.setImmediate(turn);
    } else {
      this.#next = "timer";
      const sleepMs = Math.min(Math.max(delayMs, WAKE_UP_RESOLUTION_MS), MAX_SLEEP_MS);
      this.#cancelTimer = this.wall.setTimer(sleepMs, turn);
    }
  }

  /** Real time until there is something to do; null when nothing will come of itself. */
  #delayMs(): number | null {
    if (this.#isBehind || this.#advance !== null || this.#settled.length > 0) return 0;
    const dueMs = this.engine.nextDueMs();
    if (dueMs === null) return null;
    const { mode, speed } = this.#setting;
    if (dueMs <= this.engine.nowMs) return 0;
    if (mode === "paused") return null;
    if (speed === "max") return 0;
    return this.#anchorWallMs + (dueMs - this.#anchorVirtualMs) / speed - this.wall.nowMs();
  }
}

/** The real one: the only place that reads a real clock. */
export const systemWallClock: WallClock = {
  nowMs: () => performance.now(),
  unixMs: () => Date.now(),
  setTimer: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  setImmediate: (action) => {
    setImmediate(action);
  },
};
