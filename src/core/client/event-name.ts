import type { RandomStream } from "../engine/index.js";

const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/**
 * EVT-5: `<object>.<nanoseconds as hex>` (client-go tools/record/util/util.go, 1.34). Virtual time knows milliseconds only; the rest is
 * drawn, so that two events of one moment have different names.
 */
export const eventName = (object: string, nowMs: number, random: RandomStream): string => {
  const nanoseconds =
    BigInt(nowMs) * BigInt(NANOSECONDS_PER_MILLISECOND) +
    BigInt(random.below(NANOSECONDS_PER_MILLISECOND));
  return `${object}.${nanoseconds.toString(16)}`;
};
