import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };
const app = { name: "app", ...image };
const preStop = (command: string): Record<string, unknown> => ({
  lifecycle: { preStop: { exec: { command: [command] } } },
});

/** A running pod, deleted; times are since then. */
const deleted = (
  script: ConstructorParameters<typeof TestCluster>[0],
  spec: Record<string, unknown>,
  graceSeconds?: number,
): { cluster: TestCluster; sinceMs: (atMs: number) => number } => {
  const cluster = new TestCluster(script);
  cluster.createPod(spec);
  cluster.runSeconds(10);
  const deletedMs = cluster.engine.nowMs;
  cluster.deletePod("p", graceSeconds);
  return { cluster, sinceMs: (atMs) => atMs - deletedMs };
};

const goneAfterMs = (cluster: TestCluster, sinceMs: (atMs: number) => number): number | null => {
  const entry = cluster.entries.find(
    (candidate) =>
      candidate.kind === "revision" &&
      candidate.resource === "pods" &&
      candidate.change === "DELETED",
  );
  return entry === undefined ? null : sinceMs(entry.timeMs);
};

describe("the end of a pod", () => {
  it("TERM-2, TERM-9, NET-5: killed, final status, gone, in that order for watchers", () => {
    const { cluster } = deleted(
      { runs: { app: [{ onStop: { afterMs: 3000, exitCode: 0 } }] } },
      { containers: [app] },
    );
    cluster.runSeconds(20);
    expect(cluster.pod()).toBeNull();
    // The delete itself writes once more: a grace period of 0.
    expect(cluster.watched().slice(-4)).toEqual([
      "MODIFIED Running",
      "MODIFIED Succeeded",
      "MODIFIED Succeeded",
      "DELETED Succeeded",
    ]);
    const last = cluster.statuses().at(-1);
    expect(last?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
    expect(last?.podIP).toBeDefined();
    expect(last?.conditions?.find(({ type }) => type === "PodReadyToStartContainers")?.status).toBe(
      "False",
    );
    expect(cluster.eventTexts().filter((text) => text.includes("Killing"))).toEqual([
      "Normal Killing: Stopping container app",
    ]);
  });

  it.each([
    { given: "the spec's", spec: {}, graceSeconds: undefined, stopMs: 30_000 },
    {
      given: "the pod's own",
      spec: { terminationGracePeriodSeconds: 7 },
      graceSeconds: undefined,
      stopMs: 7000,
    },
    { given: "the delete call's", spec: {}, graceSeconds: 4, stopMs: 4000 },
    { given: "never less than two seconds", spec: {}, graceSeconds: 1, stopMs: 2000 },
  ])("TERM-6: grace is $given", ({ spec, graceSeconds, stopMs }) => {
    const { cluster } = deleted({}, { containers: [app], ...spec }, graceSeconds);
    cluster.runSeconds(1);
    expect(cluster.runtime.calls.map(({ call }) => call)).toEqual([`stop app ${stopMs}`]);
  });

  it("TERM-3: preStop takes from the grace period, in whole seconds", () => {
    const { cluster } = deleted(
      { exec: () => ({ afterMs: 3700 }) },
      { terminationGracePeriodSeconds: 10, containers: [{ ...app, ...preStop("bye") }] },
    );
    cluster.runSeconds(20);
    expect(cluster.runtime.calls.at(-1)?.call).toBe("stop app 7000");
  });

  it("TERM-5: preStop that overruns is abandoned; stop, and 2 s later kill", () => {
    const { cluster, sinceMs } = deleted(
      { exec: () => ({ afterMs: 60_000 }), runs: { app: [{ onStop: null }] } },
      { terminationGracePeriodSeconds: 5, containers: [{ ...app, ...preStop("sleep") }] },
    );
    cluster.runSeconds(20);
    const ended = cluster.transitions("app").at(-1);
    expect(ended?.to).toMatchObject({ state: "terminated", exitCode: 137 });
    expect(goneAfterMs(cluster, sinceMs)).toBe(7005);
  });

  it("TERM-4: preStop that fails is told of, and the stop goes on", () => {
    const { cluster } = deleted(
      { exec: () => ({ exitCode: 1 }) },
      { containers: [{ ...app, ...preStop("fail") }] },
    );
    cluster.runSeconds(5);
    expect(cluster.eventTexts()).toContain("Warning FailedPreStopHook: PreStopHook failed");
    expect(cluster.pod()).toBeNull();
  });

  it("TERM-4: preStop is not run for a container that ends by itself", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 1000 }] } });
    cluster.createPod({ restartPolicy: "Never", containers: [{ ...app, ...preStop("bye") }] });
    cluster.runSeconds(10);
    expect(cluster.runtime.calls).toEqual([]);
    expect(cluster.livePod().status.phase).toBe("Succeeded");
  });

  it("TERM-1, API-15: a second delete with less time cuts it short, one with more changes nothing", () => {
    const { cluster, sinceMs } = deleted(
      { runs: { app: [{ onStop: null }] } },
      { terminationGracePeriodSeconds: 60, containers: [app] },
    );
    cluster.runSeconds(5);
    cluster.deletePod("p", 600);
    cluster.runSeconds(5);
    cluster.deletePod("p", 3);
    cluster.runSeconds(30);
    const goneMs = goneAfterMs(cluster, sinceMs);
    expect(goneMs).toBeGreaterThanOrEqual(12_000);
    expect(goneMs).toBeLessThan(14_000);
  });

  it("TERM-10: a forced delete takes the pod away at once; its containers get two seconds", () => {
    const { cluster } = deleted({ runs: { app: [{ onStop: null }] } }, { containers: [app] }, 0);
    expect(cluster.pod()).toBeNull();
    const writes = cluster.watched().length;
    cluster.runSeconds(10);
    expect(cluster.runtime.calls.map(({ call }) => call)).toEqual(["stop app 2000"]);
    expect(cluster.watched().length).toBe(writes);
    expect(cluster.transitions("app").at(-1)?.to).toMatchObject({ exitCode: 137 });
    expect(cluster.transitions("app").at(-1)?.cause.reason).toBe("PodDeleted");
  });

  it("TERM-12: deleted in the middle of a crash loop, it is not restarted and ends Failed", () => {
    const { cluster } = deleted(
      { runs: { app: [{ runMs: 100, exitCode: 1 }] } },
      { containers: [app] },
    );
    cluster.runSeconds(60);
    expect(cluster.watched().at(-1)).toBe("DELETED Failed");
    expect(cluster.transitions("app").filter(({ to }) => to?.state === "running")).toHaveLength(2);
  });

  it("TERM-13: a pod that ended by itself stays until it is deleted", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 1000 }] } });
    cluster.createPod({ restartPolicy: "Never", containers: [app] });
    cluster.runSeconds(600);
    expect(cluster.livePod().status.phase).toBe("Succeeded");
    cluster.deletePod();
    cluster.runSeconds(1);
    expect(cluster.pod()).toBeNull();
  });

  it("PHASE-10: deleted before anything ran, it ends Failed", () => {
    const cluster = new TestCluster({ images: { "app:1": { errors: ["not found"] } } });
    cluster.createPod({ containers: [app] });
    cluster.runSeconds(5);
    cluster.deletePod();
    cluster.runSeconds(30);
    expect(cluster.watched().at(-1)).toBe("DELETED Failed");
    const state = cluster.statuses().at(-1)?.containerStatuses?.[0]?.state;
    expect(state?.terminated).toMatchObject({
      exitCode: 137,
      reason: "ContainerStatusUnknown",
      message: "The container could not be located when the pod was terminated",
    });
  });

  it("COND-8: deletion alone does not make it unready", () => {
    const { cluster } = deleted(
      { runs: { app: [{ onStop: { afterMs: 5000, exitCode: 0 } }] } },
      { containers: [app] },
    );
    cluster.runSeconds(2);
    const ready = (): string | undefined =>
      cluster.livePod().status.conditions?.find(({ type }) => type === "Ready")?.status;
    expect(ready()).toBe("True");
  });

  it("leaves nothing behind on the node", () => {
    const { cluster } = deleted({}, { volumes: [{ name: "v", emptyDir: {} }], containers: [app] });
    const uid = cluster.livePod().metadata.uid;
    cluster.runSeconds(20);
    expect(cluster.runtime.listContainers(uid)).toEqual([]);
    expect(cluster.runtime.listPodSandboxes(uid)).toEqual([]);
    expect(cluster.runtime.files.exists(`/var/lib/kubelet/pods/${uid}`)).toBe(false);
  });
});
