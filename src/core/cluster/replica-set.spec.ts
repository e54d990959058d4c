import { describe, expect, it } from "vitest";
import type { Pod, ReplicaSet } from "../api/index.js";
import { ShellCluster } from "./testing/shell-cluster.js";

const SETS = "replicasets.apps";

const aSet = (name: string, replicas: number, more = ""): string => `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: ${name} }
spec:
  replicas: ${replicas}${more}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, tier: front }, annotations: { note: kept } }
    spec:
      containers: [{ name: c, image: busybox, command: [sleep, "100000"] }]
`;

const aPod = (name: string, labels: string, image = "busybox"): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: ${labels} }
spec:
  terminationGracePeriodSeconds: 1
  containers: [{ name: c, image: "${image}", command: [sleep, "100000"] }]
`;

const podsOf = (cluster: ShellCluster): readonly Pod[] => cluster.list("pods") as readonly Pod[];
const names = (cluster: ShellCluster): string[] =>
  podsOf(cluster).map(({ metadata }) => metadata.name);
const statusOf = (cluster: ShellCluster, name = "web"): ReplicaSet["status"] =>
  (cluster.get(SETS, name) as ReplicaSet).status;

describe("ReplicaSets", () => {
  it("make their pods from the template, own them and count them", () => {
    const cluster = new ShellCluster();
    expect(cluster.create(aSet("web", 3))).toBeNull();
    cluster.advance(10);
    const set = cluster.get(SETS, "web");
    expect(podsOf(cluster)).toHaveLength(3);
    for (const { metadata } of podsOf(cluster)) {
      expect(metadata).toMatchObject({
        generateName: "web-",
        labels: { app: "web", tier: "front" },
        annotations: { note: "kept" },
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            kind: "ReplicaSet",
            name: "web",
            uid: set.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      });
      expect(metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    }
    expect(statusOf(cluster)).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
    expect(cluster.events("web").toSorted()).toEqual(
      podsOf(cluster).map(({ metadata }) => `SuccessfulCreate: Created pod: ${metadata.name}`),
    );
  });

  it("replace a pod that is deleted or has failed", () => {
    const cluster = new ShellCluster();
    cluster.create(aSet("web", 2));
    cluster.advance(10);
    const [first = ""] = names(cluster);
    cluster.remove("pods", first);
    cluster.advance(1);
    expect(names(cluster)).toHaveLength(3);
    expect(statusOf(cluster).replicas).toBe(2);
    cluster.advance(60);
    expect(names(cluster)).toHaveLength(2);
    expect(names(cluster)).not.toContain(first);
  });

  it("scale both ways; what costs least to lose goes first", () => {
    const cluster = new ShellCluster();
    cluster.create(aSet("web", 2));
    cluster.advance(10);
    const before = names(cluster);
    cluster.patch(SETS, "web", { spec: { replicas: 4 } });
    cluster.advance(10);
    const [dear = ""] = names(cluster).filter((name) => !before.includes(name));
    for (const name of names(cluster)) {
      const cost = name === dear ? "100" : before.includes(name) ? "-5" : "0";
      const annotations = { "controller.kubernetes.io/pod-deletion-cost": cost };
      cluster.patch("pods", name, { metadata: { annotations } });
    }
    cluster.patch(SETS, "web", { spec: { replicas: 1 } });
    cluster.advance(60);
    expect(names(cluster)).toEqual([dear]);
    expect(cluster.events("web").filter((text) => text.startsWith("SuccessfulDelete"))).toEqual(
      expect.arrayContaining(before.map((name) => `SuccessfulDelete: Deleted pod: ${name}`)),
    );
  });

  it("adopt what matches, let go of what no longer does, and leave others' pods alone", () => {
    const cluster = new ShellCluster();
    cluster.create(aPod("lone", "{ app: web }"));
    cluster.create(aPod("other", "{ app: db }"));
    cluster.create(aSet("web", 2));
    cluster.advance(10);
    const uid = cluster.get(SETS, "web").metadata.uid;
    const owner = (name: string): string | undefined =>
      cluster.get("pods", name).metadata.ownerReferences?.[0]?.uid;
    expect(owner("lone")).toBe(uid);
    expect(owner("other")).toBeUndefined();
    expect(names(cluster)).toHaveLength(3);
    expect(statusOf(cluster)).toMatchObject({ replicas: 2, fullyLabeledReplicas: 1 });
    cluster.patch("pods", "lone", { metadata: { labels: { app: "debug" } } });
    cluster.advance(10);
    expect(owner("lone")).toBeUndefined();
    expect(names(cluster)).toHaveLength(4);
    cluster.create(aPod("late", "{ app: web }"));
    cluster.advance(60);
    // One too many: the one that came last has been ready for the shortest time.
    expect(names(cluster)).toHaveLength(4);
    expect(names(cluster)).not.toContain("late");
  });

  it("say why they cannot have what they want, and get it when they can", () => {
    const cluster = new ShellCluster();
    const quota =
      "apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: few }\nspec: { hard: { pods: 1 } }";
    cluster.create(quota);
    cluster.create(aSet("web", 3));
    cluster.advance(5);
    expect(statusOf(cluster)).toMatchObject({
      replicas: 1,
      conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate" }],
    });
    expect(statusOf(cluster).conditions?.[0]?.message).toMatch(
      /^pods "web-\w{5}" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1$/,
    );
    expect(
      cluster.events("web").some((text) => text.startsWith("FailedCreate: Error creating: pods")),
    ).toBe(true);
    cluster.remove("resourcequotas", "few");
    cluster.advance(120);
    expect(statusOf(cluster)).toMatchObject({ replicas: 3, readyReplicas: 3 });
    expect(statusOf(cluster).conditions).toBeUndefined();
  });

  it("count a pod as available once it was ready for long enough", () => {
    const cluster = new ShellCluster();
    cluster.create(aSet("web", 1, "\n  minReadySeconds: 30"));
    cluster.advance(20);
    expect(statusOf(cluster)).toMatchObject({ readyReplicas: 1 });
    expect(statusOf(cluster).availableReplicas).toBeUndefined();
    cluster.advance(15);
    expect(statusOf(cluster)).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
  });

  it.each<["Background" | "Foreground" | "Orphan", number]>([
    ["Background", 0],
    ["Foreground", 0],
    ["Orphan", 2],
  ])("API-17: deleted with %s they leave %i pods", (policy, left) => {
    const cluster = new ShellCluster();
    cluster.create(aSet("web", 2));
    cluster.advance(10);
    cluster.remove(SETS, "web", policy);
    cluster.advance(1);
    expect(cluster.list(SETS)).toHaveLength(policy === "Foreground" ? 1 : 0);
    cluster.advance(60);
    expect(cluster.list(SETS)).toHaveLength(0);
    expect(podsOf(cluster)).toHaveLength(left);
    for (const pod of podsOf(cluster)) expect(pod.metadata.ownerReferences).toBeUndefined();
    if (left === 0) return;
    cluster.create(aSet("web", 3));
    cluster.advance(10);
    expect(podsOf(cluster)).toHaveLength(3);
  });
});
