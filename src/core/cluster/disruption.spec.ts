import { describe, expect, it } from "vitest";
import {
  resourceByStorage,
  type Event,
  type Node,
  type Pod,
  type PodDisruptionBudget,
} from "../api/index.js";
import { Cluster } from "./cluster.js";

const BUDGETS = "poddisruptionbudgets.policy";

const aCluster = () => {
  const nodes = [{ name: "node-1", capacity: {}, labels: {}, taints: [] }];
  const cluster = new Cluster({ seed: 1, startMs: Date.UTC(2026, 0, 1), nodes, pullTimeScale: 0 });
  const advance = (seconds: number) =>
    cluster.engine.runUntil(cluster.engine.nowMs + seconds * 1000);
  const create = (storage: string, body: object, name?: string, subresource?: string) =>
    cluster.execute({
      type: "api",
      request: {
        verb: "create",
        resource: resourceByStorage(storage),
        namespace: "default",
        body,
        options: {},
        ...(name === undefined ? {} : { name }),
        ...(subresource === undefined ? {} : { subresource }),
      },
    });
  const pod = (name: string, metadata: object = {}) =>
    create("pods", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, labels: { app: "red" }, ...metadata },
      spec: { containers: [{ name: "c", image: "busybox", command: ["sleep", "1000000"] }] },
    });
  const budget = (spec: object, name = "red") =>
    create(BUDGETS, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name },
      spec: { selector: { matchLabels: { app: "red" } }, ...spec },
    });
  const evict = (name: string) =>
    create(
      "pods",
      { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } },
      name,
      "eviction",
    );
  const list = (storage: string): readonly unknown[] => {
    const outcome = cluster.execute({
      type: "api",
      request: { verb: "list", resource: resourceByStorage(storage), namespace: "", options: {} },
    });
    if (!("response" in outcome)) throw new Error("no list");
    return (outcome.response.body as unknown as { items: readonly unknown[] }).items;
  };
  const nodeUid = () => (list("nodes") as readonly Node[])[0]?.metadata.uid;
  const status = () => (list(BUDGETS) as readonly PodDisruptionBudget[])[0]?.status;
  const events = () =>
    (list("events") as readonly Event[]).map(
      ({ reason, message }) => `${reason}: ${message ?? ""}`,
    );
  const pods = () => (list("pods") as readonly Pod[]).map(({ metadata }) => metadata.name);
  advance(10);
  return { cluster, advance, pod, budget, evict, status, events, pods, nodeUid };
};

describe("what a disruption budget allows", () => {
  it("API-20: is counted as pods become ready, leave and are replaced; one too many is refused", () => {
    const { advance, pod, budget, evict, status, pods } = aCluster();
    budget({ minAvailable: 1 });
    pod("a");
    pod("b");
    advance(10);
    expect(status()).toMatchObject({
      observedGeneration: 1,
      expectedPods: 2,
      currentHealthy: 2,
      desiredHealthy: 1,
      disruptionsAllowed: 1,
      conditions: [{ type: "DisruptionAllowed", status: "True", reason: "SufficientPods" }],
    });
    expect(evict("a")).toMatchObject({ ok: true });
    advance(0.1);
    expect(evict("b")).toMatchObject({
      ok: false,
      status: {
        code: 429,
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            {
              reason: "DisruptionBudget",
              message: "The disruption budget red needs 1 healthy pods and has 1 currently",
            },
          ],
        },
      },
    });
    advance(40);
    expect(pods()).toEqual(["b"]);
    expect(status()).toMatchObject({ expectedPods: 1, currentHealthy: 1, disruptionsAllowed: 0 });
    expect(status()?.disruptedPods ?? {}).toEqual({});
    expect(status()?.conditions).toMatchObject([{ status: "False", reason: "InsufficientPods" }]);
    pod("c");
    advance(10);
    expect(evict("b")).toMatchObject({ ok: true });
  });

  it("bare pods have no scale: with maxUnavailable nothing is allowed, and an event says why", () => {
    const { advance, pod, budget, evict, status, events } = aCluster();
    budget({ maxUnavailable: 1 });
    advance(1);
    expect(events()).toContain("NoPods: No matching pods found");
    pod("a");
    advance(10);
    expect(status()).toMatchObject({ expectedPods: 0, currentHealthy: 1, disruptionsAllowed: 0 });
    expect(evict("a")).toMatchObject({ ok: false, status: { code: 429 } });
    expect(events().find((text) => text.startsWith("UnmanagedPods: "))).toContain(
      "(selector: &LabelSelector{MatchLabels:map[string]string{app: red,},MatchExpressions:[]LabelSelectorRequirement{},})",
    );
  });

  it("pods whose controller nobody knows: nothing is allowed, and condition and event say why", () => {
    const { advance, pod, budget, evict, status, events } = aCluster();
    const owner = { apiVersion: "example.com/v1", kind: "Robot", name: "r", uid: "u" };
    budget({ minAvailable: "50%" });
    pod("a", { ownerReferences: [{ ...owner, controller: true }] });
    advance(10);
    const message = 'no matches for kind "Robot" in version "example.com/v1"';
    expect(status()).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message }],
    });
    expect(events()).toContain(
      `CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: ${message}`,
    );
    const denied =
      "The disruption budget red does not allow evicting pods currently because it failed sync";
    expect(evict("a")).toMatchObject({
      ok: false,
      status: { code: 429, details: { causes: [{ message: `${denied}: ${message}` }] } },
    });
  });

  it("a budget with an empty selector is for every pod", () => {
    const { advance, pod, budget, evict, status } = aCluster();
    budget({ minAvailable: 1, selector: {} });
    pod("a");
    advance(10);
    expect(status()).toMatchObject({ expectedPods: 1, disruptionsAllowed: 0 });
    expect(evict("a")).toMatchObject({ ok: false, status: { code: 429 } });
  });

  it("what has no scale, but healthy pods enough: nothing is allowed either", () => {
    const { advance, pod, budget, evict } = aCluster();
    budget({ maxUnavailable: 1 });
    pod("a");
    advance(10);
    expect(evict("a")).toMatchObject({
      ok: false,
      status: {
        details: {
          causes: [{ message: "The disruption budget red does not allow evicting pods currently" }],
        },
      },
    });
  });

  it("pods whose controller has no scale: the same", () => {
    const { advance, pod, budget, status, nodeUid } = aCluster();
    const owner = { apiVersion: "v1", kind: "Node", name: "node-1", controller: true };
    budget({ maxUnavailable: 1 });
    pod("a", { ownerReferences: [{ ...owner, uid: nodeUid() }] });
    advance(1);
    expect(status()?.conditions).toMatchObject([
      { reason: "SyncFailed", message: "nodes does not implement the scale subresource" },
    ]);
  });

  it("says so when several budgets select a pod", () => {
    const { advance, pod, budget, events } = aCluster();
    budget({ minAvailable: 0 });
    budget({ minAvailable: 1 }, "green");
    pod("a");
    advance(10);
    expect(events()).toContain(
      'MultiplePodDisruptionBudgets: Pod "default"/"a" matches multiple PodDisruptionBudgets.  Chose "red" arbitrarily.',
    );
  });

  it("a condition of a disruption that does not come is taken back after two minutes", () => {
    const { cluster, advance, pod } = aCluster();
    pod("a");
    advance(10);
    const conditionOf = () => {
      const outcome = cluster.execute({
        type: "api",
        request: {
          verb: "get",
          resource: resourceByStorage("pods"),
          namespace: "default",
          name: "a",
        },
      });
      if (!("response" in outcome)) throw new Error("no pod");
      const { status } = outcome.response.body as unknown as Pod;
      return status.conditions?.find(({ type }) => type === "DisruptionTarget");
    };
    cluster.execute({
      type: "api",
      request: {
        verb: "patch",
        resource: resourceByStorage("pods"),
        namespace: "default",
        name: "a",
        subresource: "status",
        patchType: "strategic",
        body: {
          status: {
            conditions: [
              {
                type: "DisruptionTarget",
                status: "True",
                reason: "EvictionByEvictionAPI",
                lastTransitionTime: "2026-01-01T00:00:20Z",
              },
            ],
          },
        },
        options: {},
      },
    });
    advance(110);
    expect(conditionOf()?.status).toBe("True");
    advance(15);
    expect(conditionOf()).toMatchObject({ type: "DisruptionTarget", status: "False" });
    expect(conditionOf()?.reason).toBeUndefined();
  });
});
