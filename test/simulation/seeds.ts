import { describe, expect, it } from "vitest";
import { simulate } from "./simulate.js";

/** `SEED=7` runs that one alone; `SEEDS=1000` more of them than the gate does. */
const ONLY = process.env.SEED === undefined ? null : Number(process.env.SEED);
const SEEDS = Number(process.env.SEEDS ?? 200);

/** The seeds from 1 on that leave `rest` when divided by two: each half is a file, so that two cores share the work. */
export const describeSeeds = (rest: 0 | 1): void => {
  const all = ONLY === null ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [ONLY];
  const mine = all.filter((seed) => seed % 2 === rest);
  describe.skipIf(mine.length === 0)("random clusters with random faults", () => {
    it.each(mine)("seed %i holds every invariant, heals and settles", (seed) => {
      const { broken, unsettled } = simulate(seed);
      const replay = `replay with: SEED=${String(seed)} npm run simulate`;
      expect(broken, replay).toEqual([]);
      expect(unsettled, replay).toEqual([]);
    });
    // A file without tests is a failure to vitest.
    it.skipIf(mine.length > 0)("has no seed here", () => {
      expect(mine).toEqual([]);
    });
  });
};
