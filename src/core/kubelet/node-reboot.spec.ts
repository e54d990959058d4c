import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };

describe("a node that is started anew", () => {
  it("NODE-10, NET-6, RESTART-8: restartable pods get a new sandbox, init containers rerun, restart counts go on", () => {
    const cluster = new TestCluster({ runs: { init: [{ runMs: 1000 }] } });
    cluster.createPod({
      initContainers: [{ name: "init", ...image }],
      containers: [{ name: "app", ...image }],
    });
    cluster.runSeconds(10);
    expect(cluster.livePod().status.phase).toBe("Running");
    cluster.reboot();
    cluster.runSeconds(10);
    const { status } = cluster.livePod();
    expect(status.phase).toBe("Running");
    expect(status.initContainerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true });
    expect(status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      ready: true,
      lastState: { terminated: { exitCode: 255, reason: "Unknown" } },
    });
    const texts = cluster.eventTexts();
    expect(texts).toContain(
      "Normal SandboxChanged: Pod sandbox changed, it will be killed and re-created.",
    );
    expect(cluster.eventTexts("Node").filter((text) => text.includes("Rebooted"))).toHaveLength(1);
    expect(cluster.transitions("app").map(({ from, to }) => [from?.state, to?.state])).toEqual([
      [undefined, "waiting"],
      ["waiting", "running"],
      ["running", "terminated"],
      ["terminated", "running"],
    ]);
    expect(cluster.transitions("app")[2]?.cause.reason).toBe("NodeRestarted");
  });

  it("NODE-10: pods that are never restarted end Failed", () => {
    const cluster = new TestCluster();
    cluster.createPod({ restartPolicy: "Never", containers: [{ name: "app", ...image }] });
    cluster.runSeconds(10);
    cluster.reboot();
    cluster.runSeconds(10);
    const { status } = cluster.livePod();
    expect(status.phase).toBe("Failed");
    expect(status.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 255 });
  });

  it("NODE-10: a pod that was over stays as it was, and can be deleted", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 1000 }] } });
    cluster.createPod({ restartPolicy: "Never", containers: [{ name: "app", ...image }] });
    cluster.runSeconds(10);
    const before = cluster.livePod();
    expect(before.status.phase).toBe("Succeeded");
    cluster.reboot();
    cluster.runSeconds(10);
    expect(cluster.livePod()).toEqual(before);
    cluster.deletePod();
    cluster.runSeconds(1);
    expect(cluster.pod()).toBeNull();
  });

  it("TERM-11: a pod that was being deleted is brought to its end", () => {
    const cluster = new TestCluster({ runs: { app: [{ onStop: null }] } });
    cluster.createPod({ containers: [{ name: "app", ...image }] });
    cluster.runSeconds(10);
    cluster.deletePod("p", 30);
    cluster.runSeconds(5);
    cluster.reboot();
    cluster.runSeconds(5);
    expect(cluster.pod()).toBeNull();
  });

  it("NODE-12: a pod deleted while the node was down is not missed", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [{ name: "app", ...image }] });
    cluster.runSeconds(10);
    cluster.kubelet.stop();
    cluster.deletePod("p", 0);
    cluster.reboot();
    cluster.runSeconds(10);
    expect(cluster.runtime.calls).toEqual([]);
  });
});

describe("a kubelet that is started anew", () => {
  it("NODE-9: leaves containers running, probes them again and goes on with their counts", () => {
    const cluster = new TestCluster({ runs: { crashed: [{ runMs: 5000, exitCode: 1 }, {}] } });
    const probe = { exec: { command: ["true"] }, periodSeconds: 1 };
    cluster.createPod({
      containers: [
        { name: "app", ...image, readinessProbe: probe },
        { name: "crashed", ...image },
      ],
    });
    cluster.runSeconds(20);
    const before = cluster.livePod().status;
    expect(before.containerStatuses?.map(({ restartCount }) => restartCount)).toEqual([0, 1]);
    cluster.restartKubelet();
    const probed = cluster.probes("app").length;
    cluster.runSeconds(20);
    const after = cluster.livePod().status;
    expect(after.phase).toBe("Running");
    for (const [index, status] of (after.containerStatuses ?? []).entries()) {
      const { containerID, restartCount, lastState } = before.containerStatuses?.[index] ?? {};
      expect(status).toMatchObject({ containerID, restartCount, lastState, ready: true });
    }
    expect(cluster.probes("app").length).toBeGreaterThan(probed + 10);
    const states = cluster.transitions().map(({ container, to }) => [container, to?.state]);
    expect(states.filter(([container]) => container === "app")).toEqual([
      ["app", "waiting"],
      ["app", "running"],
    ]);
    expect(states.filter(([container]) => container === "crashed")).toHaveLength(4);
  });

  it("NODE-9: sees what ended meanwhile, and starts it again", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 5000, exitCode: 3 }, {}] } });
    cluster.createPod({ containers: [{ name: "app", ...image }] });
    cluster.runSeconds(3);
    cluster.kubelet.stop();
    cluster.runSeconds(10);
    cluster.restartKubelet();
    cluster.runSeconds(10);
    expect(cluster.livePod().status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      ready: true,
      lastState: { terminated: { exitCode: 3 } },
    });
  });
});
