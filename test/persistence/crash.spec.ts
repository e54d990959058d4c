import { copyFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { readConfig, type Config } from "../../src/config/index.js";
import type { JournalBatch } from "../../src/core/store/index.js";
import { JournalRepository, openDatabase, type Journal } from "../../src/persistence/index.js";
import { startSimulation } from "../../src/simulation/start-simulation.js";
import type { SimulationService } from "../../src/simulation/index.js";
import { ManualWallClock } from "../../src/simulation/testing/manual-wall-clock.js";
import { addNodes, StandInCluster } from "../../src/simulation/testing/stand-in-cluster.js";
import { temporaryDatabase } from "./temporary-database.js";

const CONFIG: Config = { ...readConfig({}), epochMs: Date.UTC(2026, 0, 1), nodes: 0 };

const open = async (
  database: string,
): Promise<{ journal: JournalRepository; crash: () => Promise<void> }> => {
  const dataSource = await openDatabase(database);
  const crash = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy();
  };
  onTestFinished(crash);
  return { journal: new JournalRepository(dataSource), crash };
};

const start = (journal: Journal): Promise<SimulationService> =>
  startSimulation({
    config: CONFIG,
    journal,
    wall: new ManualWallClock(),
    createCluster: ({ startMs, snapshot }) => new StandInCluster(startMs, snapshot),
  });

/** Passes writes on until it is told to die: then they hang, as the process does that is killed. */
class DyingJournal {
  isDead = false;

  constructor(readonly journal: JournalRepository) {}

  get asJournal(): Journal {
    const { journal } = this;
    const append = (batch: JournalBatch): Promise<number> =>
      this.isDead ? new Promise(() => undefined) : journal.append(batch);
    return new Proxy(journal, {
      get: (target, property) => {
        if (property === "append") return append;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }
}

const namesIn = async (journal: JournalRepository): Promise<Set<string>> =>
  new Set((await journal.load()).objects.map(({ metadata }) => metadata.name));

describe("a crash", () => {
  it("between commit and flush loses nothing that was acknowledged or seen, and keeps nothing else", async () => {
    const database = temporaryDatabase();
    const first = await open(database);
    const dying = new DyingJournal(first.journal);
    const simulation = await start(dying.asJournal);
    const acknowledged: string[] = [];
    for (let index = 0; index < 20; index += 1) {
      await simulation.execute(addNodes(`kept-${index}`));
      acknowledged.push(`kept-${index}`);
    }
    dying.isDead = true;
    let isAnswered = false;
    for (let index = 0; index < 20; index += 1)
      void simulation.execute(addNodes(`lost-${index}`)).then(() => {
        isAnswered = true;
      });
    const seen = simulation.feed.durableSequence;
    await first.crash();
    expect(isAnswered).toBe(false);
    const second = await open(database);
    expect(await namesIn(second.journal)).toEqual(new Set(acknowledged));
    expect((await second.journal.load()).lastSequence).toBe(seen);
    const again = await start(second.journal);
    await again.execute(addNodes("after"));
    expect(again.feed.durableSequence).toBe(seen + 1);
  });

  it("at any moment leaves all that was acknowledged by then, and a whole prefix of the history", async () => {
    const database = temporaryDatabase();
    const { journal } = await open(database);
    const simulation = await start(journal);
    const acknowledged: string[] = [];
    const copies: { readonly path: string; readonly acknowledged: number }[] = [];
    const work = Array.from({ length: 400 }, async (_, index) => {
      await simulation.execute(addNodes(`n-${index}-a`, `n-${index}-b`));
      acknowledged.push(`n-${index}-a`, `n-${index}-b`);
      if (index % 50 !== 17) return;
      const path = `${database}.${index}`;
      // The log is only appended to (it is far from a checkpoint), so a copy is what a kill at this moment leaves.
      copyFileSync(database, path);
      copyFileSync(`${database}-wal`, `${path}-wal`);
      copies.push({ path, acknowledged: acknowledged.length });
    });
    await Promise.all(work);
    expect(copies).toHaveLength(8);
    for (const copy of copies) {
      const left = await open(copy.path);
      const names = await namesIn(left.journal);
      for (const name of acknowledged.slice(0, copy.acknowledged)) expect(names).toContain(name);
      const { lastSequence } = await left.journal.load();
      expect(names.size).toBe(lastSequence);
    }
  });

  it("never gives a sequence twice", async () => {
    const database = temporaryDatabase();
    let before = 0;
    for (let round = 0; round < 5; round += 1) {
      const { journal, crash } = await open(database);
      const dying = new DyingJournal(journal);
      const simulation = await start(dying.asJournal);
      expect(simulation.feed.durableSequence).toBe(before);
      for (let index = 0; index < 7; index += 1)
        await simulation.execute(addNodes(`r${round}-${index}`));
      before = simulation.feed.durableSequence;
      dying.isDead = true;
      void simulation.execute(addNodes("lost"));
      await crash();
    }
    expect(before).toBe(35);
  });
});
