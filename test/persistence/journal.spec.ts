import { afterAll, describe, expect, it } from "vitest";
import type { DataSource } from "typeorm";
import { JournalRepository, openDatabase, type Journal } from "../../src/persistence/index.js";
import { anObject, aProbe, aRevision } from "../../src/persistence/testing/entries.js";
import { MemoryJournal } from "../../src/persistence/testing/memory-journal.js";
import { describeJournal } from "./journal-contract.js";
import { temporaryDatabase } from "./temporary-database.js";

const opened: DataSource[] = [];

const openJournal = async (database: string): Promise<JournalRepository> => {
  const dataSource = await openDatabase(database);
  opened.push(dataSource);
  return new JournalRepository(dataSource);
};

afterAll(async () => {
  for (const dataSource of opened) await dataSource.destroy();
});

describeJournal("memory", () => Promise.resolve<Journal>(new MemoryJournal()));
describeJournal("SQLite file", () => openJournal(temporaryDatabase()));
describeJournal("SQLite :memory:", () => openJournal(":memory:"));

describe("the SQLite journal", () => {
  it("writes a batch larger than one statement in one transaction", async () => {
    const journal = await openJournal(temporaryDatabase());
    await journal.begin({ seed: 1, epochMs: 0 });
    const entries = Array.from({ length: 20_000 }, (_, index) =>
      aProbe(index + 1, `pod-${index % 7}`),
    );
    await journal.append({ entries, lastSequence: 20_000, timeMs: 1 });
    const page = await journal.history(19_990, { resources: null, records: ["probe"] }, 100);
    expect(page.entries).toEqual(entries.slice(19_990));
  });

  it("keeps nothing of a batch that fails half-way", async () => {
    const journal = await openJournal(temporaryDatabase());
    await journal.begin({ seed: 1, epochMs: 0 });
    const entries = Array.from({ length: 20_000 }, (_, index) => aProbe(index + 1, "pod"));
    entries.push(aProbe(1, "pod"));
    await expect(journal.append({ entries, lastSequence: 20_001, timeMs: 1 })).rejects.toThrow(
      /^the database .* cannot be used: .*UNIQUE/,
    );
    expect(await journal.load()).toMatchObject({ objects: [], lastSequence: 0 });
    await journal.append({ entries: [aProbe(1, "pod")], lastSequence: 1, timeMs: 1 });
  });

  it("looks through a bounded stretch per question", async () => {
    const journal = await openJournal(":memory:");
    await journal.begin({ seed: 1, epochMs: 0 });
    const entries = Array.from({ length: 25_000 }, (_, index) => aProbe(index + 1, "pod"));
    await journal.append({ entries, lastSequence: 25_000, timeMs: 1 });
    const filter = { resources: ["pods"], records: null };
    expect(await journal.history(0, filter, 10)).toEqual({ entries: [], position: 20_000 });
    expect(await journal.history(20_000, filter, 10)).toEqual({ entries: [], position: 25_000 });
  });

  it("compacts what is old in steps, and keeps what exists with its previous state", async () => {
    const journal = await openJournal(":memory:");
    await journal.begin({ seed: 1, epochMs: 0 });
    const kept = anObject("Pod", "kept", 1);
    const entries = [
      aRevision("ADDED", kept, null, 1),
      ...Array.from({ length: 8998 }, (_, index) => ({ ...aProbe(index + 2, "kept"), timeMs: 2 })),
    ];
    const day = 24 * 3600 * 1000;
    const changed = anObject("Pod", "kept", 9000, { labels: { a: "b" } });
    const last = aRevision("MODIFIED", changed, kept, day + 10);
    await journal.append({ entries: [...entries, last], lastSequence: 9000, timeMs: day + 10 });
    expect([await journal.compact(), await journal.compact(), await journal.compact()]).toEqual([
      true,
      true,
      false,
    ]);
    expect(journal.oldestSequence).toBe(8001);
    const filter = { resources: ["pods"], records: ["probe"] as const };
    const page = await journal.history(8990, filter, 100);
    expect(page.entries.at(-1)).toEqual(last);
    expect((await journal.history(0, filter, 1)).entries[0]?.sequence).toBe(8001);
    expect(await journal.load()).toMatchObject({ objects: [changed], oldestSequence: 8001 });
  });

  it("compacts nothing that is young and within the size", async () => {
    const journal = await openJournal(":memory:");
    await journal.begin({ seed: 1, epochMs: 0 });
    const entries = Array.from({ length: 9000 }, (_, index) => aProbe(index + 1, "pod"));
    await journal.append({ entries, lastSequence: 9000, timeMs: 1000 });
    expect(await journal.compact()).toBe(false);
    expect(journal.oldestSequence).toBe(1);
  });
});
