import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const asking = (cpu: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  containers: [{ name: "app", image: "app:1", resources: { requests: { cpu } } }],
  ...more,
});

describe("admission", () => {
  it("ADM-2, ADM-3: a pod that does not fit fails without ever having had a container", () => {
    const cluster = new TestCluster();
    cluster.createPod(asking("6"), { name: "first" });
    cluster.runSeconds(5);
    cluster.createPod(asking("3"));
    cluster.runSeconds(5);
    const message =
      "Node didn't have enough resource: cpu, requested: 3000, used: 6000, capacity: 8000";
    expect(cluster.livePod().status).toMatchObject({
      phase: "Failed",
      reason: "OutOfcpu",
      message: `Pod was rejected: ${message}`,
    });
    expect(cluster.livePod().status.containerStatuses ?? []).toEqual([]);
    expect(cluster.eventTexts()).toContain(`Warning OutOfcpu: ${message}`);
    expect(cluster.runtime.configsOf("app")).toHaveLength(1);
    cluster.deletePod("first");
    cluster.runSeconds(60);
    expect(cluster.livePod().status.phase).toBe("Failed");
  });

  it.each([
    {
      given: { nodeSelector: { disk: "ssd" } },
      reason: "NodeAffinity",
      message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    },
    {
      given: { os: { name: "windows" } },
      reason: "PodOSNotSupported",
      message: "Failed to admit pod as the OS field doesn't match node OS",
    },
    {
      given: { nodeSelector: { "kubernetes.io/os": "windows" } },
      reason: "PodOSSelectorNodeLabelDoesNotMatch",
      message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    },
  ])("ADM-4: $reason", ({ given, reason, message }) => {
    const cluster = new TestCluster();
    cluster.runSeconds(1);
    cluster.createPod(asking("1", given));
    cluster.runSeconds(3);
    expect(cluster.livePod().status).toMatchObject({
      reason,
      message: `Pod was rejected: ${message}`,
    });
  });

  it("ADM-4: a port of the node that is taken", () => {
    const cluster = new TestCluster();
    const ports = [{ containerPort: 80, hostPort: 8080 }];
    const containers = [{ name: "app", image: "app:1", ports }];
    cluster.createPod({ containers }, { name: "first" });
    cluster.runSeconds(3);
    cluster.createPod({ containers });
    cluster.runSeconds(3);
    expect(cluster.livePod().status.reason).toBe("NodePorts");
  });

  it("ADM-1: pods that are there at the start come in by age", () => {
    const cluster = new TestCluster();
    cluster.kubelet.stop();
    cluster.createPod(asking("5"), { name: "z" });
    cluster.runSeconds(2);
    cluster.createPod(asking("5"), { name: "a" });
    cluster.reboot();
    cluster.runSeconds(10);
    expect(cluster.livePod("z").status.phase).toBe("Running");
    expect(cluster.livePod("a").status.reason).toBe("OutOfcpu");
  });

  it("a rejected pod can be deleted", () => {
    const cluster = new TestCluster();
    cluster.createPod(asking("100"));
    cluster.runSeconds(3);
    cluster.deletePod();
    cluster.runSeconds(1);
    expect(cluster.pod()).toBeNull();
  });
});
