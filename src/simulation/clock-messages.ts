import { z } from "zod";
import { MAX_CLOCK_SPEED, MIN_CLOCK_SPEED } from "../config/index.js";
import { DEFAULT_QUIET_SECONDS, MAX_ADVANCE_SECONDS } from "./limits.js";

/** Payloads of `/sim/v1/clock` (contract, "Simulator API"). */

const speed = z
  .union([z.number().min(MIN_CLOCK_SPEED).max(MAX_CLOCK_SPEED), z.literal("max")], {
    error: `must be a number from ${MIN_CLOCK_SPEED} to ${MAX_CLOCK_SPEED}, or "max"`,
  })
  .describe("Virtual seconds per real second; `max` jumps from timer to timer.");
const mode = z.enum(["running", "paused"]);

export const clockSchema = z.object({
  now: z.iso.datetime().describe("Virtual time, RFC 3339 with milliseconds."),
  elapsedMs: z.int().describe("Virtual milliseconds since the cluster began."),
  mode,
  speed,
  seed: z.int().describe("The seed of every random choice."),
});

export const clockChangeSchema = z
  .strictObject({ mode: mode.optional(), speed: speed.optional() })
  .describe("What is left out stays as it is.");

const seconds = z.number().min(0).max(MAX_ADVANCE_SECONDS);

export const advanceSchema = z.union(
  [
    z.strictObject({ seconds: seconds.describe("Fractions are allowed, to the millisecond.") }),
    z.strictObject({ until: z.iso.datetime({ offset: true }) }),
    z.strictObject({
      untilIdle: z.literal(true),
      maxSeconds: seconds.describe("How far to go at most."),
      quietSeconds: seconds
        .min(1)
        .default(DEFAULT_QUIET_SECONDS)
        .describe(
          "Idle means: for so long no container changed its state, no probe had an effect and no object changed, " +
            "node heartbeats and repeats of an Event apart. 310 also outlasts the longest restart back-off.",
        ),
    }),
  ],
  {
    error: `must be one of {"seconds":n}, {"until":"<RFC 3339>"} and {"untilIdle":true,"maxSeconds":n}, with n from 0 to ${MAX_ADVANCE_SECONDS}`,
  },
);

export const advancedSchema = clockSchema.extend({
  idle: z
    .boolean()
    .optional()
    .describe("With `untilIdle`: whether the cluster became idle before `maxSeconds` were over."),
});

export type AdvanceRequest = z.output<typeof advanceSchema>;
export type Advanced = z.output<typeof advancedSchema>;
