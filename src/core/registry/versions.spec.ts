import { describe, expect, it } from "vitest";
import { findResource, type EventsV1Event, type ResourceDefinition } from "../api/index.js";
import { RegistryFixture } from "./testing/registry-fixture.js";

const eventsV1 = (): ResourceDefinition => {
  const resource = findResource("events.k8s.io", "v1", "events");
  if (resource === undefined) throw new Error("events.k8s.io/v1 is served");
  return resource;
};

const scheduled = {
  apiVersion: "events.k8s.io/v1",
  kind: "Event",
  metadata: { name: "x.1" },
  eventTime: "2026-01-01T00:00:00.000000Z",
  reportingController: "default-scheduler",
  reportingInstance: "default-scheduler-a",
  action: "Binding",
  reason: "Scheduled",
  regarding: { kind: "Pod", namespace: "default", name: "x" },
  note: "Successfully assigned default/x to node-1",
  type: "Normal",
};

describe("events in two group-versions", () => {
  const create = (fixture: RegistryFixture) =>
    fixture.registry.execute({
      verb: "create",
      resource: eventsV1(),
      namespace: "default",
      body: scheduled,
      options: { fieldManager: "kube-scheduler" },
    });

  it("are one object, stored as core/v1", () => {
    const fixture = new RegistryFixture();
    expect(create(fixture).body).toMatchObject(scheduled);
    expect(fixture.get("events", "x.1")).toMatchObject({
      apiVersion: "v1",
      involvedObject: scheduled.regarding,
      message: scheduled.note,
      reportingComponent: "default-scheduler",
      eventTime: scheduled.eventTime,
    });
    const { body } = fixture.registry.execute({
      verb: "list",
      resource: eventsV1(),
      namespace: "default",
      options: { fieldSelector: "regarding.name=x" },
    });
    expect(body).toMatchObject({
      kind: "EventList",
      apiVersion: "events.k8s.io/v1",
      items: [{ apiVersion: "events.k8s.io/v1", note: scheduled.note }],
    });
  });

  it("are patched in the version of the request, and watched in it", () => {
    const fixture = new RegistryFixture();
    create(fixture);
    const seen: EventsV1Event[] = [];
    fixture.client.watch<EventsV1Event>("events.events.k8s.io", {}, ({ object }) => {
      seen.push(object);
    });
    const series = { count: 2, lastObservedTime: "2026-01-01T00:00:01.000000Z" };
    const patched = fixture.run(
      fixture.client.patch<EventsV1Event>("events.events.k8s.io", "default", "x.1", {
        type: "strategic",
        body: { series },
      }),
    );
    expect(patched).toMatchObject({ apiVersion: "events.k8s.io/v1", series });
    fixture.engine.settle();
    expect(seen.map((event) => [event.apiVersion, event.series?.count])).toEqual([
      ["events.k8s.io/v1", undefined],
      ["events.k8s.io/v1", 2],
    ]);
    expect(fixture.get("events", "x.1")).toMatchObject({ apiVersion: "v1", series });
  });
});
