import { describe, expect, it } from "vitest";
import { simulate } from "./simulate.js";

describe("a random cluster", () => {
  it.each([1, 2, 3, 4])("seed %i: the same trace twice", (seed) => {
    const { traceHashes, created } = simulate(seed);
    expect(created).toBeGreaterThan(5);
    expect(simulate(seed).traceHashes).toEqual(traceHashes);
  });
});
