import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };
const container = (name: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name,
  ...image,
  ...more,
});
const sidecar = (name: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
  container(name, { restartPolicy: "Always", ...more });

const changes = (cluster: TestCluster): string[] =>
  cluster
    .transitions()
    .filter(({ to }) => to?.state !== "waiting")
    .map(({ container: name, to }) => `${name} ${to?.state ?? ""}`);

describe("native sidecars", () => {
  it("SIDE-2: take their place in the order; the next starts when they have started", () => {
    const cluster = new TestCluster({ runs: { a: [{ runMs: 1000 }], b: [{ runMs: 1000 }] } });
    cluster.createPod({
      initContainers: [container("a"), sidecar("s"), container("b")],
      containers: [container("app")],
    });
    cluster.runSeconds(20);
    expect(changes(cluster)).toEqual([
      "a running",
      "a terminated",
      "s running",
      "b running",
      "b terminated",
      "app running",
    ]);
  });

  it("SIDE-2: a startup probe holds back what comes after, readiness does not", () => {
    const probe = (seconds: number): unknown => ({ exec: { command: [String(seconds)] } });
    const cluster = new TestCluster({
      exec: (_name, [seconds], ageMs) => ({ exitCode: ageMs < Number(seconds) * 1000 ? 1 : 0 }),
    });
    cluster.createPod({
      initContainers: [
        sidecar("s", {
          startupProbe: { ...(probe(8) as object), periodSeconds: 1, failureThreshold: 30 },
          readinessProbe: { ...(probe(1000) as object), periodSeconds: 1 },
        }),
      ],
      containers: [container("app")],
    });
    cluster.runSeconds(6);
    expect(changes(cluster)).toEqual(["s running"]);
    expect(cluster.livePod().status.phase).toBe("Pending");
    cluster.runSeconds(10);
    expect(changes(cluster)).toEqual(["s running", "app running"]);
    const { status } = cluster.livePod();
    expect(status.phase).toBe("Running");
    // SIDE-6: its readiness counts.
    expect(status.conditions?.find(({ type }) => type === "ContainersReady")).toMatchObject({
      status: "False",
      message: "containers with unready status: [s]",
    });
  });

  it("SIDE-3: one that crashes during initialization is restarted beside it", () => {
    const cluster = new TestCluster({
      runs: { s: [{ runMs: 500, exitCode: 1 }, {}], a: [{ runMs: 5000 }] },
    });
    cluster.createPod({
      initContainers: [sidecar("s"), container("a")],
      containers: [container("app")],
    });
    cluster.runSeconds(20);
    expect(changes(cluster)).toEqual([
      "s running",
      "a running",
      "s terminated",
      "s running",
      "a terminated",
      "app running",
    ]);
  });

  it("SIDE-3: one that does not start keeps back its successors only", () => {
    const cluster = new TestCluster({
      images: { "absent:1": { errors: ["not found"] } },
    });
    cluster.createPod({
      initContainers: [{ name: "s", image: "absent:1", restartPolicy: "Always" }, container("a")],
      containers: [container("app")],
    });
    cluster.runSeconds(30);
    expect(changes(cluster)).toEqual([]);
  });

  it.each([0, 1])("SIDE-4: restarts under Never after exit %d while the app runs", (exitCode) => {
    const cluster = new TestCluster({ runs: { s: [{ runMs: 2000, exitCode }, {}] } });
    cluster.createPod({
      restartPolicy: "Never",
      initContainers: [sidecar("s")],
      containers: [container("app")],
    });
    cluster.runSeconds(20);
    expect(cluster.livePod().status.initContainerStatuses?.[0]?.restartCount).toBe(1);
    expect(cluster.livePod().status.phase).toBe("Running");
  });

  it("SIDE-5: a failed startup or liveness probe restarts it, in words of its own", () => {
    const cluster = new TestCluster({
      exec: (_name, [kind], ageMs) => ({ exitCode: kind === "live" && ageMs > 3000 ? 1 : 0 }),
    });
    cluster.createPod({
      terminationGracePeriodSeconds: 1,
      initContainers: [
        sidecar("s", {
          livenessProbe: { exec: { command: ["live"] }, periodSeconds: 1, failureThreshold: 2 },
        }),
      ],
      containers: [container("app")],
    });
    cluster.runSeconds(8);
    expect(cluster.eventTexts()).toContain(
      "Normal Killing: Init container s failed liveness probe",
    );
    expect(cluster.livePod().status.initContainerStatuses?.[0]?.restartCount).toBe(1);
  });

  it("SIDE-5: another image restarts it", () => {
    const cluster = new TestCluster();
    cluster.createPod({ initContainers: [sidecar("s")], containers: [container("app")] });
    cluster.runSeconds(5);
    const body = { spec: { initContainers: [{ name: "s", image: "app:2" }] } };
    cluster.do(cluster.client.patch("pods", "default", "p", { type: "strategic", body }));
    cluster.runSeconds(5);
    expect(cluster.eventTexts()).toContain("Normal Killing: Init container s definition changed");
    expect(cluster.livePod().status.initContainerStatuses?.[0]?.restartCount).toBe(1);
  });

  it("SIDE-7, SIDE-8: one that is down leaves phase and Initialized alone", () => {
    const cluster = new TestCluster({ runs: { s: [{ runMs: 3000, exitCode: 1 }] } });
    cluster.createPod({ initContainers: [sidecar("s")], containers: [container("app")] });
    cluster.runSeconds(12);
    const { status } = cluster.livePod();
    expect(status.initContainerStatuses?.[0]?.state?.waiting?.reason).toBe("CrashLoopBackOff");
    expect(status.phase).toBe("Running");
    expect(status.conditions?.find(({ type }) => type === "Initialized")?.status).toBe("True");
    expect(status.conditions?.find(({ type }) => type === "Ready")?.status).toBe("False");
  });

  it("SIDE-9: apps stop first, then sidecars in reverse order; all preStop hooks run at once", () => {
    const preStop = { lifecycle: { preStop: { exec: { command: ["bye"] } } } };
    const slow = { onStop: { afterMs: 2000, exitCode: 0 } };
    const cluster = new TestCluster({
      runs: { app: [slow], one: [slow], two: [slow] },
    });
    cluster.createPod({
      initContainers: [sidecar("one", preStop), sidecar("two", preStop)],
      containers: [container("app", preStop)],
    });
    cluster.runSeconds(10);
    const deletedMs = cluster.engine.nowMs;
    cluster.deletePod();
    cluster.runSeconds(20);
    const calls = cluster.runtime.calls.map(
      ({ atMs, call }) => `${Math.floor((atMs - deletedMs) / 1000)}s ${call}`,
    );
    expect(calls).toEqual([
      "0s exec app bye",
      "0s exec two bye",
      "0s exec one bye",
      "0s stop app 30000",
      "2s stop two 28000",
      "4s stop one 26000",
    ]);
    expect(cluster.pod()).toBeNull();
  });

  it("SIDE-10: when the grace period is used up, those that waited stop at once", () => {
    const cluster = new TestCluster({ runs: { app: [{ onStop: null }] } });
    cluster.createPod({
      terminationGracePeriodSeconds: 5,
      initContainers: [sidecar("s")],
      containers: [container("app")],
    });
    cluster.runSeconds(10);
    const deletedMs = cluster.engine.nowMs;
    cluster.deletePod();
    cluster.runSeconds(20);
    const stop = cluster.runtime.calls.find(({ call }) => call.startsWith("stop s"));
    expect(stop).toEqual({ atMs: deletedMs + 5000, call: "stop s 2000" });
  });

  it("SIDE-11: when the apps are done the sidecars are stopped, then the pod has succeeded", () => {
    const cluster = new TestCluster({
      runs: { app: [{ runMs: 3000 }], s: [{ onStop: { afterMs: 4000, exitCode: 143 } }] },
    });
    cluster.createPod({
      restartPolicy: "Never",
      initContainers: [sidecar("s")],
      containers: [container("app")],
    });
    cluster.runSeconds(6);
    expect(cluster.livePod().status.phase).toBe("Running");
    expect(cluster.livePod().status.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
    cluster.runSeconds(6);
    const { status } = cluster.livePod();
    expect(status.phase).toBe("Succeeded");
    expect(status.initContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(143);
    expect(cluster.eventTexts()).toContain("Normal Killing: Stopping container s");
  });

  it("SIDE-13: each has a restart schedule of its own", () => {
    const cluster = new TestCluster({
      runs: { one: [{ runMs: 1, exitCode: 1 }], two: [{ runMs: 1, exitCode: 1 }, {}] },
    });
    cluster.createPod({
      initContainers: [sidecar("one"), sidecar("two")],
      containers: [container("app")],
    });
    cluster.runSeconds(60);
    const [one, two] = cluster.livePod().status.initContainerStatuses ?? [];
    expect(one?.restartCount).toBeGreaterThan(2);
    expect(two?.restartCount).toBe(1);
  });
});
