import { describe, expect, it } from "vitest";
import { Engine, type Call } from "../engine/index.js";
import { RETRY_BURST, RETRY_MAX_DELAY_MS } from "./limits.js";
import { TokenBucket } from "./token-bucket.js";
import { WorkQueue } from "./work-queue.js";

const setup = (options = {}) => {
  const engine = new Engine({ seed: 1, startMs: 0 });
  return { engine, queue: new WorkQueue(engine, options) };
};

/** A worker that says when it began each key, and takes `workMs` for it. */
const startWorker = (
  engine: Engine,
  queue: WorkQueue,
  seen: string[],
  workMs = 0,
  fail: (key: string) => boolean = () => false,
): void => {
  queue.startWorker("worker", function* (key): Call<void> {
    seen.push(`${key}@${engine.nowMs}`);
    if (workMs > 0) yield workMs;
    if (fail(key)) throw new Error("refused");
  });
};

describe("WorkQueue", () => {
  it("works on keys in the order in which they came, each once while it waits", () => {
    const { engine, queue } = setup();
    const seen: string[] = [];
    for (const key of ["a", "b", "a", "b"]) queue.add(key);
    expect(queue.length).toBe(2);
    startWorker(engine, queue, seen);
    engine.settle();
    expect(seen).toEqual(["a@0", "b@0"]);
  });

  it("brings back a key that was added while it was worked on, and never gives it to two workers", () => {
    const { engine, queue } = setup();
    const seen: string[] = [];
    startWorker(engine, queue, seen, 100);
    startWorker(engine, queue, seen, 100);
    queue.add("a");
    engine.runUntil(10);
    queue.add("a");
    queue.add("a");
    queue.add("b");
    engine.runUntil(1000);
    expect(seen).toEqual(["a@0", "b@10", "a@100"]);
  });

  it("adds a key later, at the earliest of the times asked for", () => {
    const { engine, queue } = setup();
    const seen: string[] = [];
    startWorker(engine, queue, seen);
    queue.addAfter("a", 500);
    queue.addAfter("a", 200);
    queue.addAfter("a", 900);
    queue.addAfter("b", 0);
    engine.runUntil(5000);
    expect(seen).toEqual(["b@0", "a@200"]);
  });

  it("tries again what fails, after 5 ms and then twice as long each time, until it is forgotten", () => {
    const { engine, queue } = setup();
    const seen: string[] = [];
    let failures = 4;
    startWorker(engine, queue, seen, 0, () => (failures -= 1) >= 0);
    queue.add("a");
    engine.runUntil(10_000);
    expect(seen).toEqual(["a@0", "a@5", "a@15", "a@35", "a@75"]);
    expect(queue.requeues("a")).toBe(0);
    failures = 1;
    queue.add("a");
    engine.runUntil(20_000);
    expect(seen.slice(5)).toEqual(["a@10000", "a@10005"]);
  });

  it("waits no longer than the longest delay", () => {
    const { engine, queue } = setup({ baseDelayMs: RETRY_MAX_DELAY_MS });
    const seen: string[] = [];
    startWorker(engine, queue, seen, 0, () => true);
    queue.add("a");
    engine.runUntil(2 * RETRY_MAX_DELAY_MS);
    expect(seen).toEqual(["a@0", `a@${RETRY_MAX_DELAY_MS}`, `a@${2 * RETRY_MAX_DELAY_MS}`]);
  });

  it("lets a burst of retries through, then ten a second", () => {
    const { engine, queue } = setup();
    for (let index = 0; index < RETRY_BURST + 2; index += 1) queue.addRateLimited(`k${index}`);
    engine.runUntil(5);
    expect(queue.length).toBe(RETRY_BURST);
    engine.runUntil(100);
    expect(queue.length).toBe(RETRY_BURST + 1);
    engine.runUntil(200);
    expect(queue.length).toBe(RETRY_BURST + 2);
  });

  it("ends its workers when it is shut down and worked off", () => {
    const { engine, queue } = setup();
    const seen: string[] = [];
    startWorker(engine, queue, seen, 10);
    queue.add("a");
    queue.addAfter("late", 100);
    engine.runUntil(5);
    queue.shutDown();
    queue.add("b");
    engine.runUntil(1000);
    expect(seen).toEqual(["a@0"]);
    expect(engine.nextDueMs()).toBeNull();
  });
});

describe("TokenBucket", () => {
  it("is full at the start and refills with time, never above the burst", () => {
    const bucket = new TokenBucket(2, 1, 0);
    expect([0, 0, 0, 999, 1000, 1000].map((nowMs) => bucket.tryTake(nowMs))).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect([60_000, 60_000, 60_000].map((nowMs) => bucket.tryTake(nowMs))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
