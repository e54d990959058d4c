import { describe, expect, it } from "vitest";
import type { Container, Pod } from "../api/index.js";
import { oomScoreAdjust } from "./oom-score.js";
import { TestCluster } from "./testing/test-cluster.js";

const GIBIBYTE = 2 ** 30;

const asking = (name: string, memory?: string): Container => ({
  name,
  ...(memory === undefined ? {} : { resources: { requests: { memory } } }),
});
const sidecar = (memory?: string): Container => ({
  ...asking("sidecar", memory),
  restartPolicy: "Always",
});

const pod = (qosClass: string, spec: Partial<Pod["spec"]>): Pod =>
  ({ metadata: {}, spec: { containers: [], ...spec }, status: { qosClass } }) as unknown as Pod;

describe("the OOM score of a container", () => {
  it.each([
    ["Guaranteed", asking("a", "1Gi"), {}, -997],
    ["BestEffort", asking("a"), {}, 1000],
    ["Burstable", asking("a", "2Gi"), {}, 500],
    ["Burstable", asking("a"), {}, 999],
    ["Burstable", asking("a", "4Gi"), {}, 3],
    [
      "BestEffort",
      asking("a"),
      { priority: 2_000_001_000, priorityClassName: "system-node-critical" },
      -997,
    ],
  ])("SIDE-12: of %s, asking for %o, %o is %i", (qosClass, container, spec, score) => {
    const subject = pod(qosClass, { containers: [container], ...spec });
    expect(oomScoreAdjust(subject, container, 4 * GIBIBYTE)).toBe(score);
  });

  it("SIDE-12: a sidecar is not killed before the app container that asked for least", () => {
    const containers = [asking("a", "2Gi"), asking("b", "1Gi")];
    const small = sidecar("64Mi");
    const large = sidecar("3Gi");
    const of = (container: Container): number =>
      oomScoreAdjust(
        pod("Burstable", { initContainers: [container], containers }),
        container,
        4 * GIBIBYTE,
      );
    expect(of(small)).toBe(750);
    expect(of(large)).toBe(250);
  });

  it("SIDE-12: is what the runtime is told", () => {
    const cluster = new TestCluster({ runs: {} });
    const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };
    cluster.createPod({
      initContainers: [{ name: "side", restartPolicy: "Always", ...image }],
      containers: [{ name: "app", ...image, resources: { requests: { memory: "16Gi" } } }],
    });
    cluster.runSeconds(5);
    expect(cluster.runtime.configsOf("side")[0]?.oomScoreAdjust).toBe(500);
  });
});
