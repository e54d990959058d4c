import { describe, expect, it } from "vitest";
import type { ClockSetting } from "../config/index.js";
import { Engine } from "../core/engine/index.js";
import { MAX_LAG_MS, SLICE_MS, WAKE_UP_RESOLUTION_MS } from "./limits.js";
import { Pacer, PacerStopped } from "./pacer.js";
import { ManualWallClock } from "./testing/manual-wall-clock.js";

const START = 1_000_000;
const REALTIME: ClockSetting = { mode: "running", speed: 1 };
const PAUSED: ClockSetting = { mode: "paused", speed: 1 };

const setUp = (setting: ClockSetting) => {
  const engine = new Engine({ seed: 1, startMs: START });
  const wall = new ManualWallClock();
  const fired: number[] = [];
  const state = {
    slices: 0,
    isBehind: false,
    resume: (): void => undefined,
    failures: [] as unknown[],
  };
  const pacer = new Pacer(engine, wall, setting, {
    onSlice: () => {
      state.slices += 1;
    },
    shouldWait: (resume) => {
      state.resume = resume;
      return state.isBehind;
    },
    onFailure: (error) => state.failures.push(error),
  });
  const every = (periodMs: number): void => {
    engine.after(periodMs, () => {
      fired.push(engine.nowMs - START);
      every(periodMs);
    });
  };
  const at = (...delaysMs: number[]): void => {
    for (const delayMs of delaysMs) engine.after(delayMs, () => fired.push(engine.nowMs - START));
  };
  return { engine, wall, pacer, fired, state, every, at };
};

describe("the pacer in real time", () => {
  it("fires each timer at its virtual time and sleeps in between", async () => {
    const { wall, pacer, fired, at } = setUp(REALTIME);
    at(100, 250, 60_000);
    pacer.start();
    await wall.pass(300);
    expect(fired).toEqual([100, 250]);
    expect(wall.wakeUps).toBe(2);
    expect(wall.pendingTimers).toEqual([60_000]);
  });

  it("has no timer at all when nothing is due", async () => {
    const { wall, pacer, state } = setUp(REALTIME);
    pacer.start();
    await wall.pass(3_600_000);
    expect(wall.pendingTimers).toEqual([]);
    expect(state.slices).toBe(0);
  });

  it("wakes once for what is due close together, each at its own time", async () => {
    const { wall, pacer, fired, at } = setUp(REALTIME);
    at(1, 2, 3, WAKE_UP_RESOLUTION_MS);
    pacer.start();
    await wall.pass(10);
    expect(fired).toEqual([1, 2, 3, 4]);
    expect(wall.wakeUps).toBe(1);
  });

  it("brings time to the present when something comes in", async () => {
    const { engine, wall, pacer } = setUp(REALTIME);
    pacer.start();
    await wall.pass(1234);
    pacer.catchUp();
    expect(engine.nowMs - START).toBe(1234);
  });

  it("makes up for all the time that it could not keep up with", async () => {
    const { engine, wall, pacer, state, every } = setUp(REALTIME);
    every(1);
    pacer.start();
    wall.skip(60_000);
    wall.costPerReadingMs = 0.5;
    await wall.pass(5);
    expect(engine.nowMs - START).toBeGreaterThanOrEqual(60_000);
    expect(state.slices).toBeGreaterThan(100);
  });
});

describe("the pacer at a speed", () => {
  it.each([
    [60, 1000, 60_000],
    [0.5, 1000, 500],
    [100, 50, 5000],
  ])("x%d: %d real milliseconds are %d virtual ones", async (speed, realMs, virtualMs) => {
    const { engine, wall, pacer } = setUp({ mode: "running", speed });
    pacer.start();
    await wall.pass(realMs);
    pacer.catchUp();
    expect(engine.nowMs - START).toBe(virtualMs);
  });

  it("gives up time that it lost, so that memory and lag stay bounded", async () => {
    const { engine, wall, pacer, every } = setUp({ mode: "running", speed: 1000 });
    every(1);
    pacer.start();
    wall.costPerReadingMs = 1;
    await wall.pass(5);
    expect(pacer.lagMs).toBeLessThanOrEqual(MAX_LAG_MS + SLICE_MS + 1);
    wall.costPerReadingMs = 0;
    expect(engine.nowMs - START).toBeLessThan((wall.nowMs() - MAX_LAG_MS) * 1000);
  });

  it("goes on without a jump when the speed changes", async () => {
    const { engine, wall, pacer } = setUp(REALTIME);
    pacer.start();
    await wall.pass(1000);
    pacer.set({ mode: "running", speed: 10 });
    await wall.pass(1000);
    pacer.set(PAUSED);
    await wall.pass(1000);
    pacer.set(REALTIME);
    await wall.pass(1000);
    pacer.catchUp();
    expect(engine.nowMs - START).toBe(12_000);
  });
});

describe("the pacer at max", () => {
  it("jumps from timer to timer without waiting, and stops with the last one", async () => {
    const { engine, wall, pacer, fired, at } = setUp({ mode: "running", speed: "max" });
    at(1000, 86_400_000);
    pacer.start();
    await wall.drain();
    expect(fired).toEqual([1000, 86_400_000]);
    expect(engine.nowMs - START).toBe(86_400_000);
    expect(wall.pendingTimers).toEqual([]);
    expect(wall.nowMs()).toBe(0);
  });

  it("serves others after each slice", async () => {
    const { wall, pacer, state, every } = setUp({ mode: "running", speed: "max" });
    every(1000);
    pacer.start();
    wall.costPerReadingMs = 1;
    await wall.turn();
    expect(wall.pendingImmediates).toBe(1);
    await wall.turn();
    expect(state.slices).toBe(2);
  });
});

describe("the paused pacer", () => {
  it("lets no time pass, but does what is ready now", async () => {
    const { engine, wall, pacer, fired, at } = setUp(PAUSED);
    at(0, 1);
    pacer.start();
    await wall.pass(10_000);
    expect(fired).toEqual([0]);
    expect(engine.nowMs).toBe(START);
  });

  it("advances to the millisecond, firing what is due up to then", async () => {
    const { engine, wall, pacer, fired, at } = setUp(PAUSED);
    at(1, 500, 501);
    pacer.start();
    const advanced = pacer.advance(START + 500);
    await wall.drain();
    await advanced;
    expect(fired).toEqual([1, 500]);
    expect(engine.nowMs - START).toBe(500);
  });

  it("advances in slices", async () => {
    const { engine, wall, pacer, state, every } = setUp(PAUSED);
    every(1);
    pacer.start();
    const advanced = pacer.advance(START + 10_000);
    wall.costPerReadingMs = 1;
    await wall.drain();
    await advanced;
    expect(engine.nowMs - START).toBe(10_000);
    expect(state.slices).toBeGreaterThan(10);
  });

  it("refuses a second advance, and an advance of a running clock", async () => {
    const { wall, pacer } = setUp(PAUSED);
    const first = pacer.advance(START + 5);
    await expect(pacer.advance(START + 6)).rejects.toThrow("once at a time");
    await wall.drain();
    await first;
    pacer.set(REALTIME);
    await expect(pacer.advance(START + 6)).rejects.toThrow("only a paused clock");
  });

  it("finishes the present moment before it lets the next one in, in their order", async () => {
    const { engine, wall, pacer } = setUp(PAUSED);
    const order: string[] = [];
    const chain = (left: number): void => {
      if (left === 0) order.push("settled");
      else engine.soon(() => chain(left - 1));
    };
    chain(500);
    wall.costPerReadingMs = 1;
    pacer.settle();
    expect(pacer.mustSettleFirst).toBe(true);
    pacer.whenSettled(() => order.push("first"));
    pacer.whenSettled(() => order.push("second"));
    await wall.drain();
    expect(order).toEqual(["settled", "first", "second"]);
    expect(pacer.mustSettleFirst).toBe(false);
  });
});

describe("the pacer and trouble", () => {
  it("waits while the journal is behind, and goes on when it is told to", async () => {
    const { wall, pacer, fired, state, at } = setUp({ mode: "running", speed: "max" });
    at(1);
    state.isBehind = true;
    pacer.start();
    await wall.drain();
    expect(fired).toEqual([]);
    expect(wall.pendingImmediates).toBe(0);
    state.isBehind = false;
    state.resume();
    await wall.drain();
    expect(fired).toEqual([1]);
  });

  it("stops at a broken invariant", async () => {
    const { engine, wall, pacer, state, every } = setUp({ mode: "running", speed: "max" });
    every(10);
    engine.after(25, () => {
      throw new Error("broken");
    });
    pacer.start();
    await wall.drain();
    expect(state.failures).toEqual([new Error("broken")]);
    expect(engine.nowMs - START).toBe(25);
  });

  it("cuts an advance off when it is stopped, and lets nobody wait", async () => {
    const { wall, pacer, every } = setUp(PAUSED);
    every(1);
    const advanced = pacer.advance(START + 1_000_000_000);
    wall.costPerReadingMs = 1;
    await wall.turn();
    let isCalled = false;
    pacer.whenSettled(() => {
      isCalled = true;
    });
    pacer.stop();
    await expect(advanced).rejects.toBeInstanceOf(PacerStopped);
    expect(isCalled).toBe(true);
    await wall.drain();
    expect(wall.pendingImmediates).toBe(0);
  });
});
