import { describe, expect, it } from "vitest";
import type { ClockSetting, Config } from "../config/index.js";
import { readConfig } from "../config/index.js";
import type { JournalSnapshot } from "../core/store/index.js";
import { MemoryJournal } from "../persistence/testing/memory-journal.js";
import type { ClusterOptions } from "./cluster-port.js";
import { restartTimeMs, startSimulation } from "./start-simulation.js";
import { ManualWallClock, settledPromises } from "./testing/manual-wall-clock.js";
import { addNodes, StandInCluster } from "./testing/stand-in-cluster.js";

const EPOCH = Date.UTC(2026, 0, 1);
const PAUSED: ClockSetting = { mode: "paused", speed: 1 };

const configWith = (change: Partial<Config>): Config => ({
  ...readConfig({}),
  epochMs: EPOCH,
  nodes: 2,
  ...change,
});

const setUp = async (change: Partial<Config> = {}, journal = new MemoryJournal()) => {
  const wall = new ManualWallClock(EPOCH);
  const options: ClusterOptions[] = [];
  let cluster = new StandInCluster(0);
  const simulation = await startSimulation({
    config: configWith(change),
    journal,
    wall,
    createCluster: (given) => {
      options.push(given);
      cluster = new StandInCluster(given.startMs, given.snapshot);
      for (const { name } of given.nodes ?? []) cluster.commitObject(name);
      return cluster;
    },
  });
  return { simulation, journal, wall, cluster, options: options[0] };
};

const hold = (journal: MemoryJournal): (() => void) => {
  let release = (): void => undefined;
  journal.gate = new Promise((resolve) => {
    release = () => {
      journal.gate = null;
      resolve();
    };
  });
  return release;
};

describe("a start", () => {
  it("makes a new cluster at its epoch, with its nodes, and keeps it before anyone comes", async () => {
    const { journal, options, simulation } = await setUp({ seed: 9 });
    expect(options).toMatchObject({ seed: 9, startMs: EPOCH });
    expect(options?.nodes?.map(({ name }) => name)).toEqual(["node-1", "node-2"]);
    expect(await journal.meta()).toEqual({ seed: 9, epochMs: EPOCH });
    expect(simulation.feed.durableSequence).toBe(2);
  });

  it("begins at the wall clock when no epoch is given", async () => {
    const { options } = await setUp({ epochMs: null });
    expect(options?.startMs).toBe(EPOCH);
  });

  it("goes on from the journal: objects, sequence, clock and epoch", async () => {
    const first = await setUp({ clock: PAUSED });
    await first.simulation.execute(addNodes("a"));
    const advanced = first.simulation.advance(EPOCH + 5000);
    await first.wall.drain();
    await advanced;
    await first.simulation.onModuleDestroy();
    const second = await setUp({ clock: PAUSED, seed: 4, epochMs: EPOCH + 999 }, first.journal);
    const snapshot = second.options?.snapshot as JournalSnapshot;
    expect(snapshot.objects).toEqual(first.cluster.objects);
    expect(snapshot.lastSequence).toBe(3);
    expect(second.options?.startMs).toBe(EPOCH + 5000);
    expect(second.simulation.clock()).toMatchObject({ elapsedMs: 5000, seed: 4 });
    expect(second.simulation.feed.durableSequence).toBe(3);
  });

  it("gives a restarted cluster other random numbers than the first run had", async () => {
    const first = await setUp();
    await first.simulation.onModuleDestroy();
    const second = await setUp({}, first.journal);
    expect(second.options?.seed).not.toBe(first.options?.seed);
    const again = await setUp({}, first.journal);
    expect(again.options?.seed).toBe(second.options?.seed);
  });

  const realtime: ClockSetting = { mode: "running", speed: 1 };
  it.each<[string, Partial<Config>, number, number]>([
    [
      "real time: a machine that was off finds that time has passed",
      { clock: realtime, epochMs: null },
      900,
      900,
    ],
    ["real time: never back", { clock: realtime, epochMs: null }, 100, 500],
    ["an epoch of its own", { clock: realtime, epochMs: 0 }, 900, 500],
    ["at a speed", { clock: { mode: "running", speed: 2 }, epochMs: null }, 900, 500],
    ["at max", { clock: { mode: "running", speed: "max" }, epochMs: null }, 900, 500],
    ["paused", { clock: PAUSED, epochMs: null }, 900, 500],
  ])("goes on in time, %s", (_, change, unixMs, expected) => {
    expect(restartTimeMs(configWith(change), 500, unixMs)).toBe(expected);
  });
});

describe("a command", () => {
  it("is answered once it is on disk, and is seen by nobody before", async () => {
    const { simulation, journal } = await setUp();
    const release = hold(journal);
    let isAnswered = false;
    const outcome = simulation.execute(addNodes("a")).then((value) => {
      isAnswered = true;
      return value;
    });
    await settledPromises();
    expect([isAnswered, simulation.feed.durableSequence]).toEqual([false, 2]);
    release();
    expect(await outcome).toEqual({ ok: true, nodes: ["a"] });
    expect(simulation.feed.durableSequence).toBe(3);
  });

  it("that only reads waits for what it has seen", async () => {
    const { simulation, journal } = await setUp();
    const release = hold(journal);
    void simulation.execute(addNodes("a"));
    let isAnswered = false;
    const read = simulation.execute({ type: "add-nodes", nodes: [] }).then(() => {
      isAnswered = true;
    });
    await settledPromises();
    expect(isAnswered).toBe(false);
    release();
    await read;
  });

  it("happens at the present moment", async () => {
    const { simulation, cluster, wall } = await setUp();
    await wall.pass(1234);
    await simulation.execute(addNodes("a"));
    expect(cluster.engine.nowMs).toBe(EPOCH + 1234);
  });

  it("that is refused is an outcome", async () => {
    const { simulation } = await setUp();
    expect(await simulation.execute({ type: "remove-node", name: "x" })).toMatchObject({
      ok: false,
      status: { code: 400 },
    });
    expect(simulation.isReady).toBe(true);
  });

  it("of many at once is written with the others, in their order", async () => {
    const { simulation, journal, cluster } = await setUp();
    const release = hold(journal);
    const names = Array.from({ length: 50 }, (_, index) => `n-${index}`);
    const outcomes = names.map((name) => simulation.execute(addNodes(name)));
    release();
    await Promise.all(outcomes);
    expect(journal.groupSizes.slice(-2)).toEqual([1, 49]);
    expect(cluster.objects.slice(2).map(({ metadata }) => metadata.name)).toEqual(names);
  });

  it("comes after the last one is finished while the clock stands", async () => {
    const { simulation, cluster, wall } = await setUp({ clock: PAUSED });
    const order: string[] = [];
    const chain = (left: number): void => {
      if (left > 0) cluster.engine.soon(() => chain(left - 1));
      else order.push("settled");
    };
    chain(1000);
    wall.costPerReadingMs = 1;
    const done = ["a", "b"].map(async (name) => {
      await simulation.execute(addNodes(name));
      order.push(name);
    });
    await wall.drain();
    await Promise.all(done);
    expect(order).toEqual(["settled", "a", "b"]);
  });
});

describe("an advance", () => {
  it("answers when all that was due is readable", async () => {
    const { simulation, journal, wall } = await setUp({ clock: PAUSED });
    await simulation.execute(addNodes("late-900", "late-1000", "late-1001"));
    const release = hold(journal);
    let isAnswered = false;
    const advanced = simulation.advance(EPOCH + 1000).then(() => {
      isAnswered = true;
    });
    await wall.drain();
    expect(isAnswered).toBe(false);
    release();
    await wall.drain();
    await advanced;
    expect(simulation.feed.durableSequence).toBe(7);
    expect(simulation.clock()).toMatchObject({ now: "2026-01-01T00:00:01.000Z", elapsedMs: 1000 });
    expect(await journal.load()).toMatchObject({ timeMs: EPOCH + 1000 });
  });

  it("until idle stops when nothing has happened for a while; probes without an effect are nothing", async () => {
    const { simulation, cluster, wall } = await setUp({ clock: PAUSED });
    cluster.engine.after(30_000, () => cluster.commitObject("change"));
    cluster.probeEvery(1000);
    const idle = simulation.advanceUntilIdle(60_000, EPOCH + 3_600_000);
    await wall.drain();
    expect(await idle).toBe(true);
    expect(simulation.clock().elapsedMs).toBe(90_000);
  });

  it("until idle gives up where it was told to", async () => {
    const { simulation, cluster, wall } = await setUp({ clock: PAUSED });
    const change = (): void => {
      cluster.commitObject(`at-${cluster.engine.nowMs}`);
      cluster.engine.after(5000, change);
    };
    change();
    const idle = simulation.advanceUntilIdle(60_000, EPOCH + 600_000);
    await wall.drain();
    expect(await idle).toBe(false);
    expect(simulation.clock().elapsedMs).toBe(600_000);
  });

  it("is refused with 503 when the service stops meanwhile", async () => {
    const { simulation, cluster, wall } = await setUp({ clock: PAUSED });
    cluster.probeEvery(1);
    const advanced = simulation.advance(EPOCH + 1_000_000_000);
    const refused = expect(advanced).rejects.toMatchObject({ status: { code: 503 } });
    wall.costPerReadingMs = 1;
    await wall.turn();
    await simulation.onModuleDestroy();
    await refused;
  });
});

describe("the end", () => {
  it("keeps everything and refuses what comes after", async () => {
    const { simulation, journal, cluster, wall } = await setUp({
      clock: { mode: "running", speed: "max" },
    });
    wall.costPerReadingMs = 1;
    cluster.probeEvery(10);
    await wall.turn();
    const reader = simulation.feed.open(0, { resources: ["configmaps"], records: null });
    await reader.next();
    const waiting = reader.next();
    await simulation.onModuleDestroy();
    expect(await waiting).toBeNull();
    expect(simulation.isReady).toBe(false);
    const kept = await journal.load();
    expect(kept.lastSequence).toBe(cluster.takeBatch().lastSequence);
    expect(kept.timeMs).toBe(cluster.engine.nowMs);
    expect(await simulation.execute(addNodes("x"))).toMatchObject({
      ok: false,
      status: { code: 503 },
    });
  });

  it("by a failing journal: all that wait get 503, nothing is shown, and it is reported once", async () => {
    const { simulation, journal } = await setUp();
    const release = hold(journal);
    const outcomes = ["a", "b"].map((name) => simulation.execute(addNodes(name)));
    journal.failure = new Error("the disk is full");
    release();
    for (const outcome of await Promise.all(outcomes))
      expect(outcome).toMatchObject({
        ok: false,
        status: { code: 503, reason: "ServiceUnavailable" },
      });
    expect(await simulation.failure).toBe(journal.failure);
    expect(simulation.feed.durableSequence).toBe(2);
    journal.failure = null;
    expect(await simulation.execute(addNodes("c"))).toMatchObject({
      ok: false,
      status: { code: 503 },
    });
    expect((await journal.load()).lastSequence).toBe(2);
    expect(simulation.isReady).toBe(false);
  });

  it("by a broken invariant in a command that has changed something", async () => {
    const { simulation } = await setUp();
    const outcome = await simulation.execute({ type: "remove-node", name: "half-done" });
    expect(outcome).toMatchObject({ ok: false, status: { code: 503 } });
    expect((await simulation.failure).message).toBe(
      "the simulation is broken: an invariant does not hold",
    );
  });

  it("by a broken invariant in the course of time", async () => {
    const { simulation, cluster, wall } = await setUp();
    cluster.engine.after(10, () => {
      throw new Error("time is out of joint");
    });
    await simulation.execute(addNodes("a"));
    await wall.pass(20);
    expect((await simulation.failure).message).toBe(
      "the simulation is broken: time is out of joint",
    );
  });
});

it("refuses a command that broke before it changed anything, and goes on", async () => {
  const { simulation } = await setUp();
  const faults: unknown[] = [];
  simulation.onFault((error) => faults.push(error));
  const outcome = await simulation.execute({ type: "remove-node", name: "broken" });
  expect(outcome).toMatchObject({
    ok: false,
    status: { code: 500, message: "Internal error occurred: an invariant does not hold" },
  });
  expect(faults).toEqual([new Error("an invariant does not hold")]);
  expect(simulation.isReady).toBe(true);
  expect(await simulation.execute(addNodes("a"))).toMatchObject({ ok: true });
});

it("keeps memory bounded: time stands still while the journal is behind", async () => {
  const { simulation, journal, cluster, wall } = await setUp({
    clock: { mode: "running", speed: "max" },
  });
  wall.costPerReadingMs = 0.01;
  const release = hold(journal);
  cluster.probeEvery(1);
  void simulation.execute(addNodes("a"));
  await wall.drain();
  const stuck = simulation.backlog.unwrittenEntries;
  expect(stuck).toBeGreaterThanOrEqual(10_000);
  expect(stuck).toBeLessThan(12_000);
  expect(wall.pendingImmediates).toBe(0);
  release();
  for (let turns = 0; turns < 100; turns += 1) await wall.turn();
  expect(simulation.feed.durableSequence).toBeGreaterThan(stuck);
  await simulation.onModuleDestroy();
});
