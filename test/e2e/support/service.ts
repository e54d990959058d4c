import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const ENTRY = new URL("../../../dist/src/main.js", import.meta.url).pathname;
const READY_TIMEOUT_MS = 30_000;

export interface Service {
  readonly url: string;
  readonly database: string;
  /** Milliseconds from its start to `/readyz`. */
  readonly readyMs: number;
  readonly output: () => string;
  /** Ends it and gives its exit code, or the signal that killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "peapod-e2e-"));

/** Starts the built service on a free port with a database of its own. */
export const startService = async (
  env: Readonly<Record<string, string>> = {},
): Promise<Service> => {
  const port = await freePort();
  const database = env.PEAPOD_DATABASE ?? join(temporaryFolder(), "peapod.sqlite");
  const begunMs = performance.now();
  const child = spawn(process.execPath, ["--enable-source-maps", ENTRY], {
    env: { ...process.env, PEAPOD_PORT: String(port), PEAPOD_DATABASE: database, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on("exit", (code, signal) => {
      running.delete(child);
      resolve(code ?? signal);
    });
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child, () => output);
  return {
    url,
    database,
    readyMs: performance.now() - begunMs,
    output: () => output,
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      return ended;
    },
  };
};

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

const untilReady = async (
  url: string,
  child: ChildProcess,
  output: () => string,
): Promise<void> => {
  const end = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the service ended:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok === true) return;
    await delay(20);
  }
  child.kill("SIGKILL");
  throw new Error(`the service was not ready within ${READY_TIMEOUT_MS} ms:\n${output()}`);
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
