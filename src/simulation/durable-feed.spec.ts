import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../core/store/index.js";
import {
  aLogLine,
  anObject,
  aProbe,
  aRevision,
  aTransition,
} from "../persistence/testing/entries.js";
import { MemoryJournal } from "../persistence/testing/memory-journal.js";
import { DurableFeed } from "./durable-feed.js";
import type { FeedBatch, FeedFilter, FeedReader } from "./feed.js";
import { MAX_FEED_BATCH, MAX_FEED_SCAN, MAX_RING_BYTES, MAX_RING_ENTRIES } from "./limits.js";
import { settledPromises } from "./testing/manual-wall-clock.js";

const PROBES: FeedFilter = { resources: null, records: ["probe"] };
const LOGS: FeedFilter = { resources: null, records: ["log"] };

const setUp = async (kept: readonly JournalEntry[] = []) => {
  const journal = new MemoryJournal();
  await journal.begin({ seed: 1, epochMs: 0 });
  let last = kept.at(-1)?.sequence ?? 0;
  await journal.append({ entries: kept, lastSequence: last, timeMs: 0 });
  const feed = new DurableFeed(journal, last);
  const publish = async (entries: readonly JournalEntry[], bytes = 100): Promise<void> => {
    last = entries.at(-1)?.sequence ?? last;
    await journal.append({ entries, lastSequence: last, timeMs: 0 });
    feed.publish(entries, last, bytes);
  };
  return { journal, feed, publish };
};

const probes = (from: number, to: number, pod = "web"): JournalEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => aProbe(from + index, pod));

const sequences = (batch: FeedBatch | null): number[] | undefined =>
  batch?.entries.map(({ sequence }) => sequence);

/** Reads until the reader is at the end. */
const readAll = async (
  reader: FeedReader,
): Promise<{ seen: number[]; lost: FeedBatch["lost"][] }> => {
  const seen: number[] = [];
  const lost: FeedBatch["lost"][] = [];
  for (let before = -1; ;) {
    const batch = await reader.poll();
    seen.push(...(sequences(batch) ?? []));
    if (batch.lost !== null) lost.push(batch.lost);
    else if (batch.entries.length === 0 && batch.position === before) return { seen, lost };
    before = batch.position;
  }
};

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the feed", () => {
  it("gives what comes, in order, to those who wait", async () => {
    const { feed, publish } = await setUp();
    const reader = feed.open(0, PROBES);
    const next = reader.next();
    await publish(probes(1, 3));
    expect(sequences(await next)).toEqual([1, 2, 3]);
    expect(feed.durableSequence).toBe(3);
    expect(await reader.poll()).toEqual({ entries: [], position: 3, lost: null });
  });

  it("gives the past from the journal, then the present from memory, nothing twice", async () => {
    const { feed, publish } = await setUp(probes(1, 700));
    await publish(probes(701, 900));
    const reader = feed.open(0, PROBES);
    expect(await readAll(reader)).toEqual({ seen: range(1, 900), lost: [] });
  });

  it.each<[string, FeedFilter, number[]]>([
    ["resource", { resources: ["pods"], records: null }, [1]],
    ["both", { resources: ["pods", "events"], records: ["transition"] }, [1, 2, 4]],
    ["namespace", { resources: ["pods"], records: ["transition"], namespace: "other" }, []],
    ["name", { resources: ["pods", "events"], records: ["transition"], name: "web" }, [1, 2]],
    [
      "pod",
      { resources: ["pods", "events"], records: ["transition"], namespace: "default", pod: "web" },
      [1, 2, 4],
    ],
    [
      "another pod",
      { resources: ["pods", "events"], records: ["log"], namespace: "default", pod: "db" },
      [],
    ],
    ["log", LOGS, [3]],
    ["nothing", { resources: null, records: null }, []],
  ])("filters by %s, in memory, in the journal and on waking", async (_, filter, expected) => {
    const story: JournalEntry[] = [
      aRevision("ADDED", anObject("Pod", "web", 1)),
      aTransition(2, "web"),
      aLogLine(3, "web", "hello"),
      aRevision(
        "ADDED",
        anObject("Event", "web.1", 4, { involvedObject: { kind: "Pod", name: "web" } }),
      ),
    ];
    const fresh = await setUp();
    const reader = fresh.feed.open(0, filter);
    const waiting = reader.next();
    await fresh.publish(story);
    await settledPromises();
    reader.close();
    expect(sequences(await waiting) ?? []).toEqual(expected);
    const again = fresh.feed.open(0, filter);
    expect((await readAll(again)).seen).toEqual(expected);
    const woken = fresh.feed.open(4, filter).next();
    const later = story.map((entry): JournalEntry => ({ ...entry, sequence: entry.sequence + 4 }));
    await fresh.publish(later);
    if (expected.length > 0)
      expect(sequences(await woken)).toEqual(expected.map((sequence) => sequence + 4));
    const stored = await setUp(story);
    const past = stored.feed.open(0, filter);
    expect((await readAll(past)).seen).toEqual(expected.filter((sequence) => sequence !== 3));
  });

  it("does not wake those whose filter cannot match, and moves them on all the same", async () => {
    const { feed, publish, journal } = await setUp();
    const other = feed.open(0, { ...PROBES, namespace: "default", name: "other" });
    const waiting = other.next();
    await publish(probes(1, MAX_RING_ENTRIES));
    await publish(probes(MAX_RING_ENTRIES + 1, MAX_RING_ENTRIES + 10));
    let questions = 0;
    const { history } = journal;
    journal.history = (...parameters) => {
      questions += 1;
      return history.apply(journal, parameters);
    };
    await publish([aProbe(MAX_RING_ENTRIES + 11, "other")]);
    expect(sequences(await waiting)).toEqual([MAX_RING_ENTRIES + 11]);
    expect(questions).toBe(0);
  });

  it("gives at most a batch at a time", async () => {
    const { feed, publish } = await setUp();
    await publish(probes(1, MAX_FEED_SCAN * 2));
    const reader = feed.open(0, PROBES);
    expect(sequences(await reader.poll())).toEqual(range(1, MAX_FEED_BATCH));
    expect((await reader.poll()).position).toBe(2 * MAX_FEED_BATCH);
    const sparse = feed.open(0, { ...PROBES, name: "none" });
    expect(await sparse.poll()).toEqual({ entries: [], position: MAX_FEED_SCAN, lost: null });
  });

  it.each([
    ["number", 1, MAX_RING_ENTRIES / 2 + 1],
    ["size", MAX_RING_BYTES / 2 + 1, 10],
  ])("bounds its memory by %s: what is older comes from the journal", async (_, bytes, count) => {
    const { feed, publish, journal } = await setUp();
    await publish(probes(1, count), bytes);
    await publish(probes(count + 1, 2 * count), bytes);
    const questions: number[] = [];
    const { history } = journal;
    journal.history = (after, ...rest) => {
      questions.push(after);
      return history.call(journal, after, ...rest);
    };
    expect(sequences(await feed.open(count, PROBES).poll())?.[0]).toBe(count + 1);
    expect(questions).toEqual([]);
    expect(sequences(await feed.open(0, PROBES).poll())?.[0]).toBe(1);
    expect(questions).toEqual([0]);
  });

  it("says what was compacted away", async () => {
    const { feed, journal } = await setUp(probes(1, 20));
    journal.compactTo(11);
    expect(feed.oldestSequence).toBe(11);
    expect(await readAll(feed.open(3, PROBES))).toEqual({
      seen: range(11, 20),
      lost: [{ from: 4, to: 10 }],
    });
    expect((await readAll(feed.open(10, PROBES))).lost).toEqual([]);
  });

  it("says what was compacted away while it was being read", async () => {
    const { feed, journal } = await setUp(probes(1, 20));
    const { history } = journal;
    journal.history = async (...parameters) => {
      const page = await history.apply(journal, parameters);
      journal.compactTo(15);
      return page;
    };
    expect(await feed.open(0, PROBES).poll()).toMatchObject({ lost: { from: 1, to: 14 } });
  });

  it("says once which log lines may be gone, and still gives the rest", async () => {
    const { feed } = await setUp([aProbe(1, "web"), aLogLine(2, "web", "x"), aProbe(3, "web")]);
    const filter: FeedFilter = { resources: null, records: ["log", "probe"] };
    expect(await readAll(feed.open(0, filter))).toEqual({
      seen: [1, 3],
      lost: [{ from: 1, to: 3 }],
    });
    expect((await readAll(feed.open(3, filter))).lost).toEqual([]);
    expect((await readAll(feed.open(0, PROBES))).lost).toEqual([]);
  });

  it("gives the log lines that are still in memory to who comes from before them", async () => {
    const { feed, publish } = await setUp(probes(1, 10));
    await publish([aLogLine(11, "web", "x"), aLogLine(12, "web", "y")]);
    expect(await readAll(feed.open(0, LOGS))).toEqual({
      seen: [11, 12],
      lost: [{ from: 1, to: 10 }],
    });
  });

  it("ends readers by close, by signal and at its own end", async () => {
    const { feed } = await setUp();
    const closed = feed.open(0, PROBES);
    const aborted = feed.open(0, PROBES);
    const ended = feed.open(0, PROBES);
    const abort = new AbortController();
    const waiting = [closed.next(), aborted.next(abort.signal), ended.next()];
    closed.close();
    abort.abort();
    feed.close();
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
    expect(await feed.open(0, PROBES).next()).toBeNull();
    expect(feed.readerCount).toBe(0);
  });

  it("serves thousands of readers, waking one of them for an entry of its pod", async () => {
    const { feed, publish } = await setUp();
    const woken: number[] = [];
    const readers = range(0, 4999).map((number) =>
      feed.open(0, { ...PROBES, namespace: "default", pod: `p-${number}` }),
    );
    for (const [number, reader] of readers.entries()) {
      void reader.next().then((batch) => {
        if (batch !== null) woken.push(number);
      });
    }
    await publish([aProbe(1, "p-1234")]);
    await settledPromises();
    expect(woken).toEqual([1234]);
    feed.close();
  });
});
