import { describe, expect, it } from "vitest";
import { MemoryJournal } from "../../../test/support/memory-journal.js";
import { aNodeTemplate } from "../../../test/support/run-scenario.js";
import { resourceByStorage, type KubeObject, type Node, type Pod } from "../api/index.js";
import { Cluster } from "./cluster.js";
import type { Command, Outcome } from "./commands.js";

const START_MS = Date.UTC(2026, 0, 1);
const pods = resourceByStorage("pods");
const nodes = resourceByStorage("nodes");

const aCluster = (names: readonly string[]): Cluster => {
  const cluster = new Cluster({ seed: 1, startMs: START_MS, nodes: names.map(aNodeTemplate) });
  run(cluster, 30);
  return cluster;
};

const run = (cluster: Cluster, seconds: number): void => {
  cluster.engine.runUntil(cluster.engine.nowMs + seconds * 1000);
};

const createPod = (name: string, command: readonly string[] = ["sleep", "1000000"]): Command => ({
  type: "api",
  request: {
    verb: "create",
    resource: pods,
    namespace: "default",
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { containers: [{ name: "c", image: "busybox", command }] },
    },
    options: {},
  },
});

const get = (
  cluster: Cluster,
  resource: typeof pods,
  namespace: string,
  name: string,
): KubeObject | null => {
  const outcome = cluster.execute({
    type: "api",
    request: { verb: "get", resource, namespace, name },
  });
  return outcome.ok && "response" in outcome ? (outcome.response.body as KubeObject) : null;
};

const getPod = (cluster: Cluster, name: string): Pod | null =>
  get(cluster, pods, "default", name) as Pod | null;

const getNode = (cluster: Cluster, name: string): Node | null =>
  get(cluster, nodes, "", name) as Node | null;

const messageOf = (outcome: Outcome): string | undefined =>
  outcome.ok ? undefined : outcome.status.message;

describe("Cluster", () => {
  it("brings a pod to Running on a node of its own making", () => {
    const cluster = aCluster(["node-1"]);
    cluster.execute(createPod("p"));
    run(cluster, 20);
    const pod = getPod(cluster, "p");
    expect(pod?.spec.nodeName).toBe("node-1");
    expect(pod?.status.phase).toBe("Running");
  });

  it("adds machines, all of a command or none", () => {
    const cluster = aCluster(["node-1"]);
    const both = cluster.execute({
      type: "add-nodes",
      nodes: [aNodeTemplate("node-2"), aNodeTemplate("node-1")],
    });
    expect(messageOf(both)).toBe('node "node-1" already exists');
    run(cluster, 30);
    expect(getNode(cluster, "node-2")).toBeNull();
    const strange = cluster.execute({
      type: "add-nodes",
      nodes: [{ ...aNodeTemplate("node-2"), capacity: { cpu: "many" } }],
    });
    expect(messageOf(strange)).toMatch(/^capacity of cpu: "many"/);
    expect(cluster.execute({ type: "add-nodes", nodes: [aNodeTemplate("node-2")] })).toMatchObject({
      ok: true,
      nodes: ["node-2"],
    });
    run(cluster, 30);
    const ready = getNode(cluster, "node-2")?.status.conditions?.find(
      ({ type }) => type === "Ready",
    );
    expect(ready?.status).toBe("True");
  });

  it("takes a machine away with its Node, and in time its pods", () => {
    const cluster = aCluster(["node-1"]);
    cluster.execute(createPod("p"));
    run(cluster, 20);
    expect(messageOf(cluster.execute({ type: "remove-node", name: "node-9" }))).toBe(
      'nodes "node-9" not found',
    );
    cluster.execute({ type: "remove-node", name: "node-1" });
    run(cluster, 1);
    expect(getNode(cluster, "node-1")).toBeNull();
    run(cluster, 120);
    expect(getPod(cluster, "p")).toBeNull();
  });

  it("NODE-10: comes back from its journal as after a reboot of every machine", () => {
    const before = aCluster(["node-1"]);
    before.execute(createPod("p"));
    run(before, 20);
    const journal = new MemoryJournal();
    journal.append(before.takeBatch());
    const snapshot = journal.snapshot();
    const after = new Cluster({ seed: 1, startMs: snapshot.timeMs, snapshot });
    const uid = getPod(before, "p")?.metadata.uid;
    expect(getPod(after, "p")?.metadata.uid).toBe(uid);
    run(after, 60);
    const pod = getPod(after, "p");
    expect(pod?.status.phase).toBe("Running");
    expect(pod?.status.containerStatuses?.[0]?.restartCount).toBe(1);
    expect(Number(pod?.metadata.resourceVersion)).toBeGreaterThan(snapshot.lastSequence);
  });

  it("gives the same trace for the same seed and commands, and another for another seed", () => {
    const traceOf = (seed: number): string => {
      const cluster = new Cluster({ seed, startMs: START_MS, nodes: [aNodeTemplate("node-1")] });
      run(cluster, 30);
      cluster.execute(createPod("p", ["sh", "-c", "sleep 3; exit 1"]));
      run(cluster, 300);
      return cluster.traceHash;
    };
    expect(traceOf(1)).toBe(traceOf(1));
    expect(traceOf(1)).not.toBe(traceOf(2));
  });
});
