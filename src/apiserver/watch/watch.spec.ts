import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MemoryCluster } from "../testing/memory-cluster.js";
import { startTestApplication } from "../testing/test-application.js";
import { WatchClient } from "../testing/watch-client.js";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const TABLE = { accept: "application/json;as=Table;g=meta.k8s.io;v=v1" };

let application: NestFastifyApplication;
let cluster: MemoryCluster;
let url: string;
const open: WatchClient[] = [];

async function watch(query: string, headers: Record<string, string> = {}, path = CONFIG_MAPS) {
  const client = await WatchClient.open(`${url}${path}?watch=true&${query}`, headers);
  open.push(client);
  return client;
}

async function call(method: string, path: string, body?: unknown, type = "application/json") {
  const response = await fetch(url + path, {
    method,
    headers: { "content-type": type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as { metadata: { resourceVersion: string }; code?: number };
}

const create = (name: string, labels: Record<string, string> = {}) =>
  call("POST", CONFIG_MAPS, { metadata: { name, labels } });
const label = (name: string, labels: Record<string, string | null>) =>
  call("PATCH", `${CONFIG_MAPS}/${name}`, { metadata: { labels } }, "application/merge-patch+json");
const remove = (name: string) => call("DELETE", `${CONFIG_MAPS}/${name}`);

beforeAll(async () => {
  cluster = new MemoryCluster();
  application = await startTestApplication(cluster);
  await application.listen(0, "127.0.0.1");
  url = await application.getUrl();
  await call("POST", "/api/v1/namespaces", { metadata: { name: "default" } });
});
beforeEach(async () => {
  await call("DELETE", CONFIG_MAPS);
});
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});
afterAll(() => application.close());

describe("API-7: events", () => {
  it("begins with the state and goes on with what changes", async () => {
    await create("a");
    const client = await watch("");
    expect(client.response.headers.get("content-type")).toBe("application/json");
    expect(await client.names(1)).toEqual(["ADDED a"]);
    await create("b");
    await label("a", { x: "1" });
    await remove("b");
    expect(await client.names(3)).toEqual(["ADDED b", "MODIFIED a", "DELETED b"]);
  });

  it("goes on behind a resourceVersion, nothing lost or repeated", async () => {
    const { metadata } = await create("a");
    await create("b");
    await create("c");
    const client = await watch(`resourceVersion=${metadata.resourceVersion}`);
    expect(await client.names(2)).toEqual(["ADDED b", "ADDED c"]);
  });

  it("tells a selector who begins and who stops to match", async () => {
    await create("a", { app: "x" });
    const client = await watch("labelSelector=app%3Dx");
    expect(await client.names(1)).toEqual(["ADDED a"]);
    await create("other", { app: "y" });
    await label("a", { app: "y" });
    const { metadata } = await label("a", { more: "1" });
    await label("a", { app: "x" });
    const gone = await client.next();
    expect(gone).toMatchObject({
      type: "DELETED",
      object: { metadata: { name: "a", labels: { app: "x" } } },
    });
    expect(Number(gone?.object.metadata?.resourceVersion)).toBe(
      Number(metadata.resourceVersion) - 1,
    );
    expect(await client.names(1)).toEqual(["ADDED a"]);
  });

  it("says of a deletion the version that it has", async () => {
    const { metadata } = await create("a");
    const client = await watch(`resourceVersion=${metadata.resourceVersion}`);
    await remove("a");
    const frame = await client.next();
    expect(Number(frame?.object.metadata?.resourceVersion)).toBeGreaterThan(
      Number(metadata.resourceVersion),
    );
  });

  it("watches one object by field selector and by its old path", async () => {
    await create("a");
    await create("b");
    const selected = await watch("fieldSelector=metadata.name%3Db");
    expect(await selected.names(1)).toEqual(["ADDED b"]);
    const old = await watch("", {}, "/api/v1/watch/namespaces/default/configmaps/b");
    expect(await old.names(1)).toEqual(["ADDED b"]);
    await label("a", { x: "1" });
    await label("b", { x: "1" });
    expect(await selected.names(1)).toEqual(["MODIFIED b"]);
    expect(await old.names(1)).toEqual(["MODIFIED b"]);
  });

  it("ends cleanly after timeoutSeconds and frees its reader", async () => {
    const client = await watch("timeoutSeconds=1");
    expect(await client.next()).toBeNull();
    expect(cluster.feed.openReaders).toBe(0);
  });

  it("serves events in the version that is watched", async () => {
    const body = {
      metadata: { name: "e" },
      involvedObject: { namespace: "default", kind: "Pod", name: "p" },
      reason: "R",
      message: "m",
      type: "Normal",
    };
    await call("POST", "/api/v1/namespaces/default/events", body);
    const client = await watch("", {}, "/apis/events.k8s.io/v1/events");
    expect(await client.next()).toMatchObject({
      object: { apiVersion: "events.k8s.io/v1", note: "m", regarding: { name: "p" } },
    });
  });
});

describe("API-8: bookmarks", () => {
  it("ends the initial events with an annotated bookmark", async () => {
    const { metadata } = await create("a");
    const client = await watch(
      "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
    );
    expect(await client.names(1)).toEqual(["ADDED a"]);
    expect(await client.next()).toEqual({
      type: "BOOKMARK",
      object: {
        kind: "ConfigMap",
        apiVersion: "v1",
        metadata: {
          resourceVersion: metadata.resourceVersion,
          creationTimestamp: null,
          annotations: { "k8s.io/initial-events-end": "true" },
        },
      },
    });
  });

  it("sends one shortly before the end, at the version that was looked at", async () => {
    const { metadata } = await create("a");
    const client = await watch(
      `resourceVersion=${metadata.resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=3`,
    );
    await call("POST", "/api/v1/namespaces/default/secrets", { metadata: { name: "s" } });
    const frame = await client.next();
    expect(frame?.type).toBe("BOOKMARK");
    expect(Number(frame?.object.metadata?.resourceVersion)).toBe(cluster.feed.durableSequence);
    await call("DELETE", "/api/v1/namespaces/default/secrets/s");
  });

  it("needs resourceVersionMatch for sendInitialEvents", async () => {
    const response = await fetch(`${url}${CONFIG_MAPS}?watch=1&sendInitialEvents=true`);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      message:
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    });
  });
});

describe("API-6: versions that can't be watched from", () => {
  it("answers 504 for one that is not there yet", async () => {
    const current = cluster.feed.durableSequence;
    const response = await fetch(`${url}${CONFIG_MAPS}?watch=1&resourceVersion=${current + 1}`);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await response.json()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: `Timeout: Too large resource version: ${current + 1}, current: ${current}`,
      reason: "Timeout",
      details: {
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1,
      },
      code: 504,
    });
  });

  it("sends a 410 in the stream for one that is compacted away, and ends", async () => {
    const { metadata } = await create("a");
    await create("b");
    const oldest = cluster.feed.durableSequence;
    cluster.feed.forgetBefore(oldest);
    const client = await watch(`resourceVersion=${Number(metadata.resourceVersion) - 1}`);
    expect(await client.next()).toMatchObject({
      type: "ERROR",
      object: {
        code: 410,
        reason: "Expired",
        message: `too old resource version: ${Number(metadata.resourceVersion) - 1} (${oldest - 1})`,
      },
    });
    expect(await client.next()).toBeNull();
  });
});

describe("forms", () => {
  it("sends a Table with its columns once", async () => {
    await create("a");
    const client = await watch("", TABLE);
    const first = await client.next();
    expect(first).toMatchObject({ type: "ADDED", object: { kind: "Table" } });
    expect(first?.object.columnDefinitions).toBeInstanceOf(Array);
    expect(first?.object.rows).toMatchObject([
      { object: { kind: "PartialObjectMetadata", metadata: { name: "a" } } },
    ]);
    await label("a", { x: "1" });
    const second = await client.next();
    expect(second?.object.columnDefinitions).toBeNull();
  });

  it("sends metadata alone", async () => {
    await create("a");
    const client = await watch("", {
      accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
    });
    expect(await client.next()).toMatchObject({
      type: "ADDED",
      object: {
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: { name: "a" },
      },
    });
  });

  it("can't be had as YAML", async () => {
    const response = await fetch(`${url}${CONFIG_MAPS}?watch=1`, {
      headers: { accept: "application/yaml" },
    });
    expect(response.status).toBe(406);
    expect(await response.text()).toContain("application/json;stream=watch");
  });
});

describe("a slow client", () => {
  it("stops the reading and gets everything once it reads again", async () => {
    const { metadata } = await create("a");
    const client = await watch(`resourceVersion=${metadata.resourceVersion}`);
    const big = "x".repeat(500_000);
    for (let round = 0; round < 20; round += 1)
      await call(
        "PATCH",
        `${CONFIG_MAPS}/a`,
        { data: { big: `${round}${big}` } },
        "application/merge-patch+json",
      );
    for (let round = 0; round < 20; round += 1) {
      const frame = await client.next();
      expect((frame?.object.data as { big: string }).big.startsWith(`${round}x`)).toBe(true);
    }
  });
});
