import { describe, expect, it } from "vitest";
import type { KubeObject } from "../api/index.js";
import { Engine } from "../engine/index.js";
import type { Client, WatchEvent } from "./client.js";
import { Informer } from "./informer.js";

interface Thing extends KubeObject {
  readonly color: string;
}

const thing = (name: string, color: string): Thing => ({
  apiVersion: "v1",
  kind: "Thing",
  metadata: {
    namespace: "a",
    name,
    uid: name,
    resourceVersion: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
  },
  color,
});

/** A client that only watches; `send` is what the server says. */
class WatchingClient {
  #onEvent: (event: WatchEvent<Thing>) => void = () => undefined;
  #onSynced: () => void = () => undefined;
  stops = 0;

  readonly client = {
    watch: (
      _resource: string,
      _options: unknown,
      onEvent: (event: WatchEvent<Thing>) => void,
      onSynced: () => void,
    ) => {
      this.#onEvent = onEvent;
      this.#onSynced = onSynced;
      return {
        stop: (): void => {
          this.stops += 1;
        },
      };
    },
  } as unknown as Client;

  send(type: WatchEvent["type"], object: Thing): void {
    this.#onEvent({ type, object });
  }

  synced(): void {
    this.#onSynced();
  }
}

const setup = () => {
  const server = new WatchingClient();
  const informer = new Informer<Thing>(server.client, "things", {
    indexes: { color: ({ color }) => (color === "" ? [] : [color]) },
  });
  const seen: string[] = [];
  informer.addHandlers({
    onAdd: ({ metadata }) => seen.push(`add ${metadata.name}`),
    onUpdate: (next, previous) => seen.push(`update ${previous.color} to ${next.color}`),
    onDelete: ({ metadata }) => seen.push(`delete ${metadata.name}`),
  });
  return { server, informer, seen };
};

describe("Informer", () => {
  it("keeps what the watch says and tells its handlers", () => {
    const { server, informer, seen } = setup();
    informer.start();
    server.send("ADDED", thing("x", "red"));
    expect(informer.get("a", "x")?.color).toBe("red");
    server.send("MODIFIED", thing("x", "blue"));
    server.send("DELETED", thing("x", "blue"));
    expect(informer.get("a", "x")).toBeUndefined();
    expect(informer.list()).toEqual([]);
    expect(seen).toEqual(["add x", "update red to blue", "delete x"]);
  });

  it("finds objects by index, also after their value changed", () => {
    const { server, informer } = setup();
    informer.start();
    server.send("ADDED", thing("x", "red"));
    server.send("ADDED", thing("y", "red"));
    server.send("ADDED", thing("z", ""));
    server.send("MODIFIED", thing("x", "blue"));
    const names = (color: string): string[] =>
      informer.byIndex("color", color).map(({ metadata }) => metadata.name);
    expect(names("red")).toEqual(["y"]);
    expect(names("blue")).toEqual(["x"]);
    server.send("DELETED", thing("y", "red"));
    expect(names("red")).toEqual([]);
    expect(() => informer.byIndex("size", "big")).toThrow("has no index size");
  });

  it("has synced when all that was there at the start has come", () => {
    const engine = new Engine({ seed: 1, startMs: 0 });
    const { server, informer } = setup();
    informer.start();
    const waiting = engine.spawn("waiting", informer.waitForSync());
    engine.settle();
    expect([informer.hasSynced, waiting.isDone]).toEqual([false, false]);
    server.synced();
    engine.settle();
    expect([informer.hasSynced, waiting.isDone]).toEqual([true, true]);
  });

  it("takes no handlers once it is started, and starts and stops one watch", () => {
    const { server, informer } = setup();
    informer.start();
    informer.start();
    expect(() => {
      informer.addHandlers({});
    }).toThrow("has been started");
    informer.stop();
    expect(server.stops).toBe(1);
  });
});
