import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };
const named = (...names: string[]): { name: string }[] => names.map((name) => ({ name, ...image }));

const startsAndEnds = (cluster: TestCluster): string[] =>
  cluster
    .transitions()
    .filter(({ to }) => to?.state !== "waiting")
    .map(({ container, to }) => `${container} ${to?.state ?? ""}`);

describe("init containers", () => {
  it("INIT-1, INIT-5: run one after the other to their end, then the app starts", () => {
    const cluster = new TestCluster({ runs: { a: [{ runMs: 3000 }], b: [{ runMs: 3000 }] } });
    cluster.createPod({ initContainers: named("a", "b"), containers: named("app") });
    cluster.runSeconds(2);
    expect(cluster.livePod().status.phase).toBe("Pending");
    cluster.runSeconds(20);
    expect(startsAndEnds(cluster)).toEqual([
      "a running",
      "a terminated",
      "b running",
      "b terminated",
      "app running",
    ]);
    expect(cluster.livePod().status.phase).toBe("Running");
  });

  it("INIT-4, NET-2: all are listed from the first status, with PodInitializing", () => {
    const cluster = new TestCluster({ runs: { a: [{ runMs: 3000 }] } });
    cluster.createPod({ initContainers: named("a", "b"), containers: named("app") });
    cluster.runSeconds(20);
    const [, first] = cluster.statuses();
    expect(first?.startTime).toBeDefined();
    expect(
      [...(first?.initContainerStatuses ?? []), ...(first?.containerStatuses ?? [])].map(
        ({ name, state, started }) => [name, state?.waiting?.reason, started],
      ),
    ).toEqual([
      ["a", "PodInitializing", false],
      ["b", "PodInitializing", false],
      ["app", "PodInitializing", false],
    ]);
    const done = cluster.livePod().status.initContainerStatuses?.[0];
    expect(done).toMatchObject({ ready: true, started: false });
    expect(done?.state?.terminated).toMatchObject({ reason: "Completed", exitCode: 0 });
  });

  it("COND-4: Initialized is False with the incomplete ones, then True", () => {
    const cluster = new TestCluster({
      runs: { a: [{ runMs: 3000 }], b: [{ runMs: 3000 }] },
    });
    cluster.createPod({ initContainers: named("a", "b"), containers: named("app") });
    cluster.runSeconds(2);
    const initialized = (): unknown =>
      cluster.livePod().status.conditions?.find(({ type }) => type === "Initialized");
    expect(initialized()).toMatchObject({
      status: "False",
      reason: "ContainersNotInitialized",
      message: "containers with incomplete status: [a b]",
    });
    cluster.runSeconds(20);
    expect(initialized()).toMatchObject({ status: "True" });
  });

  it.each(["Always", "OnFailure"])(
    "INIT-2: one that fails is run again under %s, with the restart schedule",
    (restartPolicy) => {
      const cluster = new TestCluster({
        runs: { a: [{ runMs: 1000, exitCode: 1 }, { runMs: 1000, exitCode: 1 }, { runMs: 1000 }] },
      });
      cluster.createPod({ restartPolicy, initContainers: named("a"), containers: named("app") });
      cluster.runSeconds(5);
      const status = cluster.livePod().status.initContainerStatuses?.[0];
      expect(status?.state?.waiting?.reason).toBe("CrashLoopBackOff");
      expect(status?.restartCount).toBe(1);
      expect(cluster.livePod().status.phase).toBe("Pending");
      cluster.runSeconds(40);
      expect(cluster.livePod().status.phase).toBe("Running");
      expect(cluster.livePod().status.initContainerStatuses?.[0]?.restartCount).toBe(2);
    },
  );

  it("INIT-3, COND-5: one that fails under Never fails the pod at once", () => {
    const cluster = new TestCluster({ runs: { a: [{ runMs: 1000, exitCode: 3 }] } });
    cluster.createPod({
      restartPolicy: "Never",
      initContainers: named("a", "b"),
      containers: named("app"),
    });
    cluster.runSeconds(10);
    const { status } = cluster.livePod();
    expect(status.phase).toBe("Failed");
    expect(status.containerStatuses?.[0]?.state?.waiting?.reason).toBe("PodInitializing");
    expect(status.initContainerStatuses?.[1]?.state?.waiting?.reason).toBe("PodInitializing");
    const conditions = Object.fromEntries(
      (status.conditions ?? []).map(({ type, status: value, reason }) => [type, [value, reason]]),
    );
    expect(conditions).toMatchObject({
      Initialized: ["False", "ContainersNotInitialized"],
      Ready: ["False", "PodFailed"],
      ContainersReady: ["False", "PodFailed"],
    });
  });

  it("INIT-7: an app that crashes does not run them again", () => {
    const cluster = new TestCluster({
      runs: { a: [{ runMs: 1000 }], app: [{ runMs: 1000, exitCode: 1 }, {}] },
    });
    cluster.createPod({ initContainers: named("a"), containers: named("app") });
    cluster.runSeconds(30);
    expect(startsAndEnds(cluster)).toEqual([
      "a running",
      "a terminated",
      "app running",
      "app terminated",
      "app running",
    ]);
  });

  it("INIT-9: one that can't be started keeps back those after it", () => {
    const cluster = new TestCluster({
      images: { "absent:1": { errors: ["not found"] } },
    });
    cluster.createPod({
      initContainers: [{ name: "a", image: "absent:1" }, ...named("b")],
      containers: named("app"),
    });
    cluster.runSeconds(60);
    expect(startsAndEnds(cluster)).toEqual([]);
  });

  it("INIT-10: one whose start failed is started again", () => {
    const cluster = new TestCluster({
      runs: { a: [{ startError: "no such command" }, { runMs: 1000 }] },
    });
    cluster.createPod({ initContainers: named("a"), containers: named("app") });
    cluster.runSeconds(60);
    expect(cluster.livePod().status.phase).toBe("Running");
    expect(cluster.livePod().status.initContainerStatuses?.[0]?.restartCount).toBe(1);
  });

  it("INIT-11: activeDeadlineSeconds counts their time too", () => {
    const cluster = new TestCluster();
    cluster.createPod({
      activeDeadlineSeconds: 5,
      restartPolicy: "Never",
      initContainers: named("a"),
      containers: named("app"),
    });
    cluster.runSeconds(20);
    expect(cluster.livePod().status).toMatchObject({ phase: "Failed", reason: "DeadlineExceeded" });
  });

  it("the start of each points at the end of the one before", () => {
    const cluster = new TestCluster({ runs: { a: [{ runMs: 1000 }] } });
    cluster.createPod({ initContainers: named("a"), containers: named("app") });
    cluster.runSeconds(10);
    const ended = cluster.transitions("a").find(({ to }) => to?.state === "terminated");
    const started = cluster.transitions("app").find(({ to }) => to?.state === "running");
    expect(started?.cause).toMatchObject({
      reason: "InitContainerCompleted",
      cursor: ended?.cursor,
    });
  });
});
