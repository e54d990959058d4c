import { z } from "zod";

/** Payloads of `/sim/v1/stream` (contract, "Stream"). Checked against, and published as AsyncAPI. */

export const RECORD_TYPES = ["transition", "probe", "event", "pod", "log"] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

const name = z.string().min(1).max(253);
const id = z.string().min(1).max(128).describe("Chosen by the client; names the subscription.");
const cursor = z
  .int()
  .min(0)
  .describe("A place in the one order of everything. Records behind it are those that come later.");

export const filterSchema = z
  .strictObject({
    namespace: name.optional(),
    node: name.optional(),
    pod: name.optional(),
    container: name.optional(),
    labelSelector: z
      .string()
      .max(4096)
      .optional()
      .describe("Of the pod that a record is about, as it was at that moment."),
  })
  .describe("What is given must all hold.");

export const subscribeSchema = z.strictObject({
  op: z.literal("subscribe"),
  id,
  types: z.array(z.enum(RECORD_TYPES)).min(1).max(RECORD_TYPES.length),
  filter: filterSchema.default({}),
  from: z.union([z.literal("now"), z.literal("start"), cursor]).default("now"),
});
export const unsubscribeSchema = z.strictObject({ op: z.literal("unsubscribe"), id });
export const pingSchema = z.strictObject({
  op: z.literal("ping"),
  id: z.union([z.string().max(128), z.number()]).optional(),
});
export const clientMessageSchema = z.discriminatedUnion(
  "op",
  [subscribeSchema, unsubscribeSchema, pingSchema],
  { error: `must be "subscribe", "unsubscribe" or "ping"` },
);

export type RecordFilter = z.output<typeof filterSchema>;
export type Subscribe = z.output<typeof subscribeSchema>;

const containerState = z
  .object({
    state: z.enum(["waiting", "running", "terminated"]),
    reason: z.string().optional(),
    exitCode: z.int().optional(),
    signal: z.int().optional(),
  })
  .nullable();
const cause = z.object({
  reason: z.string(),
  message: z.string(),
  cursor: cursor.optional().describe("The record that led to this one."),
});
const time = z.string().describe("Virtual time, RFC 3339 with milliseconds.");
const ofContainer = {
  cursor,
  time,
  namespace: z.string(),
  pod: z.string(),
  uid: z.string().describe("Of the pod."),
  node: z.string(),
  container: z.string(),
};
const change = z.enum(["ADDED", "MODIFIED", "DELETED"]);
const object = z.looseObject({ kind: z.string(), metadata: z.looseObject({}) });

export const recordSchema = z.discriminatedUnion("type", [
  z.object({
    ...ofContainer,
    type: z.literal("transition"),
    kind: z.enum(["init", "sidecar", "app", "ephemeral"]),
    from: containerState,
    to: containerState,
    restartCount: z.int(),
    ready: z.boolean(),
    started: z.boolean(),
    cause,
  }),
  z.object({
    ...ofContainer,
    type: z.literal("probe"),
    probe: z.enum(["startup", "readiness", "liveness"]),
    handler: z.enum(["exec", "httpGet", "tcpSocket", "grpc"]),
    result: z.enum(["success", "failure", "unknown"]),
    output: z.string(),
    latencyMs: z.number(),
    attempt: z.int(),
    consecutive: z.int(),
    threshold: z.int(),
    effect: z.enum(["ready", "unready", "started", "restart"]).nullable(),
  }),
  z.object({
    cursor,
    time,
    type: z.literal("event"),
    namespace: z.string(),
    pod: z.string().optional().describe("When the Event is about a pod."),
    uid: z.string().describe("Of what the Event is about."),
    node: z.string().optional(),
    container: z.string().optional(),
    change: change.describe("MODIFIED when the Event was seen again."),
    object: object.describe("The Kubernetes Event, without managedFields."),
  }),
  z.object({
    cursor,
    time,
    type: z.literal("pod"),
    namespace: z.string(),
    pod: z.string(),
    uid: z.string(),
    node: z.string().optional(),
    change,
    object: object.describe(
      "The Pod after the change, without managedFields; for DELETED its last state.",
    ),
  }),
  z.object({
    ...ofContainer,
    type: z.literal("log"),
    stream: z.enum(["stdout", "stderr"]),
    line: z.string(),
  }),
]);

export const gapSchema = z
  .object({ op: z.literal("gap"), id, from: cursor, to: cursor })
  .describe("Records from `from` to `to` were dropped: they are no longer kept.");

export const serverMessageSchema = z.union([
  z.object({ op: z.literal("subscribed"), id, cursor }),
  z.object({ op: z.literal("unsubscribed"), id }),
  z.object({ op: z.literal("pong"), id: z.union([z.string(), z.number()]).optional() }),
  z.object({
    op: z.literal("error"),
    id: z.unknown().optional(),
    reason: z.string(),
    message: z.string(),
  }),
  gapSchema,
  z.intersection(z.object({ op: z.literal("record"), id }), recordSchema),
]);
export type ServerMessage = z.output<typeof serverMessageSchema>;
