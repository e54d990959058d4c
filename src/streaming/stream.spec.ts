import { describe, expect, it } from "vitest";
import {
  aLogLine,
  anObject,
  aProbe,
  aRevision,
  aTransition,
} from "../persistence/testing/entries.js";
import type { FeedEntry } from "../simulation/index.js";
import { MAX_RING_BYTES } from "../simulation/limits.js";
import { MAX_BUFFERED_BYTES, MAX_MESSAGE_BYTES, MAX_SUBSCRIPTIONS } from "./limits.js";
import { StreamApplication } from "./testing/stream-application.js";

const ALL = ["transition", "probe", "event", "pod", "log"];

const pod = (name: string, sequence: number, labels: Record<string, string>): FeedEntry =>
  aRevision(
    "ADDED",
    anObject("Pod", name, sequence, {
      labels,
      spec: {
        nodeName: "node-1",
        containers: [{ name: "app" }],
        initContainers: [{ name: "init" }],
      },
    }),
  );

const event = (sequence: number, about: Record<string, unknown>): FeedEntry =>
  aRevision(
    "ADDED",
    anObject("Event", `e.${sequence}`, sequence, {
      involvedObject: about,
      source: { host: "node-2" },
    }),
  );

const STORY: readonly FeedEntry[] = [
  pod("web", 1, { app: "web" }),
  aTransition(2, "web"),
  aProbe(3, "web", { container: "side", node: "node-2" }),
  event(4, { kind: "Pod", name: "web", uid: "uid-web", fieldPath: "spec.containers{app}" }),
  event(5, { kind: "Node", name: "node-1", uid: "node-1" }),
  aLogLine(6, "web", "hello"),
  pod("db", 7, { app: "db" }),
  aTransition(8, "db"),
  aRevision("ADDED", anObject("ConfigMap", "settings", 9)),
  aTransition(10, "other", { namespace: "elsewhere" }),
];

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const probes = (from: number, to: number, name = "web"): FeedEntry[] =>
  range(from, to).map((cursor) => aProbe(cursor, name));

describe("the stream", () => {
  it("speaks the contract to the letter", async () => {
    const app = await StreamApplication.start();
    const client = app.connect();
    await client.subscribe({ types: ["transition", "pod"], from: "now" });
    await app.publish(...STORY.slice(0, 2));
    await client.until(() => client.records.length === 2);
    await client.send({ op: "ping", id: 7 });
    await client.send({ op: "unsubscribe", id: "s1" });
    await client.until(() => client.messages.at(-1)?.op === "unsubscribed");
    await app.publish(...STORY.slice(2));
    await client.settle();
    expect(client.messages).toEqual([
      { op: "subscribed", id: "s1", cursor: 0 },
      {
        op: "record",
        id: "s1",
        cursor: 1,
        time: "1970-01-01T00:00:01.000Z",
        type: "pod",
        namespace: "default",
        pod: "web",
        uid: "uid-web",
        node: "node-1",
        change: "ADDED",
        object: (STORY[0] as { object: unknown }).object,
      },
      {
        op: "record",
        id: "s1",
        cursor: 2,
        time: "1970-01-01T00:00:01.000Z",
        ...(STORY[1] as { record: object }).record,
      },
      { op: "pong", id: 7 },
      { op: "unsubscribed", id: "s1" },
    ]);
  });

  it.each<[string, object, number[]]>([
    ["all types", {}, [1, 2, 3, 4, 5, 6, 7, 8, 10]],
    ["a type", { types: ["log"] }, [6]],
    ["a namespace", { filter: { namespace: "elsewhere" } }, [10]],
    ["a pod", { filter: { pod: "web" } }, [1, 2, 3, 4, 6]],
    ["a pod of a namespace", { filter: { namespace: "default", pod: "db" } }, [7, 8]],
    ["a container", { filter: { container: "app" } }, [1, 2, 4, 6, 7, 8, 10]],
    ["a container, events alone", { types: ["event"], filter: { container: "app" } }, [4]],
    ["a node", { filter: { node: "node-2" } }, [3, 4]],
    ["labels", { filter: { labelSelector: "app=web" } }, [1, 2, 3, 4, 6]],
    [
      "labels, without the pods themselves",
      { types: ["transition"], filter: { labelSelector: "app in (db)" } },
      [8],
    ],
    ["labels and a container", { filter: { labelSelector: "app=web", container: "side" } }, [3]],
    ["nothing that is", { filter: { pod: "none" } }, []],
  ])("filters by %s, live and from the start", async (_, wanted, expected) => {
    const app = await StreamApplication.start();
    const live = app.connect();
    await live.subscribe({ types: ALL, ...wanted, from: "now" });
    await app.publish(...STORY);
    const past = app.connect();
    await past.subscribe({ types: ALL, ...wanted, from: "start" });
    await Promise.all(
      [live, past].map((client) => client.until(() => client.records.length >= expected.length)),
    );
    await Promise.all([live.settle(), past.settle()]);
    expect([live.cursors, past.cursors]).toEqual([expected, expected]);
  });

  it("takes labels as they were: from the journal when the pod came before the cursor, and as they change", async () => {
    const relabelled = aRevision(
      "MODIFIED",
      anObject("Pod", "web", 12, { labels: { app: "new" }, spec: { containers: [] } }),
      anObject("Pod", "web", 1),
    );
    const app = await StreamApplication.start([
      ...STORY,
      aTransition(11, "web"),
      relabelled,
      aTransition(13, "web"),
    ]);
    const client = app.connect();
    const types = ["transition"];
    await client.subscribe({ id: "old", types, filter: { labelSelector: "app=web" }, from: 2 });
    await client.subscribe({ id: "new", types, filter: { labelSelector: "app=new" }, from: 2 });
    await client.until(() => client.records.length === 2);
    await client.settle();
    expect(client.records.map(({ id, cursor }) => [id, cursor])).toEqual([
      ["old", 11],
      ["new", 13],
    ]);
  });

  it("resumes from a cursor with nothing lost or repeated, over journal and memory", async () => {
    const app = await StreamApplication.start(probes(1, 3000));
    const first = app.connect();
    await first.subscribe({ types: ["probe"], from: "start" });
    await first.until(() => first.records.length >= 1234);
    first.socket.terminate();
    const cursor = first.cursors[1233] ?? 0;
    await app.publish(...probes(3001, 5000));
    const second = app.connect();
    await second.subscribe({ types: ["probe"], from: cursor });
    await app.publish(...probes(5001, 6000));
    await second.until(() => second.records.length === 6000 - 1234);
    const seen = [...first.cursors.slice(0, 1234), ...second.cursors];
    expect(seen).toEqual(range(1, 6000));
  });

  it("says which records are no longer kept", async () => {
    const app = await StreamApplication.start(probes(1, 20));
    app.journal.compactTo(11);
    const client = app.connect();
    await client.subscribe({ types: ["probe"], from: 4 });
    await client.until(() => client.records.length === 10);
    expect(client.messages.slice(0, 2)).toEqual([
      { op: "subscribed", id: "s1", cursor: 4 },
      { op: "gap", id: "s1", from: 5, to: 10 },
    ]);
    expect(client.cursors).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it("lets a slow client wait for itself alone, within a bounded buffer", async () => {
    const app = await StreamApplication.start();
    const [slow, quick] = [app.connect(), app.connect()];
    for (const client of [slow, quick]) await client.subscribe({ types: ["probe"], from: "now" });
    slow.socket.pause();
    const many = 8000;
    const output = "x".repeat(3000);
    for (let from = 1; from <= many; from += 1000) {
      const entries = range(from, from + 999).map((cursor) => aProbe(cursor, "web", { output }));
      await app.publishLarge(entries, MAX_RING_BYTES / 2);
    }
    await quick.until(() => quick.records.length === many);
    const [waiting] = app.gateway.bufferedBytes.toSorted((left, right) => right - left);
    expect(waiting).toBeGreaterThan(0);
    expect(waiting).toBeLessThan(MAX_BUFFERED_BYTES + 8000);
    slow.socket.resume();
    await slow.until(() => slow.records.length === many);
    expect(slow.cursors).toEqual(quick.cursors);
  });

  it("tells a slow client of the log lines that it has missed", async () => {
    const app = await StreamApplication.start();
    const slow = app.connect();
    await slow.subscribe({ types: ["log"], from: "now" });
    slow.socket.pause();
    const many = 8000;
    const line = "x".repeat(3000);
    for (let from = 1; from <= many; from += 1000) {
      const entries = range(from, from + 999).map((cursor) => aLogLine(cursor, "web", line));
      await app.publishLarge(entries, MAX_RING_BYTES / 2);
    }
    slow.socket.resume();
    await slow.until(() => slow.records.at(-1)?.["cursor"] === many);
    const gaps = slow.messages.filter(({ op }) => op === "gap");
    expect(gaps).toHaveLength(1);
    const [{ from, to }] = gaps as unknown as [{ from: number; to: number }];
    const seen = new Set(slow.cursors);
    const missed = Array.from({ length: many }, (_, index) => index + 1).filter(
      (cursor) => !seen.has(cursor),
    );
    expect([missed[0], missed.at(-1), missed.length]).toEqual([from, to, to - from + 1]);
  });
});

describe("the stream refuses", () => {
  it.each<[string, unknown, object]>([
    [
      "what is not JSON",
      "{op",
      {
        reason: "BadRequest",
        message: expect.stringMatching(/^a message must be JSON: /) as string,
      },
    ],
    ["what is not an object", "[]", { reason: "BadRequest" }],
    [
      "an unknown op",
      { op: "publish", id: "x" },
      {
        id: "x",
        reason: "BadRequest",
        message: 'op: must be "subscribe", "unsubscribe" or "ping"',
      },
    ],
    [
      "a missing id",
      { op: "subscribe", types: ["pod"] },
      { reason: "BadRequest", message: expect.stringMatching(/^id: /) as string },
    ],
    [
      "an unknown type",
      { op: "subscribe", id: "x", types: ["node"] },
      { id: "x", reason: "BadRequest", message: expect.stringMatching(/^types.0: /) as string },
    ],
    ["no type", { op: "subscribe", id: "x", types: [] }, { id: "x", reason: "BadRequest" }],
    [
      "an unknown filter",
      { op: "subscribe", id: "x", types: ["pod"], filter: { pods: "a" } },
      {
        id: "x",
        reason: "BadRequest",
        message: expect.stringMatching(/^filter: .*pods/) as string,
      },
    ],
    [
      "a bad label selector",
      { op: "subscribe", id: "x", types: ["pod"], filter: { labelSelector: "a in ((" } },
      { id: "x", reason: "BadRequest" },
    ],
    [
      "a cursor to come",
      { op: "subscribe", id: "x", types: ["pod"], from: 99 },
      { id: "x", reason: "BadRequest", message: "from: 99 is ahead of the newest cursor, 10" },
    ],
    [
      "a negative cursor",
      { op: "subscribe", id: "x", types: ["pod"], from: -1 },
      { id: "x", reason: "BadRequest" },
    ],
    [
      "a second subscription of one id",
      { op: "subscribe", id: "s1", types: ["pod"] },
      { id: "s1", reason: "AlreadyExists" },
    ],
    ["to end what is not there", { op: "unsubscribe", id: "x" }, { id: "x", reason: "NotFound" }],
  ])("%s, and goes on", async (_, message, expected) => {
    const app = await StreamApplication.start(STORY);
    const client = app.connect();
    await client.subscribe({ types: ["transition"], from: "now" });
    await client.send(message);
    await client.until(() => client.messages.length === 2);
    expect(client.messages[1]).toMatchObject({ op: "error", ...expected });
    await app.publish(aTransition(11, "web"));
    await client.until(() => client.cursors.length === 1);
  });

  it("more subscriptions than a connection may have", async () => {
    const app = await StreamApplication.start();
    const client = app.connect();
    for (let number = 0; number < MAX_SUBSCRIPTIONS; number += 1)
      await client.subscribe({ id: `s-${number}`, types: ["pod"] });
    await client.subscribe({ id: "one-more", types: ["pod"] });
    expect(client.messages.at(-1)).toMatchObject({
      op: "error",
      id: "one-more",
      reason: "TooManyRequests",
    });
    expect(app.feed.readerCount).toBe(MAX_SUBSCRIPTIONS);
    client.socket.close();
    await client.closed;
    const other = app.connect();
    await other.settle();
    expect(app.feed.readerCount).toBe(0);
  });

  it("a message that is too long", async () => {
    const app = await StreamApplication.start();
    const client = app.connect();
    await client.send(`"${"x".repeat(MAX_MESSAGE_BYTES - 2)}"`);
    await client.until(() => client.messages.length === 1);
    await client.send(`"${"x".repeat(MAX_MESSAGE_BYTES - 1)}"`);
    expect(await client.closed).toBe(1009);
  });

  it.each<[string, object, string, number | null]>([
    ["no token", {}, "", 401],
    ["a wrong token", { headers: { authorization: "Bearer wrong" } }, "", 401],
    ["a wrong token in the query", {}, "?token=wrong", 401],
    ["the right token", { headers: { authorization: "Bearer secret" } }, "", null],
    ["the right token in the query", {}, "?token=secret", null],
  ])("who has %s", async (_, options, query, code) => {
    const app = await StreamApplication.start([], "secret");
    const client = app.connect(options, query);
    if (code === null) await client.settle();
    else await expect(client.opened).rejects.toThrow(`Unexpected server response: ${code}`);
  });

  it.each<[string, number | null]>([
    ["https://evil.example", 403],
    ["null", 403],
    ["http://localhost:5173", null],
  ])("a page of %s", async (origin, code) => {
    const app = await StreamApplication.start();
    const client = app.connect({ origin });
    if (code === null) await client.settle();
    else await expect(client.opened).rejects.toThrow(`Unexpected server response: ${code}`);
  });

  it("other paths, unless somebody else serves them", async () => {
    const app = await StreamApplication.start();
    const other = app.connect({}, "/other");
    await expect(other.opened).rejects.toThrow("Unexpected server response: 404");
    app.http
      .getHttpServer()
      .on("upgrade", (request: { url: string }, socket: { end(text: string): void }) => {
        if (request.url.endsWith("/other"))
          socket.end("HTTP/1.1 418 I am a teapot\r\nConnection: close\r\n\r\n");
      });
    await expect(app.connect({}, "/other").opened).rejects.toThrow(
      "Unexpected server response: 418",
    );
  });
});

it("tells its clients when the service stops", async () => {
  const app = await StreamApplication.start();
  const client = app.connect();
  await client.subscribe({ types: ["pod"] });
  await app.http.close();
  expect(await client.closed).toBe(1001);
});
