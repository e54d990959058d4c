import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };
const exec = (command: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  exec: { command: [command] },
  periodSeconds: 1,
  ...more,
});

/** One container `app` with these probes, run after the kubelet has been up for a minute (so that nothing is spread out). */
const withProbes = (
  script: ConstructorParameters<typeof TestCluster>[0],
  probes: Record<string, unknown>,
  spec: Record<string, unknown> = {},
): TestCluster => {
  const cluster = new TestCluster(script);
  cluster.runTo(60);
  cluster.createPod({ containers: [{ name: "app", ...image, ...probes }], ...spec });
  return cluster;
};

const failsFrom =
  (seconds: number, kind: string) =>
  (_container: string, [command]: readonly string[], ageMs: number): { exitCode: number } => ({
    exitCode: command === kind && ageMs >= seconds * 1000 ? 1 : 0,
  });

const startedMs = (cluster: TestCluster): number =>
  cluster.transitions("app").find(({ to }) => to?.state === "running")?.atMs ?? NaN;

describe("probes", () => {
  it("PROBE-1: attempts are a period apart", () => {
    const cluster = withProbes({}, { readinessProbe: exec("ready", { periodSeconds: 3 }) });
    cluster.runSeconds(20);
    const times = cluster.probes("app").map(({ atMs }) => atMs);
    const gaps = times.slice(2).map((time, index) => time - (times[index + 1] ?? 0));
    expect(new Set(gaps)).toEqual(new Set([3000]));
  });

  it("PROBE-1: a kubelet that has just started spreads the first attempts", () => {
    const cluster = new TestCluster();
    for (const name of ["a", "b", "c"]) {
      const readinessProbe = exec("ready", { periodSeconds: 10 });
      cluster.createPod({ containers: [{ name, ...image, readinessProbe }] }, { name });
    }
    cluster.runSeconds(60);
    const phases = ["a", "b", "c"].map((name) => (cluster.probes(name).at(-1)?.atMs ?? 0) % 10_000);
    expect(new Set(phases).size).toBe(3);
  });

  it("PROBE-2, PROBE-8: unready until a readiness probe succeeds, ready at once without one", () => {
    const cluster = withProbes({}, { readinessProbe: exec("ready", { initialDelaySeconds: 5 }) });
    cluster.runSeconds(3);
    expect(cluster.livePod().status.containerStatuses?.[0]).toMatchObject({
      started: true,
      ready: false,
    });
    cluster.runSeconds(10);
    expect(cluster.livePod().status.containerStatuses?.[0]?.ready).toBe(true);
    const ready = cluster.livePod().status.conditions?.find(({ type }) => type === "Ready");
    expect(ready?.status).toBe("True");
  });

  it("PROBE-3: not before initialDelaySeconds", () => {
    const cluster = withProbes({}, { livenessProbe: exec("live", { initialDelaySeconds: 7 }) });
    cluster.runSeconds(30);
    const first = cluster.probes("app")[0]?.atMs ?? 0;
    // startedAt is known to the second only.
    expect(first - startedMs(cluster)).toBeGreaterThanOrEqual(6000);
    expect(first - startedMs(cluster)).toBeLessThan(8000);
  });

  it("PROBE-4: startup holds back the others, and ends when it has succeeded", () => {
    const cluster = withProbes(
      { exec: (_name, [kind], ageMs) => ({ exitCode: kind === "up" && ageMs < 5000 ? 1 : 0 }) },
      {
        startupProbe: exec("up", { failureThreshold: 30 }),
        livenessProbe: exec("live"),
        readinessProbe: exec("ready"),
      },
    );
    cluster.runSeconds(4);
    expect(cluster.livePod().status.containerStatuses?.[0]?.started).toBe(false);
    expect(new Set(cluster.probes("app").map(({ probe }) => probe))).toEqual(new Set(["startup"]));
    cluster.runSeconds(10);
    expect(cluster.livePod().status.containerStatuses?.[0]).toMatchObject({
      started: true,
      ready: true,
    });
    const startup = cluster.probes("app").filter(({ probe }) => probe === "startup");
    expect(startup.at(-1)).toMatchObject({ result: "success", effect: "started" });
    expect(
      cluster.probes("app").filter(({ probe }) => probe === "liveness").length,
    ).toBeGreaterThan(3);
  });

  it("PROBE-5, PROBE-6, RESTART-12: the third failure kills, then the worker holds", () => {
    const cluster = withProbes(
      { exec: failsFrom(5, "live"), runs: { app: [{ onStop: null }, {}] } },
      { livenessProbe: exec("live", { failureThreshold: 3 }) },
      { terminationGracePeriodSeconds: 10 },
    );
    cluster.runSeconds(30);
    const failures = cluster.probes("app").filter(({ result }) => result === "failure");
    expect(failures.slice(0, 3).map(({ consecutive, effect }) => [consecutive, effect])).toEqual([
      [1, null],
      [2, null],
      [3, "restart"],
    ]);
    const ended = cluster.transitions("app").find(({ to }) => to?.state === "terminated");
    expect(ended?.to).toMatchObject({ exitCode: 137 });
    expect(ended?.cause).toMatchObject({
      reason: "LivenessProbeFailed",
      cursor: failures[2]?.cursor,
    });
    expect((ended?.atMs ?? 0) - (failures[2]?.atMs ?? 0)).toBe(10_000);
    const during = cluster
      .probes("app")
      .filter(({ atMs }) => atMs > (failures[2]?.atMs ?? 0) && atMs < (ended?.atMs ?? 0));
    expect(during).toEqual([]);
    const texts = cluster.eventTexts();
    expect(texts.join("\n")).toContain(
      "Normal Killing: Container app failed liveness probe, will be restarted",
    );
    expect(texts.find((text) => text.includes("Unhealthy"))).toMatch(
      /^Warning Unhealthy: Liveness probe failed: {2}\(x\d+\)$/,
    );
    expect(cluster.livePod().status.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0);
  });

  it("PROBE-6, PROBE-14, TERM-6: the kill takes the probe's own grace period", () => {
    const cluster = withProbes(
      { exec: failsFrom(3, "live") },
      {
        livenessProbe: exec("live", { failureThreshold: 1, terminationGracePeriodSeconds: 60 }),
      },
      { terminationGracePeriodSeconds: 5 },
    );
    cluster.runSeconds(6);
    expect(cluster.runtime.calls.find(({ call }) => call.startsWith("stop"))?.call).toBe(
      "stop app 60000",
    );
  });

  it("RESTART-12: under Never the message promises no restart, and there is none", () => {
    const cluster = new TestCluster({ exec: failsFrom(3, "live") });
    const livenessProbe = exec("live", { failureThreshold: 1 });
    cluster.createPod({
      restartPolicy: "Never",
      containers: [
        { name: "app", ...image, livenessProbe },
        { name: "other", ...image },
      ],
    });
    cluster.runSeconds(20);
    expect(cluster.eventTexts()).toContain("Normal Killing: Container app failed liveness probe");
    expect(cluster.livePod().status.containerStatuses?.[0]?.restartCount).toBe(0);
    expect(cluster.livePod().status.phase).toBe("Running");
  });

  it("RESTART-12: the failure of the only container under Never is the end of the pod", () => {
    const cluster = withProbes(
      { exec: failsFrom(3, "live") },
      { livenessProbe: exec("live", { failureThreshold: 1 }) },
      { restartPolicy: "Never" },
    );
    cluster.runSeconds(20);
    expect(cluster.eventTexts()).toContain("Normal Killing: Stopping container app");
    expect(cluster.transitions("app").at(-1)?.cause.reason).toBe("LivenessProbeFailed");
    expect(cluster.livePod().status.phase).toBe("Succeeded");
  });

  it("PROBE-6: a startup probe that gives up restarts the container", () => {
    const cluster = withProbes(
      { exec: failsFrom(0, "up") },
      { startupProbe: exec("up", { failureThreshold: 2 }) },
    );
    cluster.runSeconds(6);
    expect(cluster.eventTexts().join("\n")).toContain(
      "Normal Killing: Container app failed startup probe, will be restarted",
    );
    expect(cluster.livePod().status.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0);
  });

  it("PROBE-7: readiness only flips ready, at once", () => {
    let isReady = true;
    const cluster = withProbes(
      { exec: () => ({ exitCode: isReady ? 0 : 1 }) },
      { readinessProbe: exec("ready", { failureThreshold: 2, successThreshold: 2 }) },
    );
    cluster.runSeconds(10);
    expect(cluster.livePod().status.containerStatuses?.[0]?.ready).toBe(true);
    isReady = false;
    cluster.runSeconds(5);
    expect(cluster.livePod().status.containerStatuses?.[0]).toMatchObject({
      ready: false,
      restartCount: 0,
    });
    const effects = cluster
      .probes("app")
      .flatMap(({ effect }) => (effect === null ? [] : [effect]));
    expect(effects).toEqual(["ready", "unready"]);
    expect(cluster.livePod().status.conditions?.find(({ type }) => type === "Ready")).toMatchObject(
      {
        status: "False",
        reason: "ContainersNotReady",
      },
    );
  });

  it("PROBE-9, PROBE-15: an attempt that takes too long is a failure, with its own text", () => {
    const cluster = withProbes(
      { exec: () => ({ afterMs: 5000 }) },
      { livenessProbe: exec("slow", { timeoutSeconds: 2, periodSeconds: 10 }) },
    );
    cluster.runSeconds(15);
    expect(cluster.eventTexts()).toContain(
      'Warning Unhealthy: Liveness probe failed: command timed out: "slow" timed out after 2s',
    );
    expect(cluster.probes("app")[0]).toMatchObject({ latencyMs: 2000, result: "failure" });
  });

  it("PROBE-10, PROBE-11: HTTP, by status", () => {
    let status: number | null = null;
    const cluster = withProbes(
      {},
      {
        ports: [{ name: "web", containerPort: 8080 }],
        readinessProbe: {
          httpGet: { port: "web", path: "/ok", httpHeaders: [{ name: "X-A", value: "b" }] },
          periodSeconds: 1,
        },
      },
    );
    cluster.runtime.network.http = () =>
      status === null ? null : { status, headers: {}, body: "", error: null };
    cluster.runSeconds(3);
    const ip = cluster.livePod().status.podIP ?? "";
    const refused = `Get "http://${ip}:8080/ok": dial tcp ${ip}:8080: connect: connection refused`;
    expect(cluster.probes("app").at(-1)?.output).toBe(refused);
    status = 500;
    cluster.runSeconds(3);
    expect(cluster.eventTexts().some((text) => text.includes("statuscode: 500"))).toBe(true);
    expect(cluster.probes("app").at(-1)?.output).toBe("HTTP probe failed with statuscode: 500");
    status = 399;
    cluster.runSeconds(3);
    expect(cluster.livePod().status.containerStatuses?.[0]?.ready).toBe(true);
    expect(cluster.runtime.network.requests.at(-1)).toMatchObject({
      host: ip,
      port: 8080,
      path: "/ok",
      headers: [
        { name: "X-A", value: "b" },
        { name: "User-Agent", value: "kube-probe/1.34" },
        { name: "Accept", value: "*/*" },
      ],
    });
  });

  it("PROBE-9, PROBE-11: redirects on the host are followed, elsewhere they are a warning", () => {
    const cluster = withProbes(
      {},
      { readinessProbe: { httpGet: { port: 80, path: "/a" }, periodSeconds: 1 } },
    );
    cluster.runtime.network.http = ({ path, host }) =>
      path === "/a"
        ? { status: 302, headers: { Location: `http://${host}:80/b` }, body: "", error: null }
        : {
            status: 302,
            headers: { Location: "http://elsewhere/" },
            body: "see there",
            error: null,
          };
    cluster.runSeconds(4);
    expect(cluster.livePod().status.containerStatuses?.[0]?.ready).toBe(true);
    expect(cluster.eventTexts().find((text) => text.includes("ProbeWarning"))).toMatch(
      /^Warning ProbeWarning: Readiness probe warning: Probe terminated redirects, Response body: see there/,
    );
  });

  it("PROBE-11: no more than ten redirects", () => {
    const cluster = withProbes({}, { readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 } });
    cluster.runtime.network.http = () => ({
      status: 301,
      headers: { location: "/" },
      body: "",
      error: null,
    });
    cluster.runSeconds(3);
    expect(cluster.probes("app").at(-1)?.output).toMatch(/: stopped after 10 redirects$/);
  });

  it("PROBE-10, PROBE-11: TCP and gRPC", () => {
    const cluster = withProbes(
      {},
      {
        readinessProbe: { tcpSocket: { port: 5432 }, periodSeconds: 1 },
        livenessProbe: {
          grpc: { port: 9000, service: "s" },
          periodSeconds: 1,
          failureThreshold: 9,
        },
      },
    );
    cluster.runtime.network.grpc = () => ({ status: "NOT_SERVING" });
    cluster.runSeconds(3);
    const ip = cluster.livePod().status.podIP ?? "";
    const outputs = new Set(cluster.probes("app").map(({ output }) => output));
    expect(outputs).toEqual(
      new Set([
        `dial tcp ${ip}:5432: connect: connection refused`,
        'service unhealthy (responded with "NOT_SERVING")',
      ]),
    );
    expect(new Set(cluster.probes("app").map(({ handler }) => handler))).toEqual(
      new Set(["tcpSocket", "grpc"]),
    );
  });

  it("PROBE-9: an error of the prober is told, and counts neither way", () => {
    const cluster = withProbes(
      {},
      { livenessProbe: { httpGet: { port: "nowhere" }, periodSeconds: 1, failureThreshold: 1 } },
    );
    cluster.runSeconds(10);
    expect(cluster.eventTexts().find((text) => text.includes("Unhealthy"))).toMatch(
      /^Warning Unhealthy: Liveness probe errored and resulted in unknown state: strconv.Atoi: parsing "nowhere": invalid syntax/,
    );
    expect(cluster.livePod().status.containerStatuses?.[0]?.restartCount).toBe(0);
    expect(cluster.probes("app")[0]?.result).toBe("unknown");
  });

  it("PROBE-11: commands see only variables with a value in the spec", () => {
    const seen: string[] = [];
    const cluster = withProbes(
      {
        exec: (_name, command) => {
          seen.push(command.join(" "));
          return {};
        },
      },
      {
        env: [
          { name: "A", value: "a" },
          { name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        ],
        livenessProbe: { exec: { command: ["x", "$(A)", "$(B)", "$$(A)"] }, periodSeconds: 1 },
      },
    );
    cluster.runSeconds(3);
    expect(seen[0]).toBe("x a $(B) $(A)");
  });

  it("PROBE-13: a pod that is being deleted is not killed by a probe, nor told of", () => {
    const cluster = withProbes(
      { exec: failsFrom(5, "live"), runs: { app: [{ onStop: null }] } },
      { livenessProbe: exec("live", { failureThreshold: 1 }), readinessProbe: exec("ready") },
      { terminationGracePeriodSeconds: 20 },
    );
    cluster.runSeconds(4);
    cluster.deletePod();
    cluster.runSeconds(10);
    expect(cluster.eventTexts().filter((text) => text.includes("Unhealthy"))).toEqual([]);
    const kinds = cluster
      .probes("app")
      .filter(({ atMs }) => atMs > 66_000)
      .map(({ probe }) => probe);
    expect(new Set(kinds)).toEqual(new Set(["readiness"]));
  });

  it("PROBE-13: what has not started is not shown as started when its pod is ended", () => {
    const cluster = withProbes(
      { exec: () => ({ exitCode: 1 }), runs: { app: [{ onStop: null }] } },
      { startupProbe: exec("up", { failureThreshold: 100 }) },
      { terminationGracePeriodSeconds: 5 },
    );
    cluster.runSeconds(4);
    cluster.deletePod();
    cluster.runSeconds(10);
    const shown = cluster.statuses().flatMap(({ containerStatuses = [] }) => containerStatuses);
    expect(shown.at(-1)?.state?.terminated?.exitCode).toBe(137);
    expect(shown.filter(({ started }) => started === true)).toEqual([]);
  });

  it("PROBE-13: the liveness probe of a sidecar goes on until all containers are stopped", () => {
    const cluster = withProbes(
      { exec: failsFrom(7, "live"), runs: { app: [{ onStop: null }] } },
      {},
      {
        terminationGracePeriodSeconds: 20,
        initContainers: [
          {
            name: "s",
            image: "app:1",
            restartPolicy: "Always",
            livenessProbe: exec("live", { failureThreshold: 1 }),
          },
        ],
      },
    );
    cluster.runSeconds(4);
    cluster.deletePod();
    cluster.runSeconds(30);
    expect(cluster.eventTexts().filter((text) => text.includes("Unhealthy"))).toHaveLength(1);
    expect(cluster.eventTexts().filter((text) => text.includes("will be restarted"))).toEqual([]);
    expect(cluster.pod()).toBeNull();
  });

  it("PROBE-17: while a postStart hook blocks, nothing is probed", () => {
    const cluster = withProbes(
      { exec: (_name, [command]) => (command === "hook" ? { afterMs: 5000 } : {}) },
      {
        lifecycle: { postStart: { exec: { command: ["hook"] } } },
        readinessProbe: exec("ready"),
      },
    );
    cluster.runSeconds(5);
    expect(cluster.probes("app")).toEqual([]);
    cluster.runSeconds(5);
    expect(cluster.probes("app").length).toBeGreaterThan(1);
  });

  it("PROBE-12: after the end of a pod its workers are gone", () => {
    const cluster = withProbes(
      { runs: { app: [{ runMs: 3000 }] } },
      { readinessProbe: exec("ready") },
      { restartPolicy: "Never" },
    );
    cluster.runSeconds(10);
    const count = cluster.probes("app").length;
    cluster.runSeconds(100);
    expect(cluster.probes("app").length).toBe(count);
  });

  it("each attempt is on record with its number", () => {
    const cluster = withProbes({}, { readinessProbe: exec("ready") });
    cluster.runSeconds(10);
    expect(cluster.probes("app").map(({ attempt }) => attempt)).toEqual(
      cluster.probes("app").map((_, index) => index + 1),
    );
    expect(cluster.probes("app")[0]).toMatchObject({ handler: "exec", threshold: 1, latencyMs: 1 });
  });
});
