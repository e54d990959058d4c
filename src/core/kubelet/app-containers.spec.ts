import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };
const app = { name: "app", ...image };

/** Seconds between each end and the start after it. */
const delays = (cluster: TestCluster, container = "app"): number[] => {
  const result: number[] = [];
  let endedMs: number | null = null;
  for (const { to, atMs } of cluster.transitions(container)) {
    if (to?.state === "terminated") endedMs = atMs;
    if (to?.state === "running" && endedMs !== null) result.push((atMs - endedMs) / 1000);
  }
  return result;
};

describe("app containers", () => {
  it("RESTART-4, RESTART-16: a crash loop follows the schedule, no restart early, none more than a worker's pause late", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 1, exitCode: 1 }] } });
    cluster.createPod({ containers: [app] });
    cluster.runSeconds(30 * 60);
    const nominal = [0, 10, 20, 40, 80, 160, 300, 300];
    delays(cluster).forEach((delay, index) => {
      expect(delay).toBeGreaterThanOrEqual(nominal[index] ?? 300);
      expect(delay).toBeLessThan((nominal[index] ?? 300) + 16);
    });
    expect(delays(cluster).length).toBeGreaterThanOrEqual(8);
  });

  it("RESTART-6, PHASE-6: what a crash loop looks like", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 1000, exitCode: 7 }] } });
    const { metadata } = cluster.createPod({ containers: [app] });
    cluster.runSeconds(6);
    const { status } = cluster.livePod();
    const where = `p_default(${metadata.uid})`;
    expect(status.phase).toBe("Running");
    expect(status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      state: {
        waiting: {
          reason: "CrashLoopBackOff",
          message: `back-off 10s restarting failed container=app pod=${where}`,
        },
      },
      lastState: { terminated: { exitCode: 7, reason: "Error" } },
    });
    expect(cluster.eventTexts()).toContain(
      `Warning BackOff: Back-off restarting failed container app in pod ${where} (x2)`,
    );
    cluster.runSeconds(70);
    expect(cluster.livePod().status.containerStatuses?.[0]?.state?.waiting?.message).toMatch(
      /^back-off 40s /,
    );
  });

  it("RESTART-7: a first restart shows no waiting in between", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 1000, exitCode: 1 }, {}] } });
    cluster.createPod({ containers: [app] });
    cluster.runSeconds(10);
    expect(cluster.transitions("app").map(({ to }) => to?.state)).toEqual([
      "waiting",
      "running",
      "terminated",
      "running",
    ]);
  });

  it.each([
    { restartPolicy: "Always", exitCode: 0, restarts: true },
    { restartPolicy: "Always", exitCode: 1, restarts: true },
    { restartPolicy: "OnFailure", exitCode: 0, restarts: false },
    { restartPolicy: "OnFailure", exitCode: 1, restarts: true },
    { restartPolicy: "Never", exitCode: 0, restarts: false },
    { restartPolicy: "Never", exitCode: 1, restarts: false },
  ])(
    "RESTART-3: exit $exitCode under $restartPolicy restarts: $restarts",
    ({ restartPolicy, exitCode, restarts }) => {
      const cluster = new TestCluster({ runs: { app: [{ runMs: 1000, exitCode }, {}] } });
      cluster.createPod({ restartPolicy, containers: [app] });
      cluster.runSeconds(10);
      expect(cluster.livePod().status.containerStatuses?.[0]?.restartCount).toBe(restarts ? 1 : 0);
    },
  );

  it("RESTART-8: each run has a new ID, counts one up and keeps the record of the one before", () => {
    const cluster = new TestCluster({
      runs: { app: [{ runMs: 1000, exitCode: 1 }, { runMs: 1000, exitCode: 2 }, {}] },
    });
    cluster.createPod({ containers: [app] });
    cluster.runSeconds(60);
    const status = cluster.livePod().status.containerStatuses?.[0];
    expect(status?.restartCount).toBe(2);
    expect(status?.lastState?.terminated?.exitCode).toBe(2);
    expect(status?.lastState?.terminated?.containerID).not.toBe(status?.containerID);
    const ids = new Set(
      cluster
        .statuses()
        .map(({ containerStatuses }) => containerStatuses?.[0]?.containerID ?? "")
        .filter((id) => id !== ""),
    );
    expect(ids.size).toBe(3);
  });

  it("RESTART-1: containers start in the order of the spec, one that fails stops no other", () => {
    const cluster = new TestCluster({
      images: { "slow:1": { pullMs: 30_000 }, "absent:1": { errors: ["not found"] } },
    });
    cluster.createPod({
      containers: [
        { name: "slow", image: "slow:1" },
        { name: "absent", image: "absent:1" },
        { name: "quick", ...image },
      ],
    });
    cluster.runSeconds(20);
    expect(cluster.transitions("quick").map(({ to }) => to?.state)).toEqual(["waiting"]);
    cluster.runSeconds(20);
    expect(cluster.transitions("quick").map(({ to }) => to?.state)).toEqual(["waiting", "running"]);
    expect(cluster.livePod().status.phase).toBe("Pending");
  });

  it("RESTART-11: another image restarts that container, whatever the policy", () => {
    const cluster = new TestCluster();
    cluster.createPod({ restartPolicy: "Never", containers: [app, { name: "b", ...image }] });
    cluster.runSeconds(10);
    const patch = {
      spec: {
        containers: [
          { name: "app", image: "app:2" },
          { name: "b", ...image },
        ],
      },
    };
    cluster.do(cluster.client.patch("pods", "default", "p", { type: "strategic", body: patch }));
    cluster.runSeconds(10);
    expect(cluster.eventTexts()).toContain(
      "Normal Killing: Container app definition changed, will be restarted",
    );
    expect(
      cluster.livePod().status.containerStatuses?.map(({ restartCount }) => restartCount),
    ).toEqual([1, 0]);
    expect(cluster.runtime.configsOf("app").map((config) => config.image)).toEqual([
      "app:1",
      "app:2",
    ]);
  });

  it("RESTART-2: postStart blocks, and takes the container with it when it fails", () => {
    const cluster = new TestCluster({
      exec: (_container, command) =>
        command[0] === "slow" ? { afterMs: 5000 } : { exitCode: 1, stderr: "boom" },
    });
    const lifecycle = { postStart: { exec: { command: ["slow"] } } };
    cluster.createPod({
      containers: [
        { ...app, lifecycle },
        { name: "b", ...image },
      ],
    });
    cluster.runSeconds(4);
    expect(cluster.livePod().status.containerStatuses?.[0]?.state?.waiting?.reason).toBe(
      "ContainerCreating",
    );
    cluster.runSeconds(4);
    expect(cluster.livePod().status.phase).toBe("Running");

    const failing = { postStart: { exec: { command: ["fail"] } } };
    cluster.createPod({ containers: [{ ...app, lifecycle: failing }] }, { name: "q" });
    cluster.runSeconds(3);
    expect(cluster.waitingReasons("app", "q")).toEqual([
      "ContainerCreating",
      "PostStartHookError",
      "CrashLoopBackOff",
    ]);
    const messages = cluster
      .statuses("q")
      .map(({ containerStatuses }) => containerStatuses?.[0]?.state?.waiting?.message ?? "");
    expect(messages.find((message) => message.startsWith("Exec"))).toMatch(
      /^Exec lifecycle hook \(\[fail\]\) for Container "app" in Pod "q_default\(.*\)" failed - error: command 'fail' exited with 1: boom, message: "boom"$/,
    );
    expect(cluster.eventTexts()).toEqual(
      expect.arrayContaining([
        "Warning FailedPostStartHook: PostStartHook failed (x2)",
        "Normal Killing: FailedPostStartHook (x2)",
      ]),
    );
  });

  it("CRE-3, CRE-4: a command that can't be run ends as StartError and counts as a run", () => {
    const error =
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: exec: "foo": executable file not found in $PATH';
    const cluster = new TestCluster({ runs: { app: [{ startError: error }] } });
    cluster.createPod({ containers: [app] });
    cluster.runSeconds(3);
    const status = cluster.livePod().status.containerStatuses?.[0];
    expect(status?.lastState?.terminated).toMatchObject({ exitCode: 128, reason: "StartError" });
    expect(cluster.waitingReasons("app")).toEqual([
      "ContainerCreating",
      "RunContainerError",
      "CrashLoopBackOff",
    ]);
    expect(status?.restartCount).toBe(1);
    expect(cluster.eventTexts()).toContain(`Warning Failed: Error: ${error} (x2)`);
  });

  it("RESTART-9: reasons of the end", () => {
    const cluster = new TestCluster({
      runs: { app: [{ runMs: 10, exitCode: 137, reason: "OOMKilled" }] },
    });
    cluster.createPod({ restartPolicy: "Never", containers: [app] });
    cluster.runSeconds(5);
    expect(cluster.livePod().status.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 137,
      reason: "OOMKilled",
    });
  });

  it("records a run that lasted no time at all", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 0 }] } });
    cluster.createPod({ restartPolicy: "Never", containers: [app] });
    cluster.runSeconds(5);
    const transitions = cluster.transitions("app");
    expect(transitions.map(({ to }) => to?.state)).toEqual(["waiting", "running", "terminated"]);
    expect(transitions[1]?.atMs).toBe(transitions[2]?.atMs);
  });

  it("old instances are cleared away, but for the last one", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 1, exitCode: 1 }] } });
    const { metadata } = cluster.createPod({ containers: [app] });
    cluster.runSeconds(600);
    expect(cluster.runtime.listContainers(metadata.uid).length).toBeLessThanOrEqual(2);
  });
});

describe("termination messages", () => {
  it.each([
    { given: "the message file", exitCode: 1, message: "file", expected: "file" },
    { given: "the end of the log after a failure", exitCode: 1, message: "", expected: "log" },
    { given: "nothing after a success", exitCode: 0, message: "", expected: undefined },
  ])("RESTART-10: FallbackToLogsOnError shows $given", ({ exitCode, message, expected }) => {
    const cluster = new TestCluster({
      runs: { app: [{ runMs: 1000, exitCode, message, log: "log" }] },
    });
    cluster.createPod({
      restartPolicy: "Never",
      containers: [{ ...app, terminationMessagePolicy: "FallbackToLogsOnError" }],
    });
    cluster.runSeconds(5);
    const { terminated } = cluster.livePod().status.containerStatuses?.[0]?.state ?? {};
    expect(terminated?.message).toBe(expected);
  });

  it("RESTART-10: all messages of a pod together have 12 KiB", () => {
    const cluster = new TestCluster({
      runs: { app: [{ runMs: 100, message: "x".repeat(4096) }] },
    });
    const others = ["b", "c", "d"].map((name) => ({ name, ...image }));
    cluster.createPod({ restartPolicy: "Never", containers: [app, ...others] });
    cluster.runSeconds(5);
    const { terminated } = cluster.livePod().status.containerStatuses?.[0]?.state ?? {};
    expect(terminated?.message).toHaveLength(3072);
  });
});

describe("activeDeadlineSeconds", () => {
  it("PHASE-9: ends the pod from its start on, gracefully, and says why", () => {
    const cluster = new TestCluster({
      runs: { app: [{ onStop: { afterMs: 2000, exitCode: 0 } }] },
    });
    cluster.createPod({ activeDeadlineSeconds: 5, containers: [app] });
    cluster.runSeconds(4);
    expect(cluster.livePod().status.phase).toBe("Running");
    cluster.runSeconds(10);
    const message = "Pod was active on the node longer than the specified deadline";
    expect(cluster.livePod().status).toMatchObject({
      phase: "Failed",
      reason: "DeadlineExceeded",
      message,
    });
    expect(cluster.eventTexts()).toContain(`Normal DeadlineExceeded: ${message}`);
    const ended = cluster.transitions("app").at(-1);
    expect(ended?.atMs).toBeGreaterThanOrEqual(7000);
    expect(ended?.atMs).toBeLessThan(8000);
    expect(ended?.cause.reason).toBe("DeadlineExceeded");
  });
});
