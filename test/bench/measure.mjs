// What the benches share: one JSON object a figure, and the built service as a child process.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export const report = (name, value, unit, more = {}) => {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(4)), unit, ...more }));
};

export const percentile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};

const ENTRY = new URL("../../dist/src/main.js", import.meta.url).pathname;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts the built service on an empty database, or on `env.PEAPOD_DATABASE`; `stop` removes what it made. */
export const startService = async (env = {}) => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "peapod-bench-"));
  const begunMs = performance.now();
  const child = spawn(process.execPath, ["--enable-source-maps", ENTRY], {
    env: {
      ...process.env,
      PEAPOD_PORT: String(port),
      PEAPOD_DATABASE: join(folder, "peapod.sqlite"),
      ...env,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error("the service ended");
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) break;
    await delay(10);
  }
  const readyMs = performance.now() - begunMs;
  const request = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${json.message}`);
    return json;
  };
  return {
    url,
    readyMs,
    request,
    /** CPU seconds it has used so far. */
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1].split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    residentBytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) * 1024,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const aPod = (name, container = { image: "registry.k8s.io/pause:3.9" }, more = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "c", ...container }], ...more },
});

/** Creates `count` pods by `clients` concurrent clients; the latency of each in milliseconds. */
export const createPods = async (service, count, clients = 8, podOf = (i) => aPod(`p-${i}`)) => {
  const latencies = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < count) {
        const pod = podOf(next++);
        const begunMs = performance.now();
        await service.request("POST", "/api/v1/namespaces/default/pods", pod);
        latencies.push(performance.now() - begunMs);
      }
    }),
  );
  return latencies;
};

/** Waits until `count` pods are Ready. */
export const untilReady = async (service, count, timeoutMs = 120_000) => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const { items } = await service.request(
      "GET",
      "/api/v1/namespaces/default/pods?fieldSelector=status.phase%3DRunning",
    );
    const ready = items.filter(({ status }) =>
      status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
    if (ready.length >= count) return;
    if (performance.now() > end)
      throw new Error(`${ready.length} of ${count} pods Ready after ${timeoutMs} ms`);
    await delay(100);
  }
};
