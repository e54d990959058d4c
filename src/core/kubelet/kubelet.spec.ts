import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

describe("a pod's life on a node", () => {
  it("runs from bound to gone, each step on record and in events", () => {
    const cluster = new TestCluster();
    cluster.createPod({
      terminationGracePeriodSeconds: 30,
      containers: [{ name: "app", image: "nginx:1.27" }],
    });
    cluster.runSeconds(30);
    const { status } = cluster.livePod();
    expect(status.phase).toBe("Running");
    expect(status.podIP).toMatch(/^10\.244\.1\./);
    expect(status.hostIP).toBe("172.18.0.2");
    expect(status.containerStatuses?.[0]).toMatchObject({
      ready: true,
      started: true,
      restartCount: 0,
      containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/) as string,
    });
    expect(status.conditions?.map(({ type, status: value }) => `${type}=${value}`)).toEqual([
      "PodReadyToStartContainers=True",
      "Initialized=True",
      "Ready=True",
      "ContainersReady=True",
      "PodScheduled=True",
    ]);
    cluster.deletePod("p");
    cluster.runSeconds(60);
    expect(cluster.pod()).toBeNull();
    expect(cluster.eventTexts().map((text) => text.replace(/ in .*/, ""))).toEqual([
      'Normal Pulling: Pulling image "nginx:1.27"',
      'Normal Pulled: Successfully pulled image "nginx:1.27"',
      "Normal Created: Created container: app",
      "Normal Started: Started container app",
      "Normal Killing: Stopping container app",
    ]);
    expect(cluster.transitions("app").map(({ to }) => to)).toEqual([
      { state: "waiting", reason: "ContainerCreating" },
      { state: "running" },
      { state: "terminated", reason: "Completed", exitCode: 0 },
    ]);
  });
});
