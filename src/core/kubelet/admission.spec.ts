import { describe, expect, it } from "vitest";
import type { Node, Pod } from "../api/index.js";
import { rejectionOf } from "./admission.js";
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

  it.each([
    { given: "a BestEffort pod", status: { qosClass: "BestEffort" }, spec: {}, refused: true },
    { given: "a Burstable pod", status: { qosClass: "Burstable" }, spec: {}, refused: false },
    {
      given: "a BestEffort pod that tolerates it",
      status: { qosClass: "BestEffort" },
      spec: {
        tolerations: [{ key: "node.kubernetes.io/memory-pressure", operator: "Exists" }],
      },
      refused: false,
    },
    {
      given: "a critical pod",
      status: { qosClass: "BestEffort" },
      spec: { priority: 2_000_000_000 },
      refused: false,
    },
  ])("ADM-5: under memory pressure $given is refused: $refused", ({ status, spec, refused }) => {
    const pod = { metadata: {}, spec: { nodeName: "n", containers: [], ...spec }, status };
    const node = {
      metadata: { name: "n" },
      spec: {},
      status: { allocatable: { pods: "10" } },
    };
    const pressure = {
      memoryPressure: true,
      diskPressure: false,
      pidPressure: false,
      isShuttingDown: false,
    };
    const rejection = rejectionOf(pod as unknown as Pod, node as unknown as Node, [], pressure);
    expect(rejection).toEqual(
      refused ? { reason: "Evicted", message: "The node had condition: [MemoryPressure]. " } : null,
    );
  });

  it("ADM-6, COND-7: a critical pod makes room for itself", () => {
    const killed = { onStop: { afterMs: 0, exitCode: 143 } };
    const cluster = new TestCluster({ runs: { app: [killed], c: [killed], main: [killed] } });
    cluster.createPod(asking("5"), { name: "small" });
    cluster.createPod(asking("3"), { name: "other" });
    cluster.runSeconds(5);
    cluster.do(
      cluster.client.create("pods", "kube-system", {
        metadata: { name: "critical" },
        spec: {
          ...asking("3"),
          nodeName: "node-1",
          priorityClassName: "system-node-critical",
          automountServiceAccountToken: false,
        },
      }),
    );
    cluster.runSeconds(40);
    const message = "Preempted in order to admit critical pod";
    expect(cluster.livePod("other").status).toMatchObject({
      phase: "Failed",
      reason: "Preempting",
      message,
    });
    expect(
      cluster.livePod("other").status.conditions?.find(({ type }) => type === "DisruptionTarget"),
    ).toMatchObject({ status: "True", reason: "TerminationByKubelet" });
    expect(cluster.livePod("small").status.phase).toBe("Running");
    expect(cluster.eventTexts()).toContain(`Warning Preempting: ${message}`);
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
