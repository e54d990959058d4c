import { describe, expect, it } from "vitest";
import { Engine, Interrupt, Signal, TIMED_OUT, waitFor, within, type Call } from "./index.js";

const engineAt = (startMs = 0): Engine => new Engine({ seed: 1, startMs });

describe("Engine", () => {
  it("fires timers by due time, and those of one moment in the order they were set", () => {
    const engine = engineAt();
    const fired: string[] = [];
    engine.after(20, () => fired.push(`c@${engine.nowMs}`));
    engine.after(10, () => fired.push(`a@${engine.nowMs}`));
    engine.after(10, () => fired.push(`b@${engine.nowMs}`));
    engine.runUntil(30);
    expect(fired).toEqual(["a@10", "b@10", "c@20"]);
    expect(engine.nowMs).toBe(30);
  });

  it("runs what is ready before the next timer, without moving the clock", () => {
    const engine = engineAt();
    const done: string[] = [];
    engine.after(0, () => done.push("timer"));
    engine.soon(() => {
      done.push("first");
      engine.soon(() => done.push("third"));
    });
    engine.soon(() => done.push("second"));
    engine.settle();
    expect(done).toEqual(["first", "second", "third", "timer"]);
    expect(engine.nowMs).toBe(0);
  });

  it("leaves later timers alone and says when the next is due", () => {
    const engine = engineAt(1000);
    let fired = false;
    engine.after(500, () => (fired = true));
    engine.runUntil(1499);
    expect([fired, engine.nextDueMs(), engine.nowMs]).toEqual([false, 1500, 1499]);
    engine.runUntil(1500);
    expect([fired, engine.nextDueMs()]).toEqual([true, null]);
  });

  it("pauses between steps when asked to, and goes on from there", () => {
    const engine = engineAt();
    let count = 0;
    for (let i = 1; i <= 100; i += 1) engine.after(i, () => (count += 1));
    expect(engine.runUntil(200, () => count >= 30)).toBe("paused");
    expect(count).toBeLessThan(100);
    expect(engine.runUntil(200)).toBe("reached");
    expect(count).toBe(100);
  });

  it("survives cancelling most of many timers", () => {
    const engine = engineAt();
    const fired: number[] = [];
    const timers = Array.from({ length: 1000 }, (_, i) =>
      engine.after(1000 - i, () => fired.push(i)),
    );
    timers.forEach((timer, i) => {
      if (i % 10 !== 0) engine.cancel(timer);
    });
    engine.runUntil(2000);
    expect(fired).toEqual(Array.from({ length: 100 }, (_, i) => 990 - i * 10));
  });

  it("never fires a timer past the end of time, and refuses one that is due at no number", () => {
    const engine = engineAt();
    const endless = engine.after(Infinity, () => undefined);
    expect(engine.nextDueMs()).toBeNull();
    engine.cancel(endless);
    expect(() => engine.after(NaN, () => undefined)).toThrow(RangeError);
  });

  it("refuses to go back in time", () => {
    const engine = engineAt(50);
    expect(() => {
      engine.clock.advanceTo(49);
    }).toThrow(/cannot go back/);
  });
});

describe("Process", () => {
  it("sleeps, waits for signals and for other processes", () => {
    const engine = engineAt();
    const door = new Signal<string>();
    const log: string[] = [];
    const child = engine.spawn(
      "child",
      (function* (): Call<number> {
        yield 5;
        log.push(`child@${engine.nowMs}`);
        return 42;
      })(),
    );
    engine.spawn(
      "parent",
      (function* (): Call<void> {
        log.push(`child returned ${yield* waitFor(child)} at ${engine.nowMs}`);
        log.push(`door said ${yield* waitFor(door)} at ${engine.nowMs}`);
      })(),
    );
    engine.after(9, () => {
      door.fire("open");
    });
    engine.runUntil(20);
    expect(log).toEqual(["child@5", "child returned 42 at 5", "door said open at 9"]);
  });

  it("bounds a wait in time, whichever comes first", () => {
    const engine = engineAt();
    const door = new Signal<string>();
    const got: unknown[] = [];
    engine.spawn(
      "waiter",
      (function* (): Call<void> {
        got.push(yield* within(engine, door, 10), engine.nowMs);
        got.push(yield* within(engine, door, 10), engine.nowMs);
      })(),
    );
    engine.after(3, () => {
      door.fire("early");
    });
    engine.runUntil(100);
    expect(got).toEqual(["early", 3, TIMED_OUT, 13]);
    expect([door.hasWaiters, engine.nextDueMs()]).toEqual([false, null]);
  });

  it("throws an interrupt into the wait, and lets the body clean up", () => {
    const engine = engineAt();
    const log: string[] = [];
    const sleeper = engine.spawn(
      "sleeper",
      (function* (): Call<void> {
        try {
          yield 1000;
          log.push("slept");
        } finally {
          log.push(`stopped@${engine.nowMs}`);
        }
      })(),
    );
    engine.after(7, () => {
      sleeper.interrupt(new Interrupt("enough"));
    });
    engine.runUntil(2000);
    expect([log, sleeper.isDone]).toEqual([["stopped@7"], true]);
  });

  it("reports what the body did not catch, and throws it on when nobody listens", () => {
    const engine = engineAt();
    const failures: unknown[] = [];
    const broken = function* (): Call<void> {
      yield 1;
      throw new Error("broken");
    };
    engine.spawn("watched", broken(), (error) => failures.push(error));
    engine.runUntil(1);
    expect(failures).toHaveLength(1);
    engine.spawn("unwatched", broken());
    expect(() => engine.runUntil(5)).toThrow("broken");
  });
});

describe("RandomSource and Trace", () => {
  it("gives each name a stream of its own that another's draws do not shift", () => {
    const draw = (before: number): number[] => {
      const engine = engineAt();
      for (let i = 0; i < before; i += 1) engine.random("other").next();
      return Array.from({ length: 5 }, () => engine.random("mine").below(1000));
    };
    expect(draw(0)).toEqual(draw(100));
    expect(new Engine({ seed: 2, startMs: 0 }).random("mine").below(1 << 30)).not.toBe(
      engineAt()
        .random("mine")
        .below(1 << 30),
    );
  });

  it("spreads evenly", () => {
    const stream = engineAt().random("spread");
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i += 1)
      buckets[stream.below(10)] = (buckets[stream.below(10)] ?? 0) + 1;
    for (const count of buckets) expect(count).toBeGreaterThan(800);
  });

  it("hashes the order of entries too", () => {
    const digest = (...entries: string[]): string => {
      const { trace } = engineAt();
      for (const entry of entries) trace.add(entry);
      return trace.digest();
    };
    expect(digest("a", "b")).toBe(digest("a", "b"));
    expect(digest("a", "b")).not.toBe(digest("b", "a"));
    expect(digest("ab")).not.toBe(digest("a", "b"));
  });
});
