import { describe, expect, it } from "vitest";
import type { Pod } from "../../src/core/api/index.js";
import { resourceByStorage } from "../../src/core/api/index.js";
import { Cluster, Invariants } from "../../src/core/cluster/index.js";
import type { ApiRequest, ObjectList } from "../../src/core/registry/index.js";
import { aNodeTemplate } from "../support/run-scenario.js";
import { chance, pick, randomPod } from "./random-pod.js";

const FIRST_SEED = Number(process.env.SEED ?? 1);
const SEEDS = process.env.SEED === undefined ? Number(process.env.SEEDS ?? 20) : 1;
const PODS = 12;
const FAULTY_MS = 10 * 60_000;
/** Longest back-off, longest grace and a resync together: by then everything that can settle has settled. */
const HEALING_MS = 15 * 60_000;
const STEP_MS = 1_000;

const pods = resourceByStorage("pods");

describe(`${SEEDS} random clusters from seed ${FIRST_SEED}`, () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => ({ seed: FIRST_SEED + index })))(
    "seed $seed (replay: SEED=$seed npx vitest run --config test/vitest.config.ts test/simulation)",
    ({ seed }) => {
      const run = simulate(seed);
      expect(run.broken).toEqual([]);
      expect(run.unsettled).toEqual([]);
      expect(simulate(seed).traceHash).toBe(run.traceHash);
    },
  );
});

const simulate = (seed: number): { broken: string[]; unsettled: string[]; traceHash: string } => {
  const broken: string[] = [];
  const invariants = new Invariants();
  const cluster = new Cluster({
    seed,
    startMs: Date.UTC(2026, 0, 1),
    nodes: [aNodeTemplate("node-1"), aNodeTemplate("node-2")],
    onCommit: (entry) => {
      if (broken.length < 5)
        broken.push(...invariants.check(entry).map((problem) => `${entry.sequence}: ${problem}`));
    },
  });
  const random = cluster.engine.random("test/actions");
  const end = cluster.engine.nowMs + FAULTY_MS;
  let created = 0;
  while (cluster.engine.nowMs < end) {
    if (created < PODS && chance(random, 0.1))
      submit(cluster, create(randomPod(random, `p-${created++}`)));
    if (chance(random, 0.02))
      submit(cluster, remove(`p-${random.below(PODS)}`, pick(random, [null, null, 0, 2])));
    cluster.engine.runUntil(cluster.engine.nowMs + STEP_MS);
    cluster.takeBatch();
  }
  for (let i = 0; i < created; i += 2) submit(cluster, remove(`p-${i}`, null));
  cluster.engine.runUntil(cluster.engine.nowMs + HEALING_MS);
  cluster.takeBatch();
  return { broken, unsettled: unsettledPods(cluster), traceHash: cluster.traceHash };
};

/** Liveness: whoever was deleted is gone, whoever can end has ended, nobody hangs between. */
const unsettledPods = (cluster: Cluster): string[] => {
  const outcome = cluster.execute({
    type: "api",
    request: { verb: "list", resource: pods, namespace: "", options: {} },
  });
  if (!outcome.ok || !("response" in outcome)) throw new Error("the pods can be listed");
  const { items } = outcome.response.body as ObjectList;
  return (items as unknown as Pod[])
    .filter(({ metadata, spec }) => metadata.deletionTimestamp !== undefined || !spec.nodeName)
    .map(({ metadata }) => metadata.name);
};

const create = (body: { metadata: { name: string } }): ApiRequest => ({
  verb: "create",
  resource: pods,
  namespace: "default",
  body,
  options: {},
});

const remove = (name: string, gracePeriodSeconds: number | null): ApiRequest => ({
  verb: "delete",
  resource: pods,
  namespace: "default",
  name,
  options: gracePeriodSeconds === null ? {} : { gracePeriodSeconds },
});

/** Refusals are fine: the pod may not be there. */
const submit = (cluster: Cluster, request: ApiRequest): void => {
  cluster.execute({ type: "api", request });
};
