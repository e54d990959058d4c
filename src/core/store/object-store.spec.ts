import { describe, expect, it } from "vitest";
import type { KubeObject } from "../api/index.js";
import { Engine } from "../engine/index.js";
import {
  MAX_DELIVERIES_PER_STEP,
  MAX_HISTORY_AGE_MS,
  MAX_HISTORY_REVISIONS,
  MIN_HISTORY_REVISIONS,
} from "./limits.js";
import { MAX_PENDING_ENTRIES, ObjectStore, type StoreWatchEvent } from "./index.js";

interface StoredPod extends KubeObject {
  readonly spec: { readonly nodeName?: string };
}

const pod = (namespace: string, name: string, nodeName?: string): StoredPod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    namespace,
    name,
    uid: `uid-${namespace}-${name}`,
    resourceVersion: "",
    creationTimestamp: "2026-01-01T00:00:00Z",
  },
  spec: nodeName === undefined ? {} : { nodeName },
});

const setup = (): { engine: Engine; store: ObjectStore } => {
  const engine = new Engine({ seed: 1, startMs: 0 });
  const store = new ObjectStore({
    nowMs: () => engine.nowMs,
    defer: (action) => {
      engine.soon(action);
    },
    indexes: { pods: (object) => (object as StoredPod).spec.nodeName ?? "" },
  });
  return { engine, store };
};

const keys = (objects: readonly KubeObject[] | null): string[] | null =>
  objects === null ? null : objects.map((o) => `${o.metadata.namespace ?? ""}/${o.metadata.name}`);

const labelled = (object: KubeObject, value: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, labels: { value } },
});

const recorded = (event: StoreWatchEvent): string =>
  `${event.type} ${event.object.metadata.name}@${event.object.metadata.resourceVersion}`;

describe("ObjectStore writes", () => {
  it("API-10: every change takes the next sequence as its resourceVersion, records share the count", () => {
    const { store } = setup();
    const created = store.create("pods", pod("a", "x"));
    expect(created.kind === "written" && created.object.metadata.resourceVersion).toBe("1");
    const cursor = store.appendRecord({
      type: "log",
      namespace: "a",
      pod: "x",
      uid: "u",
      node: "n",
      container: "c",
      stream: "stdout",
      line: "l",
    });
    expect(cursor).toBe(2);
    const updated = store.update("pods", labelled(pod("a", "x"), "1"));
    expect(updated.kind === "written" && updated.object.metadata.resourceVersion).toBe("3");
    const deleted = store.delete("pods", "a", "x");
    expect(deleted.kind === "written" && deleted.object.metadata.resourceVersion).toBe("4");
    expect(store.takeBatch().entries.map((entry) => entry.sequence)).toEqual([1, 2, 3, 4]);
  });

  it("API-10: a write that changes nothing but version and managedFields times makes no revision", () => {
    const { store } = setup();
    const managed = (time: string, resourceVersion: string): KubeObject => ({
      ...pod("a", "x"),
      metadata: {
        ...pod("a", "x").metadata,
        resourceVersion,
        managedFields: [{ manager: "m", operation: "Update", time, fieldsV1: { "f:spec": {} } }],
      },
    });
    store.create("pods", managed("2026-01-01T00:00:00Z", ""));
    const again = store.update("pods", managed("2026-01-01T00:00:09Z", "99"));
    expect(again.kind).toBe("unchanged");
    expect(again.kind === "unchanged" && again.object.metadata.resourceVersion).toBe("1");
    expect(store.lastSequence).toBe(1);
    const renamed = managed("2026-01-01T00:00:09Z", "1");
    const changed = store.update("pods", {
      ...renamed,
      metadata: { ...renamed.metadata, managedFields: [{ manager: "other", time: "t" }] },
    });
    expect(changed.kind).toBe("written");
  });

  it.each([
    ["a name that is taken", (store: ObjectStore) => store.create("pods", pod("a", "x")), "exists"],
    [
      "a stale version on update",
      (store: ObjectStore) =>
        store.update("pods", labelled(pod("a", "x"), "1"), { resourceVersion: "7" }),
      "conflict",
    ],
    [
      "a stale version on delete",
      (store: ObjectStore) => store.delete("pods", "a", "x", { resourceVersion: "7" }),
      "conflict",
    ],
    ["update of nothing", (store: ObjectStore) => store.update("pods", pod("a", "y")), "missing"],
    ["delete of nothing", (store: ObjectStore) => store.delete("pods", "a", "y"), "missing"],
  ])("API-5: %s changes nothing", (_, write, kind) => {
    const { store } = setup();
    store.create("pods", pod("a", "x"));
    expect(write(store).kind).toBe(kind);
    expect(store.lastSequence).toBe(1);
    expect(store.pendingEntries).toBe(1);
  });

  it("gives each entry to the journal once, and says when the outbox is full", () => {
    const { store } = setup();
    store.create("pods", pod("a", "x"));
    for (let count = 1; count < MAX_PENDING_ENTRIES; count += 1) {
      expect(store.isOutboxFull).toBe(false);
      store.update("pods", labelled(pod("a", "x"), String(count)));
    }
    expect(store.isOutboxFull).toBe(true);
    expect(store.takeBatch()).toMatchObject({ lastSequence: MAX_PENDING_ENTRIES, timeMs: 0 });
    expect(store.pendingEntries).toBe(0);
    expect(store.takeBatch().entries).toEqual([]);
  });
});

describe("ObjectStore lists", () => {
  it("API-9: lists by namespace and name, in the byte order of the keys", () => {
    const { store } = setup();
    for (const [namespace, name] of [
      ["team", "b"],
      ["team", "a"],
      ["team-a", "z"],
      ["alpha", "m"],
    ] as const) {
      store.create("pods", pod(namespace, name));
    }
    expect(keys(store.list("pods"))).toEqual(["alpha/m", "team-a/z", "team/a", "team/b"]);
    expect(keys(store.list("pods", "team"))).toEqual(["team/a", "team/b"]);
    expect(keys(store.list("pods", "tea"))).toEqual([]);
    expect(keys(store.list("nodes"))).toEqual([]);
  });

  it("stays sorted through thousands of writes in any order", () => {
    const { engine, store } = setup();
    const random = engine.random("order");
    const present = new Set<string>();
    for (let count = 0; count < 6000; count += 1) {
      const namespace = `n${random.below(5)}`;
      const name = `p${random.below(2000)}`;
      const key = `${namespace}/${name}`;
      if (present.has(key) && random.next() < 0.5) {
        present.delete(key);
        store.delete("pods", namespace, name);
      } else if (!present.has(key)) {
        present.add(key);
        store.create("pods", pod(namespace, name));
      }
    }
    const sorted = [...present].sort((left, right) => (left < right ? -1 : 1));
    expect(keys(store.list("pods"))).toEqual(sorted);
    expect(keys(store.list("pods", "n3"))).toEqual(sorted.filter((key) => key.startsWith("n3/")));
    expect(store.count("pods")).toBe(sorted.length);
  });

  it("finds the pods of a node by index, also after they moved there or went", () => {
    const { store } = setup();
    store.create("pods", pod("a", "x"));
    store.create("pods", pod("b", "y", "node-1"));
    store.update("pods", pod("a", "x", "node-1"));
    expect(keys(store.list("pods", "", "node-1"))).toEqual(["a/x", "b/y"]);
    expect(keys(store.list("pods", "b", "node-1"))).toEqual(["b/y"]);
    store.delete("pods", "b", "y");
    expect(keys(store.list("pods", "", "node-1"))).toEqual(["a/x"]);
    expect(keys(store.list("pods", "", "node-2"))).toEqual([]);
  });

  it("API-9: tells the state at an earlier sequence by rolling back what came after", () => {
    const { store } = setup();
    store.create("pods", pod("a", "kept"));
    store.create("pods", pod("a", "removed"));
    store.create("pods", pod("b", "elsewhere"));
    const then = store.lastSequence;
    store.update("pods", labelled(pod("a", "kept"), "1"));
    store.update("pods", labelled(pod("a", "kept"), "2"));
    store.delete("pods", "a", "removed");
    store.create("pods", pod("a", "added"));
    const before = store.listAt("pods", "a", then);
    expect(keys(before)).toEqual(["a/kept", "a/removed"]);
    expect(before?.[0]?.metadata.labels).toBeUndefined();
    expect(keys(store.listAt("pods", "", store.lastSequence))).toEqual([
      "a/added",
      "a/kept",
      "b/elsewhere",
    ]);
  });

  it("API-6: drops revisions beyond the count, old ones only beyond the minimum", () => {
    const { engine, store } = setup();
    store.create("pods", pod("a", "x"));
    let version = 0;
    const update = (times: number): void => {
      for (let count = 0; count < times; count += 1) {
        store.update("pods", labelled(pod("a", "x"), String((version += 1))));
      }
    };
    update(MAX_HISTORY_REVISIONS - 1);
    expect(store.listAt("pods", "", 0)).toEqual([]);
    update(1);
    expect(store.listAt("pods", "", 0)).toBeNull();
    expect(keys(store.listAt("pods", "", 1))).toEqual(["a/x"]);
    engine.runUntil(MAX_HISTORY_AGE_MS + 1);
    update(1);
    const oldest = store.lastSequence - MIN_HISTORY_REVISIONS;
    expect(keys(store.listAt("pods", "", oldest))).toEqual(["a/x"]);
    expect(store.listAt("pods", "", oldest - 1)).toBeNull();
  });

  it("takes over a journal's snapshot and goes on counting behind it", () => {
    const { store } = setup();
    const snapshot = { lastSequence: 40, timeMs: 0, oldestSequence: 3 };
    const object = pod("a", "x", "node-1");
    store.restore({ ...snapshot, objects: [object] }, () => "pods");
    expect(store.get("pods", "a", "x")).toBe(object);
    expect(keys(store.list("pods", "", "node-1"))).toEqual(["a/x"]);
    expect(store.takeBatch().entries).toEqual([]);
    expect(store.listAt("pods", "", 39)).toBeNull();
    const updated = store.update("pods", labelled(object, "1"));
    expect(updated.kind === "written" && updated.object.metadata.resourceVersion).toBe("41");
    expect(keys(store.listAt("pods", "", 40))).toEqual(["a/x"]);
    expect(() => {
      store.restore({ ...snapshot, objects: [] }, () => "pods");
    }).toThrow("only an empty store can be restored");
  });
});

describe("ObjectStore watches", () => {
  it("delivers what is there, then the end of it, then changes, in commit order and never in the write", () => {
    const { engine, store } = setup();
    store.create("pods", pod("a", "old"));
    const seen: string[] = [];
    const watch = store.watch(
      "pods",
      {},
      {
        onEvent: (event) => seen.push(recorded(event)),
        onSynced: () => seen.push("synced"),
      },
    );
    store.update("pods", labelled(pod("a", "old"), "1"));
    store.create("pods", pod("b", "new"));
    store.delete("pods", "a", "old");
    expect(seen).toEqual([]);
    engine.settle();
    expect(seen).toEqual([
      "ADDED old@1",
      "synced",
      "MODIFIED old@2",
      "ADDED new@3",
      "DELETED old@4",
    ]);
    store.delete("pods", "b", "new");
    watch.stop();
    engine.settle();
    expect(seen).toHaveLength(5);
  });

  it("API-7: an object that stops matching is DELETED with its last matching state, one that starts is ADDED", () => {
    const { engine, store } = setup();
    const seen: StoreWatchEvent[] = [];
    store.watch(
      "pods",
      { matches: (object) => object.metadata.labels?.value === "in" },
      { onEvent: (event) => seen.push(event) },
    );
    store.create("pods", labelled(pod("a", "x"), "out"));
    store.update("pods", labelled(pod("a", "x"), "in"));
    store.update("pods", labelled(pod("a", "x", "node-1"), "in"));
    store.update("pods", labelled(pod("a", "x"), "out"));
    store.delete("pods", "a", "x");
    engine.settle();
    expect(seen.map(recorded)).toEqual(["ADDED x@2", "MODIFIED x@3", "DELETED x@4"]);
    expect(seen[2]?.object).toMatchObject({
      metadata: { labels: { value: "in" }, resourceVersion: "4" },
      spec: { nodeName: "node-1" },
    });
  });

  it("dispatches by index value: a pod that is bound is ADDED for its node alone", () => {
    const { engine, store } = setup();
    const seen: string[] = [];
    for (const node of ["node-1", "node-2"]) {
      store.watch(
        "pods",
        { indexValue: node },
        { onEvent: (event) => seen.push(`${node} ${recorded(event)}`) },
      );
    }
    store.create("pods", pod("a", "x"));
    store.update("pods", pod("a", "x", "node-2"));
    store.update("pods", labelled(pod("a", "x", "node-2"), "1"));
    store.update("pods", labelled(pod("a", "x", "node-1"), "1"));
    store.delete("pods", "a", "x");
    engine.settle();
    expect(seen).toEqual([
      "node-2 ADDED x@2",
      "node-2 MODIFIED x@3",
      "node-2 DELETED x@4",
      "node-1 ADDED x@4",
      "node-1 DELETED x@5",
    ]);
  });

  it("narrows to a namespace, and a handler that writes is called again in a later step", () => {
    const { engine, store } = setup();
    const seen: string[] = [];
    let isInside = false;
    store.watch(
      "pods",
      { namespace: "a" },
      {
        onEvent: (event) => {
          expect(isInside).toBe(false);
          isInside = true;
          seen.push(recorded(event));
          if (event.type === "ADDED") store.update("pods", labelled(pod("a", "x"), "1"));
          isInside = false;
        },
      },
    );
    store.create("pods", pod("b", "x"));
    store.create("pods", pod("a", "x"));
    engine.settle();
    expect(seen).toEqual(["ADDED x@2", "MODIFIED x@3"]);
  });

  it("delivers no more in one step than its limit, so that others get their turn", () => {
    const { engine, store } = setup();
    let delivered = 0;
    store.watch("pods", {}, { onEvent: () => (delivered += 1) });
    for (let count = 0; count < MAX_DELIVERIES_PER_STEP + 1; count += 1) {
      store.create("pods", pod("a", `p${count}`));
    }
    engine.step(engine.nowMs);
    // The end of what was there at the start is a delivery too.
    expect(delivered).toBe(MAX_DELIVERIES_PER_STEP - 1);
    engine.step(engine.nowMs);
    expect(delivered).toBe(MAX_DELIVERIES_PER_STEP + 1);
  });
});
