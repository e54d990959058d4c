import { describe, expect, it } from "vitest";
import type { Node, Taint } from "../../api/index.js";
import { desiredTaints } from "./node-taints.js";

const NOW = "2026-01-01T00:00:00Z";

const aNode = (
  conditions: Readonly<Record<string, string>>,
  taints: Taint[] = [],
  unschedulable = false,
): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node-1", uid: "u", resourceVersion: "1", creationTimestamp: NOW },
  spec: { taints, unschedulable },
  status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })) },
});

const keysOf = (taints: readonly Taint[]): string[] =>
  taints.map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`);

describe("desiredTaints", () => {
  it.each([
    { given: { Ready: "True" }, expected: [] },
    { given: { Ready: "False" }, expected: ["not-ready:NoSchedule", "not-ready:NoExecute"] },
    { given: { Ready: "Unknown" }, expected: ["unreachable:NoSchedule", "unreachable:NoExecute"] },
    { given: { Ready: "True", MemoryPressure: "True" }, expected: ["memory-pressure:NoSchedule"] },
    {
      given: { Ready: "True", DiskPressure: "True", PIDPressure: "Unknown" },
      expected: ["disk-pressure:NoSchedule"],
    },
    {
      given: { Ready: "True", NetworkUnavailable: "True" },
      expected: ["network-unavailable:NoSchedule"],
    },
  ])("NODE-4: $given brings $expected", ({ given, expected }) => {
    expect(keysOf(desiredTaints(aNode(given), NOW))).toEqual(expected);
  });

  it("SCHED-9: a cordoned node has the unschedulable taint, with the time it came", () => {
    expect(desiredTaints(aNode({ Ready: "True" }, [], true), NOW)).toEqual([
      { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded: NOW },
    ]);
  });

  it("leaves the taints of others alone and takes away its own when their cause is gone", () => {
    const mine = { key: "node.kubernetes.io/not-ready", effect: "NoExecute", timeAdded: NOW };
    const theirs = { key: "dedicated", value: "gpu", effect: "NoSchedule" };
    expect(desiredTaints(aNode({ Ready: "True" }, [mine, theirs]), NOW)).toEqual([theirs]);
  });

  it("gives the very same list when nothing changes", () => {
    const node = aNode({ Ready: "False" }, [
      { key: "node.kubernetes.io/not-ready", effect: "NoSchedule", timeAdded: "earlier" },
      { key: "node.kubernetes.io/not-ready", effect: "NoExecute", timeAdded: "earlier" },
    ]);
    expect(desiredTaints(node, NOW)).toBe(node.spec.taints);
  });
});
