import { describe, expect, it } from "vitest";
import { EventTtl } from "./event-ttl.js";
import { RegistryFixture } from "./testing/registry-fixture.js";

const event = (name: string): object => ({
  metadata: { name },
  involvedObject: { kind: "Pod", name: "x", namespace: "default" },
  reason: "Started",
});

const withTtl = (): RegistryFixture => {
  const fixture = new RegistryFixture();
  new EventTtl(fixture.engine, fixture.store).start();
  return fixture;
};

describe("EventTtl", () => {
  it("EVT-1: an event is gone an hour after it was written", () => {
    const fixture = withTtl();
    fixture.create("events", event("a"));
    fixture.pass(1800);
    fixture.create("events", event("b"));
    fixture.pass(1799);
    expect(fixture.exists("events", "a")).toBe(true);
    fixture.pass(1);
    expect(fixture.exists("events", "a")).toBe(false);
    expect(fixture.exists("events", "b")).toBe(true);
    fixture.pass(1800);
    expect(fixture.exists("events", "b")).toBe(false);
  });

  it("EVT-1: a new count gives it another hour", () => {
    const fixture = withTtl();
    fixture.create("events", event("a"));
    fixture.pass(3000);
    fixture.patch("events", "a", "merge", { count: 2 });
    fixture.pass(3599);
    expect(fixture.exists("events", "a")).toBe(true);
    fixture.pass(1);
    expect(fixture.exists("events", "a")).toBe(false);
  });

  it("EVT-1: events of an earlier run end an hour after their last time", () => {
    const fixture = new RegistryFixture();
    fixture.create("events", { ...event("a"), lastTimestamp: "2026-01-01T00:00:00Z" });
    fixture.pass(3000);
    new EventTtl(fixture.engine, fixture.store).start();
    fixture.pass(600);
    expect(fixture.exists("events", "a")).toBe(false);
  });

  it("waits for nothing while there are no events", () => {
    const fixture = withTtl();
    fixture.create("events", event("a"));
    fixture.pass(10);
    fixture.delete("events", "a");
    fixture.pass(4000);
    expect(fixture.engine.nextDueMs()).toBeNull();
  });
});
