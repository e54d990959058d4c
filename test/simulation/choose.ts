import type { RandomStream } from "../../src/core/engine/index.js";

export const chance = (random: RandomStream, share: number): boolean => random.next() < share;

export const pick = <T>(random: RandomStream, choices: readonly T[]): T => {
  const chosen = choices[random.below(choices.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
};

/** `parts`, when the die says so. */
export const maybe = <T extends object>(
  random: RandomStream,
  share: number,
  parts: () => T,
): T | Record<string, never> => (chance(random, share) ? parts() : {});
