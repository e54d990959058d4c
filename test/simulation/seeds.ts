import { describe, expect, it } from "vitest";
import { Timeline } from "../support/timeline.js";
import { simulate, type SimulationRun } from "./simulate.js";

/** `SEED=7` runs that one alone, with `POD=p-3` it prints what became of that pod; `SEEDS=1000` runs more of them than the gate does. */
const ONLY = process.env.SEED === undefined ? null : Number(process.env.SEED);
const SEEDS = Number(process.env.SEEDS ?? 250);

const POD = process.env.POD ?? null;

const runAndPrint = (seed: number): SimulationRun => {
  if (POD === null) return simulate(seed);
  let timeline: Timeline | null = null;
  const run = simulate(seed, (entry) => {
    timeline ??= new Timeline(entry.timeMs);
    timeline.add([entry]);
  });
  const about = new RegExp(`\\b${POD}[/: ]`);
  const lines = (timeline as Timeline | null)?.lines.filter((line) => about.test(line)) ?? [];
  process.stdout.write(`${lines.join("\n")}\n`);
  return run;
};

/** The seeds from 1 on that leave `rest` when divided by two: each half is a file, so that two cores share the work. */
export const describeSeeds = (rest: 0 | 1): void => {
  const all = ONLY === null ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [ONLY];
  const mine = all.filter((seed) => seed % 2 === rest);
  describe.skipIf(mine.length === 0)("random clusters with random faults", () => {
    it.each(mine)("seed %i holds every invariant, heals and settles", (seed) => {
      const { broken, unsettled } = runAndPrint(seed);
      const replay = `replay with: SEED=${String(seed)} npm run simulate (and POD=<name> for what became of a pod)`;
      expect(broken, replay).toEqual([]);
      expect(unsettled, replay).toEqual([]);
    });
    // A file without tests is a failure to vitest.
    it.skipIf(mine.length > 0)("has no seed here", () => {
      expect(mine).toEqual([]);
    });
  });
};
