import { z } from "zod";
import { MAX_NODES_PER_REQUEST } from "./limits.js";

/** Payloads of `/sim/v1/nodes` (contract, "Simulator API"). */

const textMap = z.record(z.string().min(1).max(316), z.string().max(256));
const taint = z.strictObject({
  key: z.string().min(1).max(316),
  value: z.string().max(63).optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

export const addNodesSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe("Of the node; with `count`, what `-1`, `-2`, … is added to. `node` by default."),
  count: z.int().min(1).max(MAX_NODES_PER_REQUEST).optional().describe("1 by default."),
  capacity: textMap
    .optional()
    .describe("Quantities by resource, such as cpu, memory, ephemeral-storage, pods."),
  labels: textMap.optional(),
  taints: z.array(taint).max(64).optional(),
});

export const nodeSchema = z.object({
  name: z.string(),
  ready: z.boolean(),
  unschedulable: z.boolean(),
  internalIP: z.string().nullable(),
  podCIDR: z.string().nullable(),
  created: z.string(),
  capacity: textMap,
  allocatable: textMap,
  labels: textMap,
  taints: z.array(taint),
});

export const nodeActionSchema = z.strictObject({
  action: z
    .enum(["shutdown", "poweroff", "partition", "reboot", "heal"])
    .describe(
      "`shutdown`: in good order, pods first; `poweroff`: at once; `partition`: cut off from the API server; `reboot`: off and on again; `heal`: on and connected.",
    ),
});

export const machineSchema = z.object({
  name: z.string(),
  state: z.enum(["running", "shutting-down", "off", "booting"]),
  isReachable: z.boolean().describe("Whether the API server reaches its kubelet."),
});

export const nodeListSchema = z.object({ items: z.array(nodeSchema) });
export const nodeNamesSchema = z.object({ names: z.array(z.string()) });

export type AddNodesRequest = z.output<typeof addNodesSchema>;
export type NodeAction = z.output<typeof nodeActionSchema>["action"];
export type MachineView = z.output<typeof machineSchema>;
export type NodeView = z.output<typeof nodeSchema>;
