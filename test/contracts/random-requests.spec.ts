import { describe, expect, it } from "vitest";
import { Cluster } from "../../src/core/cluster/index.js";
import { Chance } from "./support/random-object.js";
import { randomRequest } from "./support/random-request.js";

const REQUESTS = 3_000;
const START_MS = Date.UTC(2026, 0, 1);

/** A request that throws ends the simulation: whatever clients send must be answered. */
describe("random requests", () => {
  it.each([1, 2, 3])("are all answered, seed %i", (seed) => {
    const chance = new Chance(seed);
    const cluster = new Cluster({ seed, startMs: START_MS, nodes: [] });
    let accepted = 0;
    for (let count = 0; count < REQUESTS; count += 1) {
      const request = randomRequest(chance);
      let outcome;
      try {
        outcome = cluster.execute({ type: "api", request });
      } catch (error) {
        const { resource, ...rest } = request;
        throw new Error(`${resource.kind} ${JSON.stringify(rest)}`, { cause: error });
      }
      if (outcome.ok) accepted += 1;
      else expect(outcome.status.code).toBeGreaterThanOrEqual(400);
      if (chance.is(0.05)) cluster.engine.runUntil(cluster.engine.nowMs + 1_000);
      if (count % 500 === 0) cluster.takeBatch();
    }
    // The generator must get beyond the first check often enough to mean something.
    expect(accepted).toBeGreaterThan(REQUESTS / 50);
  });
});
