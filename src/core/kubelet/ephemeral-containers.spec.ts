import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };

const addDebugger = (cluster: TestCluster, more: Record<string, unknown> = {}): void => {
  const ephemeralContainers = [{ name: "debug", ...image, ...more }];
  cluster.patch("pods", "p", { spec: { ephemeralContainers } }, "ephemeralcontainers");
};

describe("ephemeral containers", () => {
  it("EPH-5, EPH-6: started into the running pod, never restarted, counted nowhere", () => {
    const cluster = new TestCluster({ runs: { debug: [{ runMs: 2000, exitCode: 1 }] } });
    cluster.createPod({ containers: [{ name: "app", ...image }] });
    cluster.runSeconds(5);
    addDebugger(cluster);
    cluster.runSeconds(60);
    const { status } = cluster.livePod();
    expect(status.ephemeralContainerStatuses?.[0]).toMatchObject({
      name: "debug",
      restartCount: 0,
    });
    expect(status.ephemeralContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(1);
    expect(status.phase).toBe("Running");
    expect(status.conditions?.find(({ type }) => type === "Ready")?.status).toBe("True");
    expect(cluster.transitions("debug").map(({ kind, to }) => [kind, to?.state])).toEqual([
      ["ephemeral", "waiting"],
      ["ephemeral", "running"],
      ["ephemeral", "terminated"],
    ]);
    expect(cluster.events().at(-1)?.involvedObject.fieldPath).toBe(
      "spec.ephemeralContainers{debug}",
    );
  });

  it("EPH-8: the API takes one for a pod that is over, but nothing starts", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 1000 }] } });
    cluster.createPod({ restartPolicy: "Never", containers: [{ name: "app", ...image }] });
    cluster.runSeconds(10);
    expect(cluster.livePod().status.phase).toBe("Succeeded");
    addDebugger(cluster);
    cluster.runSeconds(60);
    expect(cluster.livePod().spec.ephemeralContainers).toHaveLength(1);
    expect(cluster.transitions("debug")).toEqual([]);
    expect(cluster.livePod().status.phase).toBe("Succeeded");
  });

  it("EPH-5: started even while init containers run", () => {
    const cluster = new TestCluster({ runs: { i: [{ runMs: 60_000 }] } });
    cluster.createPod({
      initContainers: [{ name: "i", ...image }],
      containers: [{ name: "app", ...image }],
    });
    cluster.runSeconds(5);
    addDebugger(cluster);
    cluster.runSeconds(5);
    const [debug] = cluster.livePod().status.ephemeralContainerStatuses ?? [];
    expect(debug?.state?.running).toBeDefined();
  });

  it("EPH-7: joins the process namespace of its target", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [{ name: "app", ...image }] });
    cluster.runSeconds(5);
    addDebugger(cluster, { targetContainerName: "app" });
    cluster.runSeconds(5);
    const appId = cluster.livePod().status.containerStatuses?.[0]?.containerID ?? "";
    expect(`containerd://${cluster.runtime.configsOf("debug")[0]?.targetContainerId ?? ""}`).toBe(
      appId,
    );
  });

  it("EPH-7: a target that was never created", () => {
    const cluster = new TestCluster({ runs: { i: [{ runMs: 60_000 }] } });
    cluster.createPod({
      initContainers: [{ name: "i", ...image }],
      containers: [{ name: "app", ...image }],
    });
    cluster.runSeconds(5);
    addDebugger(cluster, { targetContainerName: "app" });
    cluster.runSeconds(20);
    expect(cluster.livePod().status.ephemeralContainerStatuses?.[0]?.state?.waiting).toEqual({
      reason: "CreateContainerConfigError",
      message: "unable to find target container app",
    });
  });

  it("EPH-6: goes down with the pod", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [{ name: "app", ...image }] });
    cluster.runSeconds(5);
    addDebugger(cluster);
    cluster.runSeconds(5);
    cluster.deletePod();
    cluster.runSeconds(40);
    expect(cluster.pod()).toBeNull();
    expect(cluster.transitions("debug").at(-1)?.to?.state).toBe("terminated");
  });
});
