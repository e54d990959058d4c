import { expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../src/config/index.js";
import { RESOURCES, type KubeObject } from "../../src/core/api/index.js";
import type { Command } from "../../src/core/cluster/index.js";
import type { ObjectList } from "../../src/core/registry/index.js";
import { JournalRepository, openDatabase } from "../../src/persistence/index.js";
import type { ClusterOptions, SimulatedCluster } from "../../src/simulation/cluster-port.js";
import { createCluster } from "../../src/simulation/create-cluster.js";
import { startSimulation } from "../../src/simulation/start-simulation.js";
import { ManualWallClock } from "../../src/simulation/testing/manual-wall-clock.js";
import { temporaryDatabase } from "./temporary-database.js";

const EPOCH = Date.UTC(2026, 0, 1);

const storages = [
  ...new Set(RESOURCES.filter(({ verbs }) => verbs.includes("list")).map(({ storage }) => storage)),
];

/** Everything that a client can list, by where it is stored. */
const everythingIn = (cluster: SimulatedCluster): Record<string, readonly KubeObject[]> =>
  Object.fromEntries(
    storages.map((storage) => {
      const resource = RESOURCES.find(
        (row) => row.storage === storage && row.verbs.includes("list"),
      );
      if (resource === undefined) throw new Error(`nothing is stored as ${storage}`);
      const outcome = cluster.execute({
        type: "api",
        request: { verb: "list", resource, namespace: "", options: {} },
      });
      if (!outcome.ok || !("response" in outcome)) throw new Error(JSON.stringify(outcome));
      return [storage, (outcome.response.body as ObjectList).items];
    }),
  );

const start = async (database: string) => {
  const dataSource = await openDatabase(database);
  onTestFinished(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
  });
  const journal = new JournalRepository(dataSource);
  const wall = new ManualWallClock(EPOCH);
  const config = { ...readConfig({ PEAPOD_CLOCK: "paused" }), epochMs: EPOCH };
  const made: SimulatedCluster[] = [];
  const simulation = await startSimulation({
    config,
    journal,
    wall,
    createCluster: (options: ClusterOptions) => {
      const cluster = createCluster(options);
      made.push(cluster);
      return cluster;
    },
  });
  const [cluster] = made;
  if (cluster === undefined) throw new Error("no cluster was made");
  return { dataSource, journal, wall, simulation, cluster };
};

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", labels: { app: "web" } },
  spec: {
    containers: [
      { name: "a", image: "busybox", command: ["sh", "-c", "sleep 20; exit 1"] },
      { name: "b", image: "registry.k8s.io/pause:3.9" },
    ],
  },
};

it("the journal, replayed or loaded, equals the cluster in memory", async () => {
  const database = temporaryDatabase();
  const { journal, wall, simulation, cluster, dataSource } = await start(database);
  const pods = RESOURCES.find(({ storage }) => storage === "pods");
  if (pods === undefined) throw new Error("there are no pods");
  /** A paused clock settles what one command set going before the next one begins: it takes turns to be answered. */
  const execute = async (command: Command): Promise<void> => {
    const outcome = simulation.execute(command);
    await wall.drain();
    expect(await outcome).toMatchObject({ ok: true });
  };
  for (const name of ["web", "db", "gone"]) {
    const body = { ...POD, metadata: { ...POD.metadata, name } };
    await execute({
      type: "api",
      request: { verb: "create", resource: pods, namespace: "default", body, options: {} },
    });
  }
  const advance = async (seconds: number): Promise<void> => {
    const advanced = simulation.advance(simulation.nowMs + seconds * 1000);
    await wall.drain();
    await advanced;
  };
  const moving = advance(30);
  for (let turns = 0; turns < 200; turns += 1) await wall.turn();
  await moving;
  await execute({
    type: "api",
    request: { verb: "delete", resource: pods, namespace: "default", name: "gone", options: {} },
  });
  const more = advance(60);
  for (let turns = 0; turns < 200; turns += 1) await wall.turn();
  await more;

  const inMemory = everythingIn(cluster);
  const replayed = new Map<string, KubeObject>();
  for (let position = 0; position < simulation.feed.durableSequence;) {
    const page = await journal.history(position, { resources: storages, records: null }, 500);
    for (const entry of page.entries) {
      if (entry.kind !== "revision") continue;
      const key = `${entry.resource}/${entry.namespace}/${entry.name}`;
      expect(entry.previous).toEqual(replayed.get(key) ?? null);
      if (entry.change === "DELETED") replayed.delete(key);
      else replayed.set(key, entry.object);
    }
    position = page.position;
  }
  const flat = Object.entries(inMemory).flatMap(([storage, objects]) =>
    objects.map((object): [string, KubeObject] => [
      `${storage}/${object.metadata.namespace ?? ""}/${object.metadata.name}`,
      object,
    ]),
  );
  expect(flat.length).toBeGreaterThan(10);
  expect(Object.fromEntries(replayed)).toEqual(Object.fromEntries(flat));

  await simulation.onModuleDestroy();
  const snapshot = await journal.load();
  await dataSource.destroy();
  const restored = createCluster({ seed: 2, startMs: snapshot.timeMs, snapshot });
  expect(everythingIn(restored)).toEqual(inMemory);
});
