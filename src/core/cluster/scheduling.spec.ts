import { describe, expect, it } from "vitest";
import type { Pod } from "../api/index.js";
import { ShellCluster } from "./testing/shell-cluster.js";

const podsOf = (cluster: ShellCluster): readonly Pod[] => cluster.list("pods") as readonly Pod[];
const nodeOf = (cluster: ShellCluster, name: string): string | undefined =>
  (cluster.get("pods", name) as Pod).spec.nodeName;
const scheduling = (cluster: ShellCluster, name: string): readonly string[] =>
  cluster.events(name).filter((text) => /^(FailedScheduling|Scheduled|Preempted)/.test(text));

const aPod = (name: string, app: string, spec = ""): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${app} } }
spec:
  terminationGracePeriodSeconds: 1
  containers: [{ name: c, image: "busybox:1.36", command: [sleep, infinity] }]${spec}
`;

const HOST = "topologyKey: kubernetes.io/hostname";
const selecting = (app: string): string => `labelSelector: { matchLabels: { app: ${app} } }`;
const rule = (kind: string, app: string): string => `
  affinity: { ${kind}: { requiredDuringSchedulingIgnoredDuringExecution: [{ ${HOST}, ${selecting(app)} }] } }`;

describe("pods that look at each other", () => {
  it("keep one a node, and the one too many waits until one goes", () => {
    const cluster = new ShellCluster();
    for (const name of ["a", "b", "c"])
      cluster.create(aPod(name, "redis", rule("podAntiAffinity", "redis")));
    cluster.advance(5);
    expect(new Set([nodeOf(cluster, "a"), nodeOf(cluster, "b")])).toEqual(
      new Set(["node-1", "node-2"]),
    );
    expect(nodeOf(cluster, "c")).toBeUndefined();
    expect(scheduling(cluster, "c")).toEqual([
      "FailedScheduling: 0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. " +
        "no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
    ]);
    const freed = nodeOf(cluster, "b");
    cluster.remove("pods", "b");
    cluster.advance(10);
    expect(nodeOf(cluster, "c")).toBe(freed);
  });

  it("wait for the company they need, and are not tried again for any other", () => {
    const cluster = new ShellCluster();
    cluster.create(aPod("store", "store", rule("podAffinity", "cache")));
    cluster.advance(5);
    cluster.create(aPod("other", "other"));
    cluster.advance(5);
    expect(scheduling(cluster, "store")).toEqual([
      "FailedScheduling: 0/2 nodes are available: 2 node(s) didn't match pod affinity rules. " +
        "no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    ]);
    cluster.create(aPod("cache", "cache"));
    cluster.advance(5);
    expect(nodeOf(cluster, "store")).toBe(nodeOf(cluster, "cache"));
  });

  it("lie evenly where they must", () => {
    const cluster = new ShellCluster(["node-1", "node-2", "node-3"]);
    const busy = "resources: { requests: { cpu: 6 } }";
    const spec = `nodeName: node-1, containers: [{ name: c, image: "busybox:1.36", command: [sleep, infinity], ${busy} }]`;
    cluster.create(`{ apiVersion: v1, kind: Pod, metadata: { name: busy }, spec: { ${spec} } }`);
    const spread = `
  topologySpreadConstraints:
    - { maxSkew: 1, ${HOST}, whenUnsatisfiable: DoNotSchedule, ${selecting("web")} }`;
    for (let index = 0; index < 9; index += 1)
      cluster.create(aPod(`web-${String(index)}`, "web", spread));
    cluster.advance(5);
    const counts = new Map<string, number>();
    for (const { spec } of cluster.list("pods", "app=web") as readonly Pod[])
      counts.set(spec.nodeName ?? "", (counts.get(spec.nodeName ?? "") ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ "node-1": 3, "node-2": 3, "node-3": 3 });
  });

  it("SCHED-10: two pods of high priority that come together both make room, on one node", () => {
    const cluster = new ShellCluster(["node-1"]);
    cluster.create(
      "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: high }\nvalue: 1000\n",
    );
    const half = (name: string, more = ""): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  terminationGracePeriodSeconds: 30${more}
  containers:
    - { name: c, image: "busybox:1.36", command: [sleep, infinity], resources: { requests: { cpu: "3500m" } } }
`;
    cluster.create(half("low-1"));
    cluster.create(half("low-2"));
    cluster.advance(5);
    cluster.create(half("high-1", "\n  priorityClassName: high"));
    cluster.create(half("high-2", "\n  priorityClassName: high"));
    cluster.advance(2);
    expect(
      podsOf(cluster).map(({ metadata }) => [
        metadata.name,
        metadata.deletionTimestamp !== undefined,
      ]),
    ).toEqual([
      ["high-1", false],
      ["high-2", false],
      ["low-1", true],
      ["low-2", true],
    ]);
  });
});
