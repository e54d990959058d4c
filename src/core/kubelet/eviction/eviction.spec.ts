import { describe, expect, it } from "vitest";
import type { Pod } from "../../api/index.js";
import type { NodeStats } from "../../runtime/index.js";
import { START_MS, TestCluster } from "../testing/test-cluster.js";
import { evictionOrder } from "./eviction-order.js";
import type { PodUsage } from "./pod-usage.js";
import { beyondStorageLimits } from "./storage-limits.js";
import { thresholdsMet } from "./thresholds.js";

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

const app = (name = "app", more: Record<string, unknown> = {}): unknown => ({
  name,
  image: "app:1",
  imagePullPolicy: "IfNotPresent",
  ...more,
});

const requesting = (memory: string): unknown => ({ resources: { requests: { memory } } });

const ROOMY = {
  memoryCapacityBytes: 4 * GIBIBYTE,
  memoryAvailableBytes: GIBIBYTE,
  diskCapacityBytes: 100 * GIBIBYTE,
  diskAvailableBytes: 50 * GIBIBYTE,
  inodeCapacity: 1000,
  inodesFree: 500,
};

describe("the hard thresholds", () => {
  it.each([
    [{}, []],
    [{ memoryAvailableBytes: 100 * MEBIBYTE }, []],
    [{ memoryAvailableBytes: 100 * MEBIBYTE - 1 }, ["memory.available"]],
    [{ diskAvailableBytes: 15 * GIBIBYTE }, []],
    [{ diskAvailableBytes: 15 * GIBIBYTE - 1 }, ["imagefs.available"]],
    [{ diskAvailableBytes: 10 * GIBIBYTE - 1 }, ["nodefs.available", "imagefs.available"]],
    [{ inodesFree: 49 }, ["nodefs.inodesFree"]],
    [{ memoryAvailableBytes: 0, inodesFree: 0 }, ["memory.available", "nodefs.inodesFree"]],
  ])("EVICT-1: with %o left: %o", (left, signals) => {
    expect(thresholdsMet({ ...ROOMY, ...left }).map(({ signal }) => signal)).toEqual(signals);
  });
});

const usage = (more: Partial<PodUsage>): PodUsage => ({
  memoryBytes: 0,
  diskBytes: 0,
  inodes: 0,
  containers: [],
  emptyDirBytes: new Map(),
  ...more,
});

const podOf = (name: string, spec: Record<string, unknown>): Pod =>
  ({ metadata: { name }, spec, status: {} }) as unknown as Pod;

describe("whom to evict", () => {
  const candidate = (name: string, memory: string, usedMebibytes: number, priority?: number) => ({
    pod: podOf(name, {
      ...(priority === undefined ? {} : { priority }),
      containers: [app("app", requesting(memory) as Record<string, unknown>)],
    }),
    usage: usage({ memoryBytes: usedMebibytes * MEBIBYTE }),
  });

  it("EVICT-3: more than asked for, then low priority, then the largest excess", () => {
    const order = evictionOrder(
      [
        candidate("within", "500Mi", 400),
        candidate("within-low", "500Mi", 300, -10),
        candidate("over-a-little", "100Mi", 200),
        candidate("over-a-lot", "100Mi", 900),
        candidate("over-important", "100Mi", 950, 1000),
      ],
      "memory",
    );
    expect(order.map(({ pod }) => pod.metadata.name)).toEqual([
      "over-a-lot",
      "over-a-little",
      "over-important",
      "within-low",
      "within",
    ]);
  });
});

describe("limits of local storage", () => {
  const limited = (name: string, limit: string): unknown =>
    app(name, { resources: { limits: { "ephemeral-storage": limit } } });
  const using = (name: string, mebibytes: number) => ({
    name,
    memoryBytes: 0,
    diskBytes: mebibytes * MEBIBYTE,
    inodes: 0,
  });

  it.each([
    [
      { volumes: [{ name: "v", emptyDir: { sizeLimit: "10Mi" } }], containers: [app()] },
      usage({ emptyDirBytes: new Map([["v", 11 * MEBIBYTE]]) }),
      'Usage of EmptyDir volume "v" exceeds the limit "10Mi". ',
    ],
    [
      { volumes: [{ name: "v", emptyDir: { sizeLimit: "10Mi" } }], containers: [app()] },
      usage({ emptyDirBytes: new Map([["v", 10 * MEBIBYTE]]) }),
      null,
    ],
    [
      { containers: [limited("a", "10Mi"), limited("b", "20Mi")] },
      usage({ diskBytes: 31 * MEBIBYTE, containers: [using("a", 5), using("b", 5)] }),
      "Pod ephemeral local storage usage exceeds the total limit of containers 30Mi. ",
    ],
    [
      { containers: [limited("a", "10Mi"), limited("b", "20Mi")] },
      usage({ diskBytes: 16 * MEBIBYTE, containers: [using("a", 11), using("b", 5)] }),
      'Container a exceeded its local ephemeral storage limit "10Mi". ',
    ],
  ])("EVICT-4: %#", (spec, used, message) => {
    expect(beyondStorageLimits(podOf("p", spec), used)).toBe(message);
  });

  it("EVICT-4: ends the pod within a loop of the manager, and the object stays", () => {
    const cluster = new TestCluster({
      stats: () => ({ writableBytes: 11 * MEBIBYTE }),
      runs: { app: [{ onStop: { afterMs: 0, exitCode: 143 } }] },
    });
    cluster.createPod({ containers: [limited("app", "10Mi")] });
    cluster.runSeconds(30);
    const message =
      "Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ";
    expect(cluster.livePod().status).toMatchObject({ phase: "Failed", reason: "Evicted", message });
    expect(cluster.eventTexts()).toContain(`Warning Evicted: ${message}`);
    const conditions = cluster.livePod().status.conditions?.map(({ type }) => type);
    expect(conditions).not.toContain("DisruptionTarget");
  });

  it("EVICT-2, PHASE-5: who exits with 0 has succeeded all the same, and no reason tells of it (k/k #118310)", () => {
    const cluster = new TestCluster({
      stats: () => ({ writableBytes: 11 * MEBIBYTE }),
      runs: { app: [{ onStop: { afterMs: 0, exitCode: 0 } }] },
    });
    cluster.createPod({ containers: [limited("app", "10Mi")] });
    cluster.runSeconds(30);
    const { status } = cluster.livePod();
    expect([status.phase, status.reason, status.message]).toEqual([
      "Succeeded",
      undefined,
      undefined,
    ]);
    expect(status.conditions?.find(({ type }) => type === "Ready")?.reason).toBe("PodCompleted");
    expect(cluster.eventTexts().join()).toContain("Warning Evicted");
  });

  it("COND-8, EVICT-4: eviction alone does not make a pod unready; it is when its containers are down", () => {
    const cluster = new TestCluster({
      stats: () => ({ writableBytes: 11 * MEBIBYTE }),
      runs: { app: [{ onStop: { afterMs: 0, exitCode: 143 } }] },
    });
    cluster.createPod({ containers: [limited("app", "10Mi")] });
    const readyOf = (): unknown =>
      cluster.livePod().status.conditions?.find(({ type }) => type === "Ready");
    const isEvicted = (): boolean =>
      cluster.eventTexts().some((text) => text.startsWith("Warning Evicted"));
    while (!isEvicted()) cluster.runSeconds(0.5);
    expect(cluster.livePod().status.phase).toBe("Running");
    expect(readyOf()).toMatchObject({ status: "True" });
    cluster.runSeconds(10);
    expect(cluster.livePod().status.phase).toBe("Failed");
    expect(readyOf()).toMatchObject({ status: "False", reason: "PodFailed" });
  });
});

describe("a node that runs short of memory", () => {
  /** Short for half a minute, beginning after ten seconds. */
  const short = (nowMs: number, startMs: number): { memoryAvailableBytes: number } => ({
    memoryAvailableBytes: (nowMs - startMs < 25_000 ? 200 : 50) * MEBIBYTE,
  });

  const given = (): TestCluster => {
    let startMs = 0;
    const cluster: TestCluster = new TestCluster({
      nodeStats: (nowMs): Partial<NodeStats> => {
        startMs ||= nowMs;
        const isRelieved = cluster.pod("greedy")?.status.phase === "Failed";
        return isRelieved ? {} : short(nowMs, startMs);
      },
      stats: (container) => ({ memoryBytes: (container === "greedy" ? 300 : 100) * MEBIBYTE }),
      runs: { greedy: [{ onStop: { afterMs: 0, exitCode: 143 } }] },
    });
    cluster.createPod(
      { containers: [app("modest", requesting("200Mi") as Record<string, unknown>)] },
      { name: "modest" },
    );
    cluster.createPod(
      { containers: [app("greedy", requesting("100Mi") as Record<string, unknown>)] },
      { name: "greedy" },
    );
    return cluster;
  };

  it("EVICT-2: fails the pod that uses most beyond its request, and says how much", () => {
    const cluster = given();
    cluster.runSeconds(60);
    const message =
      "The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. " +
      "Container greedy was using 300Mi, request is 100Mi, has larger consumption of memory. ";
    const { status } = cluster.livePod("greedy");
    expect(status).toMatchObject({ phase: "Failed", reason: "Evicted", message });
    expect(status.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "TerminationByKubelet",
      message,
    });
    expect(cluster.livePod("modest").status.phase).toBe("Running");
    const event = cluster.events().find(({ reason }) => reason === "Evicted");
    expect(event).toMatchObject({
      type: "Warning",
      message,
      metadata: {
        annotations: {
          offending_containers: "greedy",
          offending_containers_usage: "300Mi",
          starved_resource: "memory",
        },
      },
    });
    expect(cluster.eventTexts("Node")).toContain(
      "Warning EvictionThresholdMet: Attempting to reclaim memory",
    );
  });

  it("EVICT-3: gives it a second, and tells of the pressure for five minutes after", () => {
    const cluster = given();
    const pressure = (): string | undefined =>
      cluster.node().status.conditions?.find(({ type }) => type === "MemoryPressure")?.status;
    cluster.runSeconds(20);
    expect(pressure()).toBe("False");
    cluster.runSeconds(40);
    expect(pressure()).toBe("True");
    // The stop signal and the kill are at least two seconds apart (TERM-5).
    expect(cluster.runtime.calls.map(({ call }) => call)).toContain("stop greedy 2000");
    cluster.runSeconds(270);
    expect(pressure()).toBe("True");
    cluster.runSeconds(40);
    expect(pressure()).toBe("False");
  });

  it("EVICT-3, ADM-5: takes no BestEffort pods meanwhile, and leaves critical ones alone", () => {
    const cluster = new TestCluster({
      nodeStats: () => ({ memoryAvailableBytes: MEBIBYTE }),
      stats: () => ({ memoryBytes: 300 * MEBIBYTE }),
    });
    const critical = { priorityClassName: "system-node-critical", priority: 2_000_001_000 };
    cluster.createPod(
      { ...critical, containers: [app()] },
      { name: "critical", namespace: "default" },
    );
    cluster.runSeconds(30);
    cluster.createPod({ containers: [app()] }, { name: "late" });
    cluster.runSeconds(5);
    expect(cluster.livePod("critical").status.phase).toBe("Running");
    expect(cluster.livePod("late").status).toMatchObject({
      phase: "Failed",
      reason: "Evicted",
      message: "Pod was rejected: The node had condition: [MemoryPressure]. ",
    });
  });
});

describe("a node that runs short of disk", () => {
  it("GC-2: removes images that nothing is made of, before any pod is evicted", () => {
    const cluster: TestCluster = new TestCluster({
      images: { "old:1": { isPresent: true }, "app:1": { isPresent: true } },
      nodeStats: (nowMs): Partial<NodeStats> =>
        nowMs < START_MS + 500_000 || cluster.runtime.images.imageStatus("old:1") === null
          ? {}
          : { diskAvailableBytes: 12 * GIBIBYTE },
    });
    cluster.createPod({ containers: [app()] });
    cluster.runTo(499);
    expect(cluster.runtime.images.imageStatus("old:1")).not.toBeNull();
    cluster.runTo(520);
    expect(cluster.runtime.images.imageStatus("old:1")).toBeNull();
    expect(cluster.runtime.images.imageStatus("app:1")).not.toBeNull();
    expect(cluster.livePod().status.phase).toBe("Running");
  });

  it("GC-2: collects them from 85 % on, every five minutes, when they are not new", () => {
    let isFull = false;
    const cluster = new TestCluster({
      images: { "old:1": { isPresent: true } },
      nodeStats: () => (isFull ? { diskAvailableBytes: 15 * GIBIBYTE } : {}),
    });
    cluster.runTo(290);
    isFull = true;
    cluster.runTo(310);
    expect(cluster.runtime.images.imageStatus("old:1")).not.toBeNull();
    cluster.runTo(610);
    expect(cluster.runtime.images.imageStatus("old:1")).toBeNull();
  });
});
