import { describe, expect, it } from "vitest";
import type { Lease } from "../../api/index.js";
import { TestCluster } from "../testing/test-cluster.js";

const writes = (cluster: TestCluster, resource: string): number =>
  cluster.entries.filter((entry) => entry.kind === "revision" && entry.resource === resource)
    .length;

describe("the node", () => {
  it("NODE-13: registers and is Ready, as a Linux machine with containerd", () => {
    const cluster = new TestCluster();
    cluster.runSeconds(1);
    const { metadata, status } = cluster.node();
    expect(metadata.labels).toMatchObject({
      "kubernetes.io/hostname": "node-1",
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
    });
    expect(status.nodeInfo).toMatchObject({
      kubeletVersion: "v1.34.0",
      containerRuntimeVersion: expect.stringMatching(/^containerd:\/\//) as string,
      operatingSystem: "linux",
    });
    expect(status.addresses).toEqual([
      { type: "InternalIP", address: "172.18.0.2" },
      { type: "Hostname", address: "node-1" },
    ]);
    expect(
      status.conditions?.map(({ type, status: value, reason }) => [type, value, reason]),
    ).toEqual([
      ["MemoryPressure", "False", "KubeletHasSufficientMemory"],
      ["DiskPressure", "False", "KubeletHasNoDiskPressure"],
      ["PIDPressure", "False", "KubeletHasSufficientPID"],
      ["Ready", "True", "KubeletReady"],
    ]);
    expect(status.conditions?.at(-1)?.message).toBe("kubelet is posting ready status");
  });

  it("EVICT-1: what can be allocated is less than the capacity by what is kept free", () => {
    const cluster = new TestCluster();
    cluster.runSeconds(1);
    const { allocatable, capacity } = cluster.node().status;
    expect(capacity).toMatchObject({ cpu: "8", memory: "32Gi", pods: "110" });
    expect(allocatable).toMatchObject({
      cpu: "8",
      memory: "32668Mi",
      pods: "110",
      "ephemeral-storage": String(Math.floor(100 * 2 ** 30 * 0.9)),
    });
  });

  it("NODE-1: renews its lease every 10 s", () => {
    const cluster = new TestCluster();
    cluster.runSeconds(600);
    const lease = cluster.entries
      .flatMap((entry) =>
        entry.kind === "revision" && entry.resource === "leases.coordination.k8s.io"
          ? [entry.object as Lease]
          : [],
      )
      .at(-1);
    expect(lease?.spec).toMatchObject({ holderIdentity: "node-1", leaseDurationSeconds: 40 });
    expect(lease?.metadata.ownerReferences?.[0]).toMatchObject({ kind: "Node", name: "node-1" });
    expect(writes(cluster, "leases.coordination.k8s.io")).toBeGreaterThanOrEqual(60);
    expect(writes(cluster, "leases.coordination.k8s.io")).toBeLessThanOrEqual(62);
  });

  it("NODE-2: posts its status when something has changed, else every 5 minutes", () => {
    const cluster = new TestCluster({ images: { "app:1": { pullMs: 0 } } });
    cluster.runSeconds(5);
    const before = writes(cluster, "nodes");
    cluster.runSeconds(290);
    expect(writes(cluster, "nodes")).toBe(before);
    cluster.runSeconds(20);
    expect(writes(cluster, "nodes")).toBe(before + 1);
    cluster.createPod({ containers: [{ name: "app", image: "app:1" }] });
    cluster.runSeconds(12);
    expect(writes(cluster, "nodes")).toBe(before + 2);
    expect(cluster.node().status.images).toEqual([{ names: ["app:1"], sizeBytes: 1000 }]);
  });

  it("puts right what others wrote over its own conditions", () => {
    const cluster = new TestCluster();
    cluster.runSeconds(5);
    const node = cluster.node();
    const conditions = (node.status.conditions ?? []).map((condition) => ({
      ...condition,
      status: "Unknown",
      reason: "NodeStatusUnknown",
    }));
    cluster.do(
      cluster.client.updateStatus("nodes", { ...node, status: { ...node.status, conditions } }),
    );
    cluster.runSeconds(11);
    expect(cluster.node().status.conditions?.at(-1)).toMatchObject({
      type: "Ready",
      status: "True",
      reason: "KubeletReady",
    });
  });

  it("EVT-6: the events of its start", () => {
    const cluster = new TestCluster();
    cluster.runSeconds(1);
    expect(cluster.eventTexts("Node")).toEqual([
      "Normal Starting: Starting kubelet.",
      "Normal NodeAllocatableEnforced: Updated Node Allocatable limit across pods",
      "Normal NodeHasSufficientMemory: Node node-1 status is now: NodeHasSufficientMemory",
      "Normal NodeHasNoDiskPressure: Node node-1 status is now: NodeHasNoDiskPressure",
      "Normal NodeHasSufficientPID: Node node-1 status is now: NodeHasSufficientPID",
      "Normal NodeReady: Node node-1 status is now: NodeReady",
    ]);
  });
});
