import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createApplication } from "./application.js";
import { createLogger, readConfig } from "./config/index.js";

const start = async (environment: Record<string, string>): Promise<NestFastifyApplication> => {
  const config = readConfig({
    PEAPOD_DATABASE: ":memory:",
    PEAPOD_CLOCK: "paused",
    PEAPOD_EPOCH: "2026-01-01T00:00:00Z",
    PEAPOD_PORT: "0",
    ...environment,
  });
  const application = await createApplication(config, createLogger("silent"));
  await application.listen(config.port, config.host);
  return application;
};

interface Answer {
  readonly code: number;
  readonly body: Record<string, unknown>;
}

/** @param body JSON, or text as it is. */
const ask = async (
  application: NestFastifyApplication,
  method: "GET" | "PUT" | "POST" | "DELETE",
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const response = await application.inject({
    method,
    url,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { payload }),
  });
  return { code: response.statusCode, body: response.json() };
};

const NOW = "2026-01-01T00:00:00.000Z";

describe("the simulator API", () => {
  let application: NestFastifyApplication;
  beforeAll(async () => {
    application = await start({ PEAPOD_SEED: "7" });
  });
  afterAll(() => application.close());
  const get = (url: string): Promise<Answer> => ask(application, "GET", url);
  const advance = (body: unknown): Promise<Answer> =>
    ask(application, "POST", "/sim/v1/clock/advance", body);
  const setClock = (body: unknown): Promise<Answer> =>
    ask(application, "PUT", "/sim/v1/clock", body);

  it("tells the time and moves it", async () => {
    const stopped = { now: NOW, elapsedMs: 0, mode: "paused", speed: 1, seed: 7 };
    expect(await get("/sim/v1/clock")).toEqual({ code: 200, body: stopped });
    const moved = { ...stopped, now: "2026-01-01T00:00:01.500Z", elapsedMs: 1500 };
    expect(await advance({ seconds: 1.5 })).toEqual({ code: 200, body: moved });
    expect(await advance({ seconds: 0 })).toEqual({ code: 200, body: moved });
    const later = { ...stopped, now: "2026-01-01T00:00:02.000Z", elapsedMs: 2000 };
    expect(await advance({ until: "2026-01-01T01:00:02+01:00" })).toEqual({
      code: 200,
      body: later,
    });
    expect(await setClock({ speed: 60 })).toEqual({ code: 200, body: { ...later, speed: 60 } });
    expect(await setClock({ mode: "running" })).toMatchObject({
      body: { mode: "running", speed: 60 },
    });
    expect(await advance({ seconds: 1 })).toMatchObject({
      code: 409,
      body: {
        kind: "Status",
        reason: "Conflict",
        code: 409,
        message: expect.stringContaining("only a paused clock") as string,
      },
    });
    expect(await setClock({ mode: "paused", speed: "max" })).toMatchObject({
      code: 200,
      body: { mode: "paused", speed: "max" },
    });
    expect(await setClock({})).toMatchObject({ code: 200, body: { mode: "paused", speed: "max" } });
  });

  it("advances until the cluster is idle", async () => {
    const answer = await advance({ untilIdle: true, maxSeconds: 3600 });
    expect(answer).toMatchObject({ code: 200, body: { idle: true } });
    expect(answer.body["elapsedMs"]).toBeLessThan(600_000);
  });

  it("does one advance at a time", async () => {
    const first = advance({ seconds: 2000 });
    const second = await advance({ seconds: 1 });
    const change = await setClock({ speed: 2 });
    expect([second.code, change.code, (await first).code]).toEqual([409, 409, 200]);
  });

  it.each<[string, unknown]>([
    ["/sim/v1/clock/advance", {}],
    ["/sim/v1/clock/advance", undefined],
    ["/sim/v1/clock/advance", { seconds: -1 }],
    ["/sim/v1/clock/advance", { seconds: "5" }],
    ["/sim/v1/clock/advance", { seconds: 1e12 }],
    ["/sim/v1/clock/advance", { seconds: 5, until: NOW }],
    ["/sim/v1/clock/advance", { until: NOW }],
    ["/sim/v1/clock/advance", { until: "9026-01-01T00:00:00Z" }],
    ["/sim/v1/clock/advance", { until: "tomorrow" }],
    ["/sim/v1/clock/advance", { untilIdle: true }],
    ["/sim/v1/clock/advance", { untilIdle: false, maxSeconds: 5 }],
    ["/sim/v1/clock/advance", '{"seconds":'],
    ["/sim/v1/nodes", { count: 0 }],
    ["/sim/v1/nodes", { count: 5001 }],
    ["/sim/v1/nodes", { name: "Not A Name" }],
    ["/sim/v1/nodes", { name: "node-1" }],
    ["/sim/v1/nodes", { capacity: { cpu: "many" } }],
    ["/sim/v1/nodes", { taints: [{ key: "a", effect: "Never" }] }],
    ["/sim/v1/nodes", { nodes: 3 }],
  ])("refuses POST %s %j with a Status and changes nothing", async (url, body) => {
    const before = [await get("/sim/v1/clock"), await get("/sim/v1/nodes")];
    const answer = await ask(application, "POST", url, body);
    expect(answer).toMatchObject({
      code: 400,
      body: { kind: "Status", reason: "BadRequest", code: 400 },
    });
    expect([await get("/sim/v1/clock"), await get("/sim/v1/nodes")]).toEqual(before);
  });

  it.each([{ mode: "stopped" }, { speed: 0 }, { speed: "fast" }, { speed: 1e9 }, { pace: 1 }, []])(
    "refuses to set the clock to %j",
    async (body) => {
      expect(await setClock(body)).toMatchObject({ code: 400, body: { reason: "BadRequest" } });
    },
  );

  it("adds machines and takes them away", async () => {
    const names = async (): Promise<unknown[]> =>
      ((await get("/sim/v1/nodes")).body["items"] as { name: string }[]).map(({ name }) => name);
    expect(await names()).toEqual(["node-1", "node-2", "node-3"]);
    const post = (body: unknown): Promise<Answer> =>
      ask(application, "POST", "/sim/v1/nodes", body);
    expect(await post({})).toEqual({ code: 201, body: { names: ["node-4"] } });
    expect(await post({ count: 2 })).toEqual({ code: 201, body: { names: ["node-5", "node-6"] } });
    const big = {
      name: "big",
      capacity: { cpu: "64" },
      labels: { size: "big" },
      taints: [{ key: "a", effect: "NoSchedule" }],
    };
    expect(await post(big)).toEqual({ code: 201, body: { names: ["big"] } });
    await advance({ seconds: 30 });
    expect(await names()).toEqual([
      "big",
      "node-1",
      "node-2",
      "node-3",
      "node-4",
      "node-5",
      "node-6",
    ]);
    const { items } = (await get("/sim/v1/nodes")).body as { items: Record<string, unknown>[] };
    expect(items[0]).toMatchObject({
      name: "big",
      ready: true,
      capacity: { cpu: "64" },
      labels: { size: "big" },
      taints: [{ key: "a", effect: "NoSchedule" }],
    });
    const remove = (name: string): Promise<Answer> =>
      ask(application, "DELETE", `/sim/v1/nodes/${name}`);
    expect(await remove("node-5")).toEqual({ code: 200, body: { names: ["node-5"] } });
    expect(await remove("node-5")).toMatchObject({ code: 404, body: { reason: "NotFound" } });
    expect(await post({})).toEqual({ code: 201, body: { names: ["node-5"] } });
  });
});

describe("the access token", () => {
  let application: NestFastifyApplication;
  beforeAll(async () => {
    application = await start({ PEAPOD_TOKEN: "secret", PEAPOD_NODES: "0" });
  });
  afterAll(() => application.close());

  it.each(["/readyz", "/api", "/api/v1/pods", "/sim/v1/clock", "/metrics", "/nowhere"])(
    "is asked for on %s",
    async (url) => {
      expect(await ask(application, "GET", url)).toEqual({
        code: 401,
        body: {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Failure",
          message: "Unauthorized",
          reason: "Unauthorized",
          code: 401,
        },
      });
      const wrong = { authorization: "Bearer wrong" };
      expect((await ask(application, "GET", url, undefined, wrong)).code).toBe(401);
    },
  );

  it("opens the door", async () => {
    const right = { authorization: "Bearer secret" };
    expect((await ask(application, "GET", "/api", undefined, right)).code).toBe(200);
    const { port } = application.getHttpServer().address() as { port: number };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/sim/v1/stream?token=secret`);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    socket.close();
  });
});
