import { describe, expect, it } from "vitest";
import { notFound, type Event, type EventsV1Event, type ObjectReference } from "../api/index.js";
import { Engine, type Call } from "../engine/index.js";
import type { Client, Patch } from "./client.js";
import { ConnectionLost } from "./connection-lost.js";
import { EventRecorder } from "./event-recorder.js";
import {
  AGGREGATE_INTERVAL_MS,
  AGGREGATE_MAX_MESSAGES,
  EVENT_RETRY_DELAY_MS,
  MAX_QUEUED_EVENTS,
  MAX_TRIES_PER_EVENT,
  SERIES_FINISH_MS,
  SERIES_REFRESH_MS,
  SPAM_BURST,
} from "./limits.js";
import { SeriesEventRecorder } from "./series-event-recorder.js";

type Written = Event | EventsV1Event;

/** A server that keeps events and nothing else. */
class EventServer {
  readonly events = new Map<string, Written>();
  readonly writes: string[] = [];
  isDown = false;

  readonly client = {
    create: (resource: string, namespace: string, body: unknown) =>
      this.#create(resource, namespace, body as Written),
    patch: (_resource: string, namespace: string, name: string, patch: Patch) =>
      this.#patch(`${namespace}/${name}`, patch),
  } as unknown as Client;

  *#create(resource: string, namespace: string, event: Written): Call<Written> {
    if (this.isDown) throw new ConnectionLost("connection refused");
    this.events.set(`${namespace}/${event.metadata.name}`, event);
    this.writes.push(`create ${resource}`);
    return event;
  }

  *#patch(key: string, patch: Patch): Call<Written> {
    const event = this.events.get(key);
    if (event === undefined) throw notFound("events", key);
    const next = { ...event, ...(patch.body as object) } as Written;
    this.events.set(key, next);
    this.writes.push(`patch ${Object.keys(patch.body as object).join(" ")}`);
    return next;
  }
}

const pod: ObjectReference = {
  apiVersion: "v1",
  kind: "Pod",
  namespace: "default",
  name: "x",
  uid: "u",
};

const setup = () => {
  const engine = new Engine({ seed: 1, startMs: 1_767_225_600_000 });
  const server = new EventServer();
  const { client } = server;
  const recorder = new EventRecorder({ engine, client, component: "kubelet", host: "node-1" });
  const emit = (message: string, about: Partial<ObjectReference> = {}, type = "Warning"): void => {
    recorder.emit({ ...pod, ...about }, type as "Normal" | "Warning", "Unhealthy", message);
    engine.settle();
  };
  const events = (): Event[] => [...server.events.values()] as Event[];
  return { engine, server, recorder, emit, events };
};

describe("EventRecorder", () => {
  it("EVT-1, EVT-5: writes a core/v1 Event with its source and a name of its own", () => {
    const { emit, events } = setup();
    emit("failed", { fieldPath: "spec.containers{app}" });
    const [event] = events();
    expect(event).toMatchObject({
      kind: "Event",
      metadata: { namespace: "default" },
      involvedObject: { ...pod, fieldPath: "spec.containers{app}" },
      source: { component: "kubelet", host: "node-1" },
      reportingComponent: "kubelet",
      reportingInstance: "node-1",
      type: "Warning",
      reason: "Unhealthy",
      message: "failed",
      count: 1,
      firstTimestamp: "2026-01-01T00:00:00Z",
      lastTimestamp: "2026-01-01T00:00:00Z",
    });
    expect(event?.metadata.name).toMatch(/^x\.[0-9a-f]{16}$/);
  });

  it("records in the namespace default what is about a cluster-scoped object", () => {
    const { recorder, engine, events } = setup();
    recorder.emit({ kind: "Node", name: "node-1", uid: "node-1" }, "Normal", "Starting", "");
    engine.settle();
    expect(events()[0]?.metadata.namespace).toBe("default");
  });

  it("EVT-2: the same event again is one object with a higher count", () => {
    const { emit, engine, events, server } = setup();
    emit("failed");
    engine.runUntil(engine.nowMs + 5000);
    emit("failed");
    emit("failed", { fieldPath: "spec.containers{other}" });
    expect(events().map(({ count }) => count)).toEqual([2, 1]);
    expect(events()[0]).toMatchObject({
      firstTimestamp: "2026-01-01T00:00:00Z",
      lastTimestamp: "2026-01-01T00:00:05Z",
    });
    expect(server.writes).toEqual([
      "create events",
      "patch count lastTimestamp message",
      "create events",
    ]);
  });

  it("EVT-2: an event that expired is made again with its count", () => {
    const { emit, events, server } = setup();
    emit("failed");
    server.events.clear();
    emit("failed");
    expect(events()).toMatchObject([{ count: 2, firstTimestamp: "2026-01-01T00:00:00Z" }]);
  });

  it("EVT-3: the tenth message of a group, and what follows, becomes one combined event", () => {
    const { emit, events } = setup();
    for (let index = 1; index <= AGGREGATE_MAX_MESSAGES + 2; index += 1) emit(`try ${index}`);
    const messages = events().map(({ message }) => message);
    expect(messages).toHaveLength(AGGREGATE_MAX_MESSAGES);
    expect(messages.at(-2)).toBe("try 9");
    expect(events().at(-1)).toMatchObject({
      message: "(combined from similar events): try 12",
      count: 3,
    });
  });

  it.each([
    ["no gap above ten minutes keeps the group", AGGREGATE_INTERVAL_MS, true],
    ["a longer one starts a new group", AGGREGATE_INTERVAL_MS + 1, false],
  ])("EVT-3: %s", (_, gapMs, isCombined) => {
    const { emit, engine, events } = setup();
    for (let index = 1; index < AGGREGATE_MAX_MESSAGES; index += 1) emit(`try ${index}`);
    engine.runUntil(engine.nowMs + gapMs);
    emit("try again");
    expect(events().at(-1)?.message?.startsWith("(combined")).toBe(isCombined);
  });

  it("EVT-4: drops what is more than 25 of one type about one object, then lets one through every 5 minutes", () => {
    const { emit, engine, events } = setup();
    const total = (): number => events().reduce((sum, { count = 0 }) => sum + count, 0);
    for (let index = 0; index < SPAM_BURST + 5; index += 1) emit("failed");
    expect(total()).toBe(SPAM_BURST);
    emit("fine", {}, "Normal");
    emit("failed", { name: "y", uid: "v" });
    expect(total()).toBe(SPAM_BURST + 2);
    engine.runUntil(engine.nowMs + 300_000);
    emit("failed");
    emit("failed");
    // What was dropped is counted too: the next one that is written says so.
    expect(events()[0]?.count).toBe(SPAM_BURST + 6);
  });

  it("tries again what is not answered, and drops what does not fit its queue", () => {
    const { recorder, engine, events, server } = setup();
    server.isDown = true;
    for (let index = 0; index < MAX_QUEUED_EVENTS + 10; index += 1) {
      recorder.emit({ ...pod, uid: `u${index}` }, "Normal", "Started", "");
    }
    engine.settle();
    server.isDown = false;
    engine.runUntil(engine.nowMs + 60_000);
    expect(events()).toHaveLength(MAX_QUEUED_EVENTS);
  });

  it("counts an event once, however often it is tried to be written", () => {
    const { emit, engine, events, server } = setup();
    server.isDown = true;
    emit("failed");
    engine.runUntil(engine.nowMs + 50_000);
    server.isDown = false;
    engine.runUntil(engine.nowMs + 20_000);
    expect(events()).toMatchObject([{ message: "failed", count: 1 }]);
  });

  it("drops an event that was not answered twelve times, and goes on with the next", () => {
    const { emit, engine, events, server } = setup();
    server.isDown = true;
    emit("first");
    emit("second");
    engine.runUntil(engine.nowMs + (MAX_TRIES_PER_EVENT - 1) * EVENT_RETRY_DELAY_MS + 1);
    server.isDown = false;
    engine.runUntil(engine.nowMs + 20_000);
    expect(events()).toMatchObject([{ message: "second", count: 1 }]);
  });
});

describe("SeriesEventRecorder", () => {
  const setupSeries = () => {
    const engine = new Engine({ seed: 1, startMs: 1_767_225_600_000 });
    const server = new EventServer();
    const recorder = new SeriesEventRecorder({
      engine,
      client: server.client,
      reportingController: "default-scheduler",
      hostname: "control-plane",
    });
    const emit = (note: string): void => {
      recorder.emit({
        regarding: pod,
        type: "Warning",
        reason: "FailedScheduling",
        action: "Scheduling",
        note,
      });
      engine.settle();
    };
    const events = (): EventsV1Event[] => [...server.events.values()] as EventsV1Event[];
    return { engine, server, emit, events };
  };

  it("EVT-5: writes an events.k8s.io/v1 Event, and a series from the second one on", () => {
    const { emit, engine, events, server } = setupSeries();
    emit("0/3 nodes are available");
    expect(events()[0]).toMatchObject({
      apiVersion: "events.k8s.io/v1",
      eventTime: "2026-01-01T00:00:00.000000Z",
      reportingController: "default-scheduler",
      reportingInstance: "default-scheduler-control-plane",
      action: "Scheduling",
      reason: "FailedScheduling",
      regarding: pod,
      note: "0/3 nodes are available",
      type: "Warning",
    });
    expect(events()[0]?.series).toBeUndefined();
    engine.runUntil(engine.nowMs + 1500);
    emit("another note");
    emit("and another");
    expect(events()).toHaveLength(1);
    expect(events()[0]?.series).toEqual({
      count: 2,
      lastObservedTime: "2026-01-01T00:00:01.500000Z",
    });
    expect(server.writes).toEqual(["create events.events.k8s.io", "patch series"]);
  });

  it("writes the last count of a series that has ended, and begins anew after it", () => {
    const { emit, engine, events } = setupSeries();
    for (const note of ["a", "b", "c", "d"]) emit(note);
    expect(events()[0]?.series?.count).toBe(2);
    engine.runUntil(engine.nowMs + 2 * SERIES_FINISH_MS);
    expect(events()[0]?.series?.count).toBe(4);
    emit("e");
    expect(events()).toHaveLength(2);
  });

  it("writes a series that goes on every half an hour", () => {
    const { emit, engine, events } = setupSeries();
    const startMs = engine.nowMs;
    emit("a");
    while (engine.nowMs - startMs < SERIES_REFRESH_MS - 60_000) {
      engine.runUntil(engine.nowMs + 60_000);
      emit("again");
    }
    expect(events()[0]?.series?.count).toBe(2);
    engine.runUntil(startMs + SERIES_REFRESH_MS);
    expect(events()[0]?.series?.count).toBe(30);
  });

  it("waits for nothing once all series are over", () => {
    const { emit, engine } = setupSeries();
    emit("a");
    engine.runUntil(engine.nowMs + 3 * SERIES_FINISH_MS);
    expect(engine.nextDueMs()).toBeNull();
  });
});
