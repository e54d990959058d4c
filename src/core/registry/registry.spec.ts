import { describe, expect, it } from "vitest";
import { Informer, type Client } from "../client/index.js";
import { Engine, type Call } from "../engine/index.js";
import { ObjectStore } from "../store/index.js";
import type { Node, Pod } from "../api/index.js";
import { LocalClient, Registry } from "./index.js";

const setup = () => {
  const engine = new Engine({ seed: 1, startMs: 1_767_225_600_000 });
  const store = new ObjectStore({
    nowMs: () => engine.nowMs,
    defer: (action) => {
      engine.soon(action);
    },
    indexes: { pods: (object) => (object as Pod).spec.nodeName ?? "" },
  });
  const uids = engine.random("uids");
  const registry = new Registry({
    store,
    environment: {
      nowMs: () => engine.nowMs,
      uid: () => uids.hex(16),
      random: (name) => engine.random(name),
    },
  });
  const client = new LocalClient(registry, "test");
  return { engine, store, registry, client };
};

const run = <T>(engine: Engine, call: Call<T>): T => {
  let failure: unknown = null;
  const process = engine.spawn("test", call, (error) => {
    failure = error;
  });
  engine.settle();
  if (failure !== null) throw failure;
  return process.result as T;
};

describe("the thin path", () => {
  it("creates, binds, reports status and deletes a pod", () => {
    const { engine, client } = setup();
    run(engine, client.create("namespaces", "", { metadata: { name: "default" }, spec: {} }));
    run(
      engine,
      client.create<Node>("nodes", "", { metadata: { name: "node-1" }, spec: {}, status: {} }),
    );
    const informer = new Informer<Pod>(client as Client, "pods", {
      fieldSelector: "spec.nodeName=node-1",
    });
    const seen: string[] = [];
    informer.addHandlers({
      onAdd: (pod) => seen.push(`add ${pod.metadata.name}`),
      onUpdate: (pod) => seen.push(`update ${pod.status.phase ?? ""}`),
      onDelete: (pod) => seen.push(`delete ${pod.metadata.name}`),
    });
    informer.start();
    const created = run(
      engine,
      client.create<Pod>("pods", "default", {
        metadata: { name: "x" },
        spec: { containers: [{ name: "c", image: "busybox" }], terminationGracePeriodSeconds: 30 },
      }),
    );
    expect(created.status.phase).toBe("Pending");
    expect(informer.hasSynced).toBe(true);
    run(
      engine,
      client.createSubresource("pods", "default", "x", "binding", {
        metadata: { name: "x" },
        target: { kind: "Node", name: "node-1" },
      }),
    );
    const bound = run(engine, client.get<Pod>("pods", "default", "x"));
    run(
      engine,
      client.updateStatus<Pod>("pods", { ...bound, status: { ...bound.status, phase: "Running" } }),
    );
    run(engine, client.delete("pods", "default", "x"));
    const deleting = run(engine, client.get<Pod>("pods", "default", "x"));
    expect(deleting.metadata).toMatchObject({
      deletionTimestamp: "2026-01-01T00:00:30Z",
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    run(engine, client.delete("pods", "default", "x", { gracePeriodSeconds: 0 }));
    expect(() => run(engine, client.get("pods", "default", "x"))).toThrow('pods "x" not found');
    expect(seen).toEqual([
      "add x",
      "update Running",
      "update Running",
      "update Running",
      "delete x",
    ]);
  });
});
