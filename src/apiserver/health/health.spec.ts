import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ScriptedCluster } from "../testing/scripted-cluster.js";
import { startTestApplication } from "../testing/test-application.js";

let application: NestFastifyApplication;
const cluster = new ScriptedCluster();
const get = async (url: string) => {
  const response = await application.inject({ method: "GET", url });
  return { code: response.statusCode, text: response.body, type: response.headers["content-type"] };
};

beforeAll(async () => {
  application = await startTestApplication(cluster);
});
beforeEach(() => {
  cluster.isReady = true;
});
afterAll(() => application.close());

describe("readyz, livez, healthz", () => {
  it.each(["readyz", "livez", "healthz"])("%s says ok", async (name) => {
    expect(await get(`/${name}`)).toEqual({
      code: 200,
      text: "ok",
      type: "text/plain; charset=utf-8",
    });
    expect((await get(`/${name}?verbose`)).text).toBe(
      `[+]ping ok\n[+]simulation ok\n${name} check passed\n`,
    );
    expect((await get(`/${name}/ping`)).text).toBe("ok");
    expect((await get(`/${name}/nosuch`)).code).toBe(404);
  });

  it("fails while the simulation can't be used, and says which check", async () => {
    cluster.isReady = false;
    expect(await get("/readyz")).toMatchObject({
      code: 500,
      text: "[+]ping ok\n[-]simulation failed: reason withheld\nreadyz check failed\n",
    });
    expect((await get("/readyz?exclude=simulation")).code).toBe(200);
    expect((await get("/readyz/simulation")).code).toBe(500);
  });
});

describe("metrics", () => {
  it("counts requests by verb, resource and code", async () => {
    cluster.answer = () => ({
      ok: false,
      status: {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        code: 404,
        reason: "NotFound",
        message: "x",
      },
    });
    await get("/api/v1/namespaces/default/pods/x");
    const { text } = await get("/metrics");
    expect(text).toContain(
      'apiserver_request_total{verb="GET",group="",version="v1",resource="pods",subresource="",code="404"} 1',
    );
    expect(text).toContain("peapod_feed_durable_sequence 0");
    expect(text).toContain("process_cpu_seconds_total");
  });
});
