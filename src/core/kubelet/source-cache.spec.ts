import { describe, expect, it } from "vitest";
import type { ConfigMap } from "../api/index.js";
import type { Client, Watch, WatchEvent, WatchOptions } from "../client/index.js";
import { Engine, type Call } from "../engine/index.js";
import { SourceCache } from "./source-cache.js";
import { SOURCE_SYNC_TIMEOUT_MS } from "./timing.js";

/** A server with one ConfigMap, which may be silent. */
class Server {
  readonly watches = new Set<string>();
  isSilent = false;
  object: ConfigMap | null = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "default" },
  } as ConfigMap;
  #tell: ((event: WatchEvent) => void) | null = null;

  readonly client = {
    watch: (
      _resource: string,
      { fieldSelector = "" }: WatchOptions,
      onEvent: (event: WatchEvent) => void,
      onSynced?: () => void,
    ): Watch => {
      this.watches.add(fieldSelector);
      this.#tell = onEvent;
      if (!this.isSilent) {
        if (this.object !== null) onEvent({ type: "ADDED", object: this.object });
        onSynced?.();
      }
      return { stop: () => this.watches.delete(fieldSelector) };
    },
  } as unknown as Client;

  remove(): void {
    if (this.object !== null) this.#tell?.({ type: "DELETED", object: this.object });
  }
}

const setUp = () => {
  const engine = new Engine({ seed: 1, startMs: 0 });
  const server = new Server();
  const cache = new SourceCache(engine, server.client);
  const look = (podUid: string) => {
    const body = function* (): Call<unknown> {
      return yield* cache.get(podUid, "configmap", "default", "settings");
    };
    const process = engine.spawn("look", body());
    engine.runUntil(engine.nowMs + SOURCE_SYNC_TIMEOUT_MS);
    return process.result;
  };
  return { server, cache, look };
};

describe("what pods are made from", () => {
  it("VOL-4: is watched from the first look on, and gone when it is gone there", () => {
    const { server, look } = setUp();
    expect(look("a")).toBe(server.object);
    expect([...server.watches]).toEqual(["metadata.name=settings"]);
    server.remove();
    expect(look("a")).toBeNull();
  });

  it("is not watched any more when the last pod that refers to it is gone", () => {
    const { server, cache, look } = setUp();
    look("a");
    look("a");
    look("b");
    cache.release("a");
    expect(server.watches.size).toBe(1);
    cache.release("b");
    cache.release("b");
    expect(server.watches.size).toBe(0);
  });

  it("is not known when the server does not tell within a second", () => {
    const { server, look } = setUp();
    server.isSilent = true;
    expect(look("a")).toBe("not synced");
  });
});
