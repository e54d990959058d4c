import { describe, expect, it } from "vitest";
import type { Lease, Node } from "../../api/index.js";
import { isSilent, observeHealth, unknownConditions } from "./node-health.js";

const meta = {
  name: "node-1",
  uid: "u",
  resourceVersion: "1",
  creationTimestamp: "2026-01-01T00:00:00Z",
};

const aNode = (heartbeat: string | null): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: meta,
  spec: {},
  status: {
    conditions:
      heartbeat === null ? [] : [{ type: "Ready", status: "True", lastHeartbeatTime: heartbeat }],
  },
});

const aLease = (renewTime: string): Lease => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { ...meta, namespace: "kube-node-lease" },
  spec: { renewTime },
});

describe("node health", () => {
  it("NODE-3: a renewed lease or a new heartbeat is a sign of life, counted from when it is seen", () => {
    const first = observeHealth(undefined, aNode("h1"), aLease("r1"), 1000);
    expect(observeHealth(first, aNode("h1"), aLease("r1"), 6000)).toBe(first);
    expect(observeHealth(first, aNode("h1"), aLease("r2"), 6000).seenMs).toBe(6000);
    expect(observeHealth(first, aNode("h2"), aLease("r1"), 7000).seenMs).toBe(7000);
  });

  it.each([
    { given: "a node that posted", node: aNode("h1"), silentAfterMs: 50_000 },
    { given: "a node that never posted", node: aNode(null), silentAfterMs: 60_000 },
  ])("NODE-3: $given is silent only after $silentAfterMs ms", ({ node, silentAfterMs }) => {
    const health = observeHealth(undefined, node, undefined, 0);
    expect(isSilent(health, node, silentAfterMs)).toBe(false);
    expect(isSilent(health, node, silentAfterMs + 1)).toBe(true);
  });

  it("NODE-3: all four conditions turn Unknown, once", () => {
    const conditions = unknownConditions(aNode("h1"), "now") ?? [];
    expect(conditions.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ["Ready", "Unknown", "NodeStatusUnknown"],
      ["MemoryPressure", "Unknown", "NodeStatusNeverUpdated"],
      ["DiskPressure", "Unknown", "NodeStatusNeverUpdated"],
      ["PIDPressure", "Unknown", "NodeStatusNeverUpdated"],
    ]);
    expect(conditions[0]?.message).toBe("Kubelet stopped posting node status.");
    const node = aNode("h1");
    expect(unknownConditions({ ...node, status: { conditions } }, "later")).toBeNull();
  });
});
