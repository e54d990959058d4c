import { describe, expect, it } from "vitest";
import { resourceByStorage, type KubeObject, type Namespace } from "../../api/index.js";
import { Cluster } from "../cluster.js";

type Items = { readonly items: readonly KubeObject[] };

const aCluster = (): Cluster =>
  new Cluster({
    seed: 1,
    startMs: Date.UTC(2026, 0, 1),
    nodes: [{ name: "node-1", capacity: {}, labels: {}, taints: [] }],
    pullTimeScale: 0,
  });

const advance = ({ engine }: Cluster, seconds: number): void => {
  engine.runUntil(engine.nowMs + seconds * 1000);
};

const make = (cluster: Cluster, storage: string, namespace: string, body: object): string => {
  const resource = resourceByStorage(storage);
  const request = { verb: "create", resource, namespace, body, options: {} } as const;
  const outcome = cluster.execute({ type: "api", request });
  return outcome.ok ? "" : (outcome.status.message ?? "");
};

const remove = (cluster: Cluster, storage: string, namespace: string, name: string): void => {
  const resource = resourceByStorage(storage);
  const request = { verb: "delete", resource, namespace, name, options: {} } as const;
  expect(cluster.execute({ type: "api", request })).toMatchObject({ ok: true });
};

const namesOf = (cluster: Cluster, storage: string, namespace: string): readonly string[] => {
  const resource = resourceByStorage(storage);
  const request = { verb: "list", resource, namespace, options: {} } as const;
  const outcome = cluster.execute({ type: "api", request });
  if (!outcome.ok || !("response" in outcome)) throw new Error("the list was refused");
  return (outcome.response.body as unknown as Items).items.map(({ metadata }) => metadata.name);
};

const statusOf = (cluster: Cluster, name: string): Namespace["status"] => {
  const request = { verb: "get", resource: resourceByStorage("namespaces"), namespace: "", name };
  const outcome = cluster.execute({ type: "api", request: { ...request, verb: "get" } });
  if (!outcome.ok || !("response" in outcome)) throw new Error(`there is no namespace ${name}`);
  return (outcome.response.body as unknown as Namespace).status;
};

const namespace = (name: string): object => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});
const configMap = (name: string, metadata: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
});
/** Takes no notice of SIGTERM, so it is there until its grace period is over. */
const stubborn = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "stubborn" },
  spec: {
    terminationGracePeriodSeconds: 10,
    containers: [{ name: "c", image: "busybox:1.36", command: ["sleep", "1000000"] }],
  },
};

describe("a namespace", () => {
  it("has the default ServiceAccount and the cluster's certificate as soon as it is made", () => {
    const cluster = aCluster();
    expect(make(cluster, "namespaces", "", namespace("team"))).toBe("");
    advance(cluster, 1);
    expect(statusOf(cluster, "team")).toEqual({ phase: "Active" });
    expect(namesOf(cluster, "serviceaccounts", "team")).toEqual(["default"]);
    expect(namesOf(cluster, "configmaps", "team")).toEqual(["kube-root-ca.crt"]);
    remove(cluster, "configmaps", "team", "kube-root-ca.crt");
    remove(cluster, "serviceaccounts", "team", "default");
    advance(cluster, 1);
    expect(namesOf(cluster, "serviceaccounts", "team")).toEqual(["default"]);
    expect(namesOf(cluster, "configmaps", "team")).toEqual(["kube-root-ca.crt"]);
  });

  it("empties itself when it is deleted, says what it waits for, takes nothing new, and is gone", () => {
    const cluster = aCluster();
    make(cluster, "namespaces", "", namespace("team"));
    advance(cluster, 1);
    make(cluster, "configmaps", "team", configMap("settings"));
    make(cluster, "configmaps", "default", configMap("settings"));
    expect(make(cluster, "pods", "team", stubborn)).toBe("");
    advance(cluster, 5);
    remove(cluster, "namespaces", "", "team");
    advance(cluster, 2);
    const status = statusOf(cluster, "team");
    expect(status.phase).toBe("Terminating");
    expect(status.conditions).toContainEqual(
      expect.objectContaining({
        type: "NamespaceContentRemaining",
        status: "True",
        reason: "SomeResourcesRemain",
        message: "Some resources are remaining: pods. has 1 resource instances",
      }),
    );
    expect(namesOf(cluster, "configmaps", "team")).toEqual([]);
    expect(namesOf(cluster, "pods", "team")).toEqual(["stubborn"]);
    expect(make(cluster, "configmaps", "team", configMap("late"))).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace team because it is being terminated',
    );
    advance(cluster, 15);
    expect(namesOf(cluster, "namespaces", "")).not.toContain("team");
    expect(namesOf(cluster, "configmaps", "default")).toContain("settings");
  });

  it("waits for what a finalizer holds, and says for which", () => {
    const cluster = aCluster();
    make(cluster, "namespaces", "", namespace("team"));
    make(cluster, "configmaps", "team", configMap("held", { finalizers: ["example.com/hold"] }));
    remove(cluster, "namespaces", "", "team");
    advance(cluster, 60);
    expect(statusOf(cluster, "team").conditions).toContainEqual(
      expect.objectContaining({
        type: "NamespaceFinalizersRemaining",
        status: "True",
        message:
          "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
      }),
    );
    const resource = resourceByStorage("configmaps");
    const patch = { verb: "patch", patchType: "merge", body: { metadata: { finalizers: null } } };
    const request = { ...patch, resource, namespace: "team", name: "held", options: {} };
    cluster.execute({ type: "api", request: request as never });
    advance(cluster, 60);
    expect(namesOf(cluster, "namespaces", "")).not.toContain("team");
  });
});
