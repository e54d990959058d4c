import { describe, expect, it } from "vitest";
import type { Pod } from "../api/index.js";
import { podHostname } from "./hosts-file.js";
import { TestCluster } from "./testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };
const app = { name: "app", ...image };

describe("a pod on its node", () => {
  it("NET-1: status first, then volumes, then sandbox and containers", () => {
    const cluster = new TestCluster();
    const { metadata } = cluster.createPod({
      volumes: [{ name: "v", configMap: { name: "late" } }],
      containers: [app],
    });
    cluster.runSeconds(5);
    expect(cluster.livePod().status.startTime).toBeDefined();
    expect(cluster.runtime.listPodSandboxes(metadata.uid)).toEqual([]);
    expect(cluster.eventTexts().some((text) => text.includes("Pulling"))).toBe(false);
  });

  it("NET-3: waits for the network, unless it is on the host's", () => {
    const cluster = new TestCluster();
    cluster.runSeconds(1);
    cluster.kubelet.setNetworkError("cni plugin not initialized");
    cluster.createPod({ containers: [app] });
    cluster.createPod({ hostNetwork: true, containers: [app] }, { name: "host" });
    cluster.runSeconds(10);
    expect(cluster.livePod("host").status.phase).toBe("Running");
    expect(cluster.livePod().status.phase).toBe("Pending");
    expect(cluster.eventTexts().join("\n")).toContain(
      "Warning NetworkNotReady: network is not ready: cni plugin not initialized",
    );
    expect(cluster.node().status.conditions?.at(-1)).toMatchObject({
      status: "False",
      reason: "KubeletNotReady",
    });
    cluster.kubelet.setNetworkError(null);
    cluster.runSeconds(3);
    expect(cluster.livePod().status.phase).toBe("Running");
  });

  it("INIT-8: another image of an init container that is done does not run it again", () => {
    const cluster = new TestCluster({ runs: { i: [{ runMs: 100 }] } });
    cluster.createPod({ initContainers: [{ name: "i", ...image }], containers: [app] });
    cluster.runSeconds(5);
    const body = { spec: { initContainers: [{ name: "i", image: "app:2" }] } };
    cluster.do(cluster.client.patch("pods", "default", "p", { type: "strategic", body }));
    cluster.runSeconds(120);
    expect(cluster.transitions("i").filter(({ to }) => to?.state === "running")).toHaveLength(1);
  });

  it("RESTART-13: a restart keeps address and sandbox", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 3000, exitCode: 1 }, {}] } });
    const { metadata } = cluster.createPod({ containers: [app] });
    cluster.runSeconds(2);
    const before = cluster.livePod().status.podIP;
    cluster.runSeconds(10);
    expect(cluster.livePod().status.podIP).toBe(before);
    expect(cluster.runtime.listPodSandboxes(metadata.uid)).toHaveLength(1);
  });

  it("PROBE-16: when the node was started anew, probes begin anew", () => {
    const cluster = new TestCluster();
    const readinessProbe = { exec: { command: ["ready"] }, periodSeconds: 5 };
    cluster.createPod({ containers: [{ ...app, readinessProbe }] });
    cluster.runSeconds(20);
    expect(cluster.livePod().status.containerStatuses?.[0]?.ready).toBe(true);
    cluster.reboot();
    cluster.runSeconds(1);
    expect(cluster.livePod().status.containerStatuses?.[0]?.ready).toBe(false);
    cluster.runSeconds(20);
    expect(cluster.livePod().status.containerStatuses?.[0]?.ready).toBe(true);
  });

  it("PHASE-8, RESTART-14: a terminal phase is never left", () => {
    const cluster = new TestCluster();
    cluster.createPod({ activeDeadlineSeconds: 3, containers: [app] });
    cluster.runSeconds(120);
    const phases = cluster.statuses().map(({ phase }) => phase);
    expect(phases.lastIndexOf("Running")).toBeLessThan(phases.indexOf("Failed"));
    expect(cluster.livePod().status.reason).toBe("DeadlineExceeded");
  });

  it("COND-6: PodScheduled stays True", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [app] });
    cluster.runSeconds(5);
    const scheduled = cluster
      .livePod()
      .status.conditions?.find(({ type }) => type === "PodScheduled");
    expect(scheduled).toMatchObject({ status: "True", observedGeneration: 1 });
  });

  it("COND-3: a readiness gate that is met makes the pod ready at once", () => {
    const cluster = new TestCluster();
    const readinessGates = [{ conditionType: "example.com/gate" }];
    cluster.createPod({ readinessGates, containers: [app] });
    cluster.runSeconds(5);
    const ready = (): unknown =>
      cluster.livePod().status.conditions?.find(({ type }) => type === "Ready");
    expect(ready()).toMatchObject({ status: "False", reason: "ReadinessGatesNotReady" });
    const conditions = [
      ...(cluster.livePod().status.conditions ?? []),
      { type: "example.com/gate", status: "True" },
    ];
    cluster.patch("pods", "p", { status: { conditions } }, "status");
    cluster.runSeconds(1);
    expect(ready()).toMatchObject({ status: "True" });
  });

  it("NODE-5: what the node controller wrote over a condition is put right", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [app] });
    cluster.runSeconds(5);
    const conditions = (cluster.livePod().status.conditions ?? []).map((condition) =>
      condition.type === "Ready" ? { ...condition, status: "False" } : condition,
    );
    cluster.patch("pods", "p", { status: { conditions } }, "status");
    cluster.runSeconds(1);
    expect(cluster.livePod().status.conditions?.find(({ type }) => type === "Ready")?.status).toBe(
      "True",
    );
  });

  it.each([
    [{}, "p", ""],
    [{ hostname: "h" }, "h", ""],
    [{ hostname: "h", subdomain: "sub" }, "h", "sub.n.svc.cluster.local"],
    [{ hostname: "x".repeat(70) }, "x".repeat(63), ""],
  ])("NS-4: the host name with %o is %s", (spec, hostname, domain) => {
    const pod = { metadata: { name: "p", namespace: "n" }, spec } as unknown as Pod;
    expect(podHostname(pod, "cluster.local")).toEqual({ hostname, domain });
  });

  it("EVT-1: whom events are about, and from whom", () => {
    const cluster = new TestCluster();
    const { metadata } = cluster.createPod({ containers: [app] });
    cluster.runSeconds(5);
    expect(cluster.events()[0]).toMatchObject({
      source: { component: "kubelet", host: "node-1" },
      involvedObject: {
        kind: "Pod",
        apiVersion: "v1",
        namespace: "default",
        name: "p",
        uid: metadata.uid,
        fieldPath: "spec.containers{app}",
      },
    });
  });

  it("ends all its processes when the machine is switched off", () => {
    const cluster = new TestCluster();
    const livenessProbe = { exec: { command: ["live"] }, periodSeconds: 1 };
    cluster.createPod({ containers: [{ ...app, livenessProbe }] });
    cluster.runSeconds(10);
    cluster.kubelet.stop();
    cluster.runSeconds(1);
    const written = cluster.entries.length;
    cluster.runSeconds(600);
    expect(cluster.entries.length).toBe(written);
  });
});
