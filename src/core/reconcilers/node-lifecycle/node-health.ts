import type { Lease, Node, NodeCondition } from "../../api/index.js";
import { NODE_MONITOR_GRACE_MS, NODE_STARTUP_GRACE_MS } from "../limits.js";

/** What the monitor remembers of a node: when it last saw a sign of life, and what that was. */
export interface NodeHealth {
  readonly seenMs: number;
  readonly renewTime: string | null | undefined;
  readonly heartbeat: string | null | undefined;
}

/** pkg/controller/nodelifecycle/node_lifecycle_controller.go tryUpdateNodeHealth, 1.34: a moved lease or heartbeat counts from when it is seen. */
export const observeHealth = (
  known: NodeHealth | undefined,
  node: Node,
  lease: Lease | undefined,
  nowMs: number,
): NodeHealth => {
  const renewTime = lease?.spec.renewTime;
  const heartbeat = readyOf(node)?.lastHeartbeatTime;
  if (known !== undefined && known.renewTime === renewTime && known.heartbeat === heartbeat)
    return known;
  return { seenMs: nowMs, renewTime, heartbeat };
};

export const isSilent = (health: NodeHealth, node: Node, nowMs: number): boolean =>
  nowMs - health.seenMs >
  (readyOf(node) === undefined ? NODE_STARTUP_GRACE_MS : NODE_MONITOR_GRACE_MS);

const MONITORED = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** All of a silent node's conditions, Unknown (NODE-3); null when they are already. */
export const unknownConditions = (node: Node, now: string): NodeCondition[] | null => {
  const conditions = node.status.conditions ?? [];
  const changed = conditions.map((condition) =>
    MONITORED.includes(condition.type) && condition.status !== "Unknown"
      ? {
          ...condition,
          status: "Unknown",
          reason: "NodeStatusUnknown",
          message: "Kubelet stopped posting node status.",
          lastTransitionTime: now,
        }
      : condition,
  );
  const missing = MONITORED.filter(
    (type) => !conditions.some((condition) => condition.type === type),
  ).map((type) => ({
    type,
    status: "Unknown",
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
    lastHeartbeatTime: node.metadata.creationTimestamp,
    lastTransitionTime: now,
  }));
  const isChanged =
    missing.length > 0 || changed.some((condition, index) => condition !== conditions[index]);
  return isChanged ? [...changed, ...missing] : null;
};

export const readyOf = (node: Node): NodeCondition | undefined =>
  node.status.conditions?.find(({ type }) => type === "Ready");
