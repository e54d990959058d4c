import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../core/store/index.js";
import { aProbe } from "../persistence/testing/entries.js";
import { MemoryJournal } from "../persistence/testing/memory-journal.js";
import { GroupCommit } from "./group-commit.js";
import { MAX_GROUP_ENTRIES, MAX_UNWRITTEN_ENTRIES } from "./limits.js";
import { settledPromises } from "./testing/manual-wall-clock.js";

const setUp = () => {
  const journal = new MemoryJournal();
  const durable: number[] = [];
  const failures: Error[] = [];
  const commit = new GroupCommit(journal, 0, {
    onDurable: (entries) => durable.push(...entries.map(({ sequence }) => sequence)),
    onFailure: (error) => failures.push(error),
  });
  let last = 0;
  /** Adds `count` entries. */
  const add = (count: number): number => {
    const entries: JournalEntry[] = Array.from({ length: count }, () => aProbe(++last, "pod"));
    commit.add({ entries, lastSequence: last, timeMs: last });
    return last;
  };
  const hold = (): (() => void) => {
    let release = (): void => undefined;
    journal.gate = new Promise((resolve) => {
      release = () => {
        journal.gate = null;
        resolve();
      };
    });
    return release;
  };
  return { journal, commit, durable, failures, add, hold };
};

describe("group commit", () => {
  it("writes at once what comes alone, and together what gathers meanwhile", async () => {
    const { journal, commit, add, hold, durable } = setUp();
    const release = hold();
    add(1);
    for (let index = 0; index < 9; index += 1) add(1);
    expect(durable).toEqual([]);
    release();
    await commit.whenDurable(10);
    expect(journal.groupSizes).toEqual([1, 9]);
    expect(durable).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("lets each wait for its own sequence only", async () => {
    const { commit, add, hold } = setUp();
    const release = hold();
    const order: number[] = [];
    const first = add(1);
    const second = add(1);
    const both = [second, first].map(async (sequence) => {
      await commit.whenDurable(sequence);
      order.push(sequence);
    });
    await settledPromises();
    expect(order).toEqual([]);
    release();
    await Promise.all(both);
    expect(order).toEqual([1, 2]);
    await commit.whenDurable(0);
  });

  it("bounds a group, and keeps the order over groups", async () => {
    const { journal, commit, add, hold, durable } = setUp();
    const release = hold();
    add(1);
    const last = add(2 * MAX_GROUP_ENTRIES + 1);
    release();
    await commit.whenDurable(last);
    expect(journal.groupSizes).toEqual([1, MAX_GROUP_ENTRIES, MAX_GROUP_ENTRIES, 1]);
    expect(durable).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  });

  it.each([
    [MAX_UNWRITTEN_ENTRIES - 1, false],
    [MAX_UNWRITTEN_ENTRIES, true],
  ])("with %i unwritten entries it is behind: %s", async (count, isBehind) => {
    const { commit, add, hold } = setUp();
    const release = hold();
    add(count);
    expect(commit.isBehind).toBe(isBehind);
    let isCaughtUp = false;
    commit.whenCaughtUp(() => {
      isCaughtUp = true;
    });
    release();
    await commit.whenDurable(count);
    expect([commit.isBehind, isCaughtUp]).toEqual([false, true]);
  });

  it("keeps the clock when nothing else is to be kept", async () => {
    const { journal, commit } = setUp();
    await commit.flush(77_000);
    expect(await journal.load()).toMatchObject({ timeMs: 77_000, lastSequence: 0 });
  });

  it("flushes what came before, though more comes all the time", async () => {
    const { commit, add } = setUp();
    add(1);
    const ends: string[] = [];
    void commit.flush(5).then(() => ends.push("flushed"));
    for (let groups = 0; groups < 50; groups += 1) {
      add(1);
      await Promise.resolve();
    }
    expect(ends).toEqual(["flushed"]);
  });

  it("flushes everything that came before", async () => {
    const { journal, commit, add, hold } = setUp();
    const release = hold();
    add(1);
    add(MAX_GROUP_ENTRIES + 5);
    const flushed = commit.flush(5_000_000);
    release();
    await flushed;
    expect(await journal.load()).toMatchObject({
      lastSequence: MAX_GROUP_ENTRIES + 6,
      timeMs: 5_000_000,
    });
  });

  it("fails once and for all: nobody is told that something is kept which is not", async () => {
    const { journal, commit, add, hold, durable, failures } = setUp();
    const release = hold();
    const first = add(1);
    const second = add(1);
    journal.failure = new Error("the disk is full");
    const waiting = [commit.whenDurable(first), commit.whenDurable(second), commit.flush(9)];
    release();
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(failures).toEqual([journal.failure]);
    expect(durable).toEqual([]);
    journal.failure = null;
    add(1);
    await expect(commit.whenDurable(3)).rejects.toThrow("the disk is full");
    await expect(commit.flush(1)).rejects.toThrow("the disk is full");
    expect(journal.groupSizes).toEqual([]);
  });
});
