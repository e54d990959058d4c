import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startService, temporaryFolder, type Service } from "./support/service.js";

const ENTRY = new URL("../../dist/src/main.js", import.meta.url).pathname;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the service until it ends of itself. @param limitBlocks of 512 bytes, that it may write to one file. */
const runToEnd = (
  env: Readonly<Record<string, string>>,
  limitBlocks: number | "unlimited" = "unlimited",
  onReady: () => void = () => undefined,
): Promise<Ended> =>
  new Promise((resolve) => {
    const command = `ulimit -f ${limitBlocks}; exec "$0" "$1"`;
    const child = spawn("sh", ["-c", command, process.execPath, ENTRY], {
      env: { ...process.env, ...env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes("is ready")) onReady();
    });
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });

const freshDatabase = (): string => join(temporaryFolder(), "peapod.sqlite");

const createConfigMap = (url: string, name: string, data = "x"): Promise<Response> =>
  fetch(`${url}/api/v1/namespaces/default/configmaps`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name },
      data: { data },
    }),
  });

const configMapNames = async (url: string): Promise<Set<string>> => {
  const answer = await fetch(`${url}/api/v1/namespaces/default/configmaps`);
  const { items } = (await answer.json()) as { items: { metadata: { name: string } }[] };
  return new Set(items.map(({ metadata }) => metadata.name));
};

describe("a start that cannot be ends with one clear line", () => {
  it.each<[string, Record<string, string>, number, RegExp]>([
    [
      "a wrong value",
      { PEAPOD_CLOCK: "fast" },
      2,
      /^peapod: PEAPOD_CLOCK="fast" is not valid; allowed: realtime, x<speed> .*\n$/,
    ],
    [
      "no token off loopback",
      { PEAPOD_HOST: "0.0.0.0" },
      2,
      /^peapod: PEAPOD_TOKEN is not set, .*\n$/,
    ],
    [
      "an address of another machine",
      { PEAPOD_HOST: "192.0.2.1", PEAPOD_TOKEN: "t" },
      1,
      /^peapod: cannot listen on 192\.0\.2\.1:\d+: .*\n$/,
    ],
    [
      "a folder for a database",
      { PEAPOD_DATABASE: temporaryFolder() },
      1,
      /^peapod: cannot start: the database .* it is a folder\n$/,
    ],
  ])("%s", async (_, env, code, line) => {
    const ended = await runToEnd({ PEAPOD_DATABASE: ":memory:", PEAPOD_PORT: "0", ...env });
    expect(ended.stderr).toMatch(line);
    expect(ended).toMatchObject({ code, stdout: "" });
  });

  it("a file that is no database, which is left as it is", async () => {
    const database = freshDatabase();
    const letter = "Dear aunt, this is a letter and no database.\n".repeat(100);
    writeFileSync(database, letter);
    const ended = await runToEnd({ PEAPOD_DATABASE: database, PEAPOD_PORT: "0" });
    expect(ended.stderr).toBe(
      `peapod: cannot start: the database ${database} cannot be used: it is not a SQLite database (SQLITE_NOTADB)\n`,
    );
    expect(ended.code).toBe(1);
    expect(readFileSync(database, "utf8")).toBe(letter);
  });

  it("a port or a database that another one uses", async () => {
    const service = await startService();
    const { port } = new URL(service.url);
    const samePort = await runToEnd({ PEAPOD_PORT: port, PEAPOD_DATABASE: freshDatabase() });
    expect(samePort).toEqual({
      code: 1,
      stdout: "",
      stderr: `peapod: cannot listen on 127.0.0.1:${port}: the port is in use; set PEAPOD_PORT to another one\n`,
    });
    const sameDatabase = await runToEnd({ PEAPOD_PORT: "0", PEAPOD_DATABASE: service.database });
    expect(sameDatabase).toEqual({
      code: 1,
      stdout: "",
      stderr: `peapod: cannot start: the database ${service.database} cannot be used: it is in use by another process (SQLITE_BUSY)\n`,
    });
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });
});

/** Opens the stream. @returns what waits for the code that it is closed with. */
const openStream = async (service: Service): Promise<() => Promise<number>> => {
  const socket = new WebSocket(`${service.url.replace("http", "ws")}/sim/v1/stream`);
  const closed = new Promise<number>((resolve) => {
    socket.once("close", resolve);
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return () => closed;
};

describe("a stop", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "by %s is clean, whoever is still there",
    async (signal) => {
      const service = await startService();
      expect(service.output()).toBe(`Peapod is ready on ${service.url}\n`);
      const watch = await fetch(`${service.url}/api/v1/pods?watch=1`);
      const watched = watch.text();
      const streamClosed = await openStream(service);
      await createConfigMap(service.url, "kept");
      expect(await service.stop(signal)).toBe(0);
      expect(await watched).toBe("");
      expect(await streamClosed()).toBe(1001);
      const again = await startService({ PEAPOD_DATABASE: service.database });
      expect(await configMapNames(again.url)).toContain("kept");
      expect(await again.stop()).toBe(0);
    },
  );
});

describe("a disk that takes no more", () => {
  it("is answered with 503, ends the service with one line, and loses nothing acknowledged", async () => {
    const database = freshDatabase();
    const port = "18431";
    const url = `http://127.0.0.1:${port}`;
    const acknowledged: string[] = [];
    let refusal: unknown = null;
    let isDone: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      isDone = resolve;
    });
    const fill = async (): Promise<void> => {
      for (let index = 0; index < 1000; index += 1) {
        const answer = await createConfigMap(url, `c-${index}`, "x".repeat(50_000));
        if (answer.status !== 201) {
          refusal = await answer.json();
          break;
        }
        acknowledged.push(`c-${index}`);
      }
      isDone();
    };
    const ended = await runToEnd(
      { PEAPOD_PORT: port, PEAPOD_DATABASE: database },
      8192,
      () => void fill(),
    );
    await done;
    expect(refusal).toMatchObject({ kind: "Status", reason: "ServiceUnavailable", code: 503 });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^peapod: stopping: the database .* cannot be used: .*\n$/);
    expect(acknowledged.length).toBeGreaterThan(5);
    const again = await startService({ PEAPOD_DATABASE: database });
    const names = await configMapNames(again.url);
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    expect(names.has(`c-${acknowledged.length}`)).toBe(false);
    await again.stop();
  });
});
