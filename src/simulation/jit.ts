import { setFlagsFromString } from "node:v8";

/**
 * How soon V8 optimizes. A burst of pods runs most code a thousand times at most: optimizing it at V8's own budget costs more CPU than that gains (`npm run bench create`).
 * While time flies the same code runs without end, and is optimized as soon as by default (`npm run bench probe-day`).
 */
const BURST_BUDGET = 200_000;
/** V8 11.3, flag-definitions.h. */
const DEFAULT_BUDGET = 67_584;

export const optimizeLate = (): void => {
  setFlagsFromString(`--interrupt-budget=${String(BURST_BUDGET)}`);
};

export const optimizeSoon = (): void => {
  setFlagsFromString(`--interrupt-budget=${String(DEFAULT_BUDGET)}`);
};
