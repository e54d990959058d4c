import { z } from "zod";
import { DEFAULT_TIMELINE_RECORDS, MAX_TIMELINE_RECORDS } from "./limits.js";
import { filterSchema, RECORD_TYPES, recordSchema } from "./messages.js";

/** Query and answer of `GET /sim/v1/timeline` (contract, "Simulator API"). */

const typeList = z
  .string()
  .default("transition,probe,event")
  .transform((text) => [...new Set(text.split(","))])
  .pipe(z.array(z.enum(RECORD_TYPES)));

const cursor = z
  .string()
  .regex(/^\d{1,15}$/, { error: "must be a cursor" })
  .transform(Number);

/** `start`, or a cursor to go on behind. */
const from = z.union([z.literal("start").transform(() => undefined), cursor]).optional();

const limit = z
  .string()
  .regex(/^\d{1,6}$/, { error: `must be a whole number from 1 to ${MAX_TIMELINE_RECORDS}` })
  .transform(Number)
  .pipe(z.int().min(1).max(MAX_TIMELINE_RECORDS))
  .default(DEFAULT_TIMELINE_RECORDS);

export const timelineQuerySchema = filterSchema.extend({ types: typeList, from, limit });

export const timelineSchema = z.object({
  items: z.array(recordSchema),
  next: z.int().nullable().describe("Where to go on; null when there is no more."),
  gap: z
    .object({ from: z.int(), to: z.int() })
    .optional()
    .describe("What was asked for and is no longer kept."),
});

export type TimelineQuery = z.output<typeof timelineQuerySchema>;
