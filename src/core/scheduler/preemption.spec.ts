import { describe, expect, it } from "vitest";
import type { Node, Pod } from "../api/index.js";
import { rejectionOf, type Rejection } from "./filters/index.js";
import { NodeInfo, podInfoOf } from "./node-info.js";
import { preempt, type Preemption } from "./preemption.js";

const START = "2026-01-01T00:00:00Z";

const aPod = (name: string, priority: number, cpu: string, startTime = START): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "default",
    uid: name,
    resourceVersion: "1",
    creationTimestamp: START,
  },
  spec: { priority, containers: [{ name: "c", image: "i", resources: { requests: { cpu } } }] },
  status: { startTime },
});

const aNode = (name: string, pods: readonly Pod[], cpu = "2"): NodeInfo => {
  const node: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid: name, resourceVersion: "1", creationTimestamp: START },
    spec: {},
    status: { allocatable: { cpu, pods: "10" } },
  };
  const info = new NodeInfo(name);
  info.setNode(node);
  for (const pod of pods) info.addPod(pod);
  return info;
};

const tryPreempt = (pod: Pod, nodes: readonly NodeInfo[]): Preemption => {
  const info = podInfoOf(pod);
  const rejections = new Map<NodeInfo, Rejection>();
  for (const node of nodes) {
    const rejection = rejectionOf(info, node);
    if (rejection !== null) rejections.set(node, rejection);
  }
  return preempt(info, nodes, rejections);
};

const outcomeOf = (preemption: Preemption): unknown =>
  preemption.node === null
    ? preemption.message
    : [preemption.node, preemption.victims.map(({ metadata }) => metadata.name)];

describe("preempt", () => {
  it("SCHED-10: takes only as many pods of lower priority as it must, the least important first", () => {
    const node = aNode("node-1", [
      aPod("low", 1, "1"),
      aPod("mid", 5, "500m"),
      aPod("peer", 10, "500m"),
    ]);
    expect(outcomeOf(tryPreempt(aPod("urgent", 10, "1"), [node]))).toEqual(["node-1", ["low"]]);
  });

  it.each([
    {
      given: "the lowest top priority",
      nodes: [
        aNode("node-1", [aPod("a", 5, "2")]),
        aNode("node-2", [aPod("b", 3, "1"), aPod("c", 3, "1")]),
      ],
      expected: ["node-2", ["b", "c"]],
    },
    {
      given: "the fewest victims",
      nodes: [
        aNode("node-1", [aPod("a", 3, "1"), aPod("b", 3, "1")]),
        aNode("node-2", [aPod("c", 3, "2")]),
      ],
      expected: ["node-2", ["c"]],
    },
    {
      given: "the one that started last",
      nodes: [
        aNode("node-1", [aPod("old", 3, "2")]),
        aNode("node-2", [aPod("new", 3, "2", "2026-01-02T00:00:00Z")]),
      ],
      expected: ["node-2", ["new"]],
    },
  ])("SCHED-10: among nodes it picks $given", ({ nodes, expected }) => {
    expect(outcomeOf(tryPreempt(aPod("urgent", 10, "2"), nodes))).toEqual(expected);
  });

  it("SCHED-6: says why it is no help", () => {
    const nodes = [aNode("node-1", [aPod("peer", 10, "2")]), aNode("small", [], "1")];
    expect(outcomeOf(tryPreempt(aPod("urgent", 10, "2"), nodes))).toBe(
      "0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
    );
    const polite = aPod("polite", 10, "2");
    expect(
      outcomeOf(
        tryPreempt({ ...polite, spec: { ...polite.spec, preemptionPolicy: "Never" } }, nodes),
      ),
    ).toBe("not eligible due to preemptionPolicy=Never.");
  });
});
