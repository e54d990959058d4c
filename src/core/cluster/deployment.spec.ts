import { describe, expect, it } from "vitest";
import type { Deployment, DeploymentCondition, Pod, ReplicaSet } from "../api/index.js";
import { ShellCluster } from "./testing/shell-cluster.js";

const DEPLOYMENTS = "deployments.apps";
const SETS = "replicasets.apps";

const READY = "exec: { command: [test, -e, /tmp/ready] }";

const aDeployment = (replicas: number, spec = ""): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, annotations: { team: blue } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }${spec}
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: c
          image: busybox:1.36
          command: [sh, -c, "sleep 2; touch /tmp/ready; sleep 100000"]
          readinessProbe: { ${READY}, periodSeconds: 1 }
`;

const withCommand = (command: string): object => ({
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: "c",
            image: "busybox:1.36",
            command: ["sh", "-c", command],
            readinessProbe: { exec: { command: ["test", "-e", "/tmp/ready"] }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
});

const FINE = "sleep 1; touch /tmp/ready; sleep 200000";

const deploymentOf = (cluster: ShellCluster): Deployment =>
  cluster.get(DEPLOYMENTS, "web") as Deployment;
const setsOf = (cluster: ShellCluster): readonly ReplicaSet[] =>
  cluster.list(SETS) as readonly ReplicaSet[];
const sizesOf = (cluster: ShellCluster): Record<string, number> =>
  Object.fromEntries(
    setsOf(cluster).map(({ metadata, spec }) => [
      metadata.annotations?.["deployment.kubernetes.io/revision"] ?? "",
      spec.replicas ?? 0,
    ]),
  );
const podsOf = (cluster: ShellCluster): readonly Pod[] => cluster.list("pods") as readonly Pod[];
const conditionOf = (cluster: ShellCluster, type: string): DeploymentCondition | undefined =>
  deploymentOf(cluster).status.conditions?.find((condition) => condition.type === type);

describe("Deployments", () => {
  it("make a replica set of their template, with its hash, and tell how it gets along", () => {
    const cluster = new ShellCluster();
    expect(cluster.create(aDeployment(3))).toBeNull();
    cluster.advance(1);
    const [set] = setsOf(cluster);
    const hash = set?.metadata.labels?.["pod-template-hash"] ?? "";
    expect(hash).toMatch(/^[4-9bcdf]{8,10}$/);
    expect(set).toMatchObject({
      metadata: {
        name: `web-${hash}`,
        labels: { app: "web" },
        annotations: {
          team: "blue",
          "deployment.kubernetes.io/revision": "1",
          "deployment.kubernetes.io/desired-replicas": "3",
          "deployment.kubernetes.io/max-replicas": "4",
        },
        ownerReferences: [{ kind: "Deployment", name: "web", controller: true }],
      },
      spec: { replicas: 3, selector: { matchLabels: { app: "web", "pod-template-hash": hash } } },
    });
    expect(deploymentOf(cluster)).toMatchObject({
      metadata: { generation: 1, annotations: { "deployment.kubernetes.io/revision": "1" } },
      status: { observedGeneration: 1, replicas: 3, updatedReplicas: 3, unavailableReplicas: 3 },
    });
    expect(conditionOf(cluster, "Available")).toMatchObject({
      status: "False",
      reason: "MinimumReplicasUnavailable",
      message: "Deployment does not have minimum availability.",
    });
    expect(conditionOf(cluster, "Progressing")).toMatchObject({
      status: "True",
      reason: "ReplicaSetUpdated",
      message: `ReplicaSet "web-${hash}" is progressing.`,
    });
    cluster.advance(10);
    expect(deploymentOf(cluster).status).toMatchObject({ readyReplicas: 3, availableReplicas: 3 });
    expect(deploymentOf(cluster).status.unavailableReplicas).toBeUndefined();
    expect(conditionOf(cluster, "Available")).toMatchObject({
      status: "True",
      reason: "MinimumReplicasAvailable",
    });
    expect(conditionOf(cluster, "Progressing")).toMatchObject({
      reason: "NewReplicaSetAvailable",
      message: `ReplicaSet "web-${hash}" has successfully progressed.`,
    });
    expect(cluster.events("web")).toEqual([
      `ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 3`,
    ]);
    for (const { metadata } of podsOf(cluster))
      expect(metadata.name).toMatch(new RegExp(`^web-${hash}-[a-z0-9]{5}$`));
  });

  it("roll a new template out without going below or above what is allowed", () => {
    const cluster = new ShellCluster();
    cluster.create(
      aDeployment(4, "\n  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }"),
    );
    cluster.advance(20);
    cluster.patch(DEPLOYMENTS, "web", withCommand(FINE));
    for (let second = 0; second < 40; second += 1) {
      cluster.advance(1);
      const { availableReplicas = 0, replicas = 0 } = deploymentOf(cluster).status;
      expect(availableReplicas).toBeGreaterThanOrEqual(3);
      expect(replicas).toBeLessThanOrEqual(5);
    }
    expect(sizesOf(cluster)).toEqual({ "1": 0, "2": 4 });
    expect(deploymentOf(cluster).status).toMatchObject({ updatedReplicas: 4, replicas: 4 });
    const [before = "", after = ""] = setsOf(cluster).map(({ metadata }) => metadata.name);
    const texts = cluster
      .events("web")
      .map((text) => text.replace(before, "a").replace(after, "b"));
    expect(texts.toSorted()).toEqual([
      "ScalingReplicaSet: Scaled down replica set a from 1 to 0",
      "ScalingReplicaSet: Scaled down replica set a from 2 to 1",
      "ScalingReplicaSet: Scaled down replica set a from 3 to 2",
      "ScalingReplicaSet: Scaled down replica set a from 4 to 3",
      "ScalingReplicaSet: Scaled up replica set a from 0 to 4",
      "ScalingReplicaSet: Scaled up replica set b from 0 to 1",
      "ScalingReplicaSet: Scaled up replica set b from 1 to 2",
      "ScalingReplicaSet: Scaled up replica set b from 2 to 3",
      "ScalingReplicaSet: Scaled up replica set b from 3 to 4",
    ]);
  });

  it("stop where a new version never becomes ready, say so after the deadline, and go back", () => {
    const cluster = new ShellCluster();
    cluster.create(aDeployment(4, "\n  progressDeadlineSeconds: 60"));
    cluster.advance(20);
    const template = deploymentOf(cluster).spec.template;
    cluster.patch(DEPLOYMENTS, "web", withCommand("exit 1"));
    cluster.advance(30);
    expect(sizesOf(cluster)).toEqual({ "1": 3, "2": 2 });
    expect(conditionOf(cluster, "Progressing")).toMatchObject({ status: "True" });
    cluster.advance(60);
    expect(conditionOf(cluster, "Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: expect.stringMatching(
        /^ReplicaSet "web-\w+" has timed out progressing\.$/,
      ) as string,
    });
    expect(conditionOf(cluster, "Available")).toMatchObject({ status: "True" });
    expect(deploymentOf(cluster).status).toMatchObject({ readyReplicas: 3, updatedReplicas: 2 });
    // As kubectl rollout undo does.
    cluster.patch(DEPLOYMENTS, "web", { spec: { template } });
    cluster.advance(30);
    expect(sizesOf(cluster)).toEqual({ "3": 4, "2": 0 });
    const back = setsOf(cluster).find(({ spec }) => (spec.replicas ?? 0) > 0);
    expect(back?.metadata.annotations).toMatchObject({
      "deployment.kubernetes.io/revision-history": "1",
    });
    expect(conditionOf(cluster, "Progressing")).toMatchObject({ reason: "NewReplicaSetAvailable" });
  });

  it("of the strategy Recreate end all old pods before the first new one", () => {
    const cluster = new ShellCluster();
    cluster.create(aDeployment(2, "\n  strategy: { type: Recreate }"));
    cluster.advance(20);
    const before = new Set(podsOf(cluster).map(({ metadata }) => metadata.uid));
    cluster.patch(DEPLOYMENTS, "web", withCommand(FINE));
    for (let step = 0; step < 100; step += 1) {
      cluster.advance(0.1);
      const isOld = podsOf(cluster).map(({ metadata }) => before.has(metadata.uid));
      expect(new Set(isOld).size).toBeLessThanOrEqual(1);
    }
    expect(sizesOf(cluster)).toEqual({ "1": 0, "2": 2 });
  });

  it("share a scaling over the sets of a rollout by their size", () => {
    const cluster = new ShellCluster();
    cluster.create(
      aDeployment(10, "\n  strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } }"),
    );
    cluster.advance(20);
    cluster.patch(DEPLOYMENTS, "web", withCommand("sleep 100000"));
    cluster.advance(20);
    expect(sizesOf(cluster)).toEqual({ "1": 8, "2": 5 });
    cluster.patch(DEPLOYMENTS, "web", { spec: { replicas: 15 } });
    cluster.advance(20);
    // The documentation's own example of proportional scaling.
    expect(sizesOf(cluster)).toEqual({ "1": 11, "2": 7 });
  });

  it("that are paused scale, but roll nothing out", () => {
    const cluster = new ShellCluster();
    cluster.create(aDeployment(2));
    cluster.advance(20);
    cluster.patch(DEPLOYMENTS, "web", { spec: { paused: true } });
    cluster.patch(DEPLOYMENTS, "web", withCommand(FINE));
    cluster.patch(DEPLOYMENTS, "web", { spec: { replicas: 3 } });
    cluster.advance(20);
    expect(sizesOf(cluster)).toEqual({ "1": 3 });
    expect(conditionOf(cluster, "Progressing")).toMatchObject({
      status: "Unknown",
      reason: "DeploymentPaused",
      message: "Deployment is paused",
    });
    cluster.patch(DEPLOYMENTS, "web", { spec: { paused: null } });
    cluster.advance(30);
    expect(sizesOf(cluster)).toEqual({ "1": 0, "2": 3 });
    expect(conditionOf(cluster, "Progressing")).toMatchObject({ reason: "NewReplicaSetAvailable" });
  });

  it("keep as many old sets as their history is long", () => {
    const cluster = new ShellCluster();
    cluster.create(aDeployment(1, "\n  revisionHistoryLimit: 2"));
    cluster.advance(20);
    for (let version = 0; version < 4; version += 1) {
      cluster.patch(DEPLOYMENTS, "web", withCommand(`echo ${version}; ${FINE}`));
      cluster.advance(20);
    }
    expect(Object.keys(sizesOf(cluster)).toSorted()).toEqual(["3", "4", "5"]);
  });

  it("have their pods on as many nodes as there are, though one of them has the image already", () => {
    const cluster = new ShellCluster(["node-1", "node-2", "node-3"]);
    cluster.create(aDeployment(1));
    cluster.advance(20);
    cluster.patch(DEPLOYMENTS, "web", { spec: { replicas: 6 } });
    cluster.advance(20);
    const nodes = podsOf(cluster).map(({ spec }) => spec.nodeName ?? "");
    expect(nodes.toSorted()).toEqual(["1", "1", "2", "2", "3", "3"].map((one) => `node-${one}`));
  });

  it("make a set anew that is deleted under them; the pods of the old one go", () => {
    const cluster = new ShellCluster();
    cluster.create(aDeployment(2));
    cluster.advance(20);
    const [before] = setsOf(cluster);
    const pods = podsOf(cluster).map(({ metadata }) => metadata.name);
    cluster.remove(SETS, before?.metadata.name ?? "");
    cluster.advance(20);
    const [after] = setsOf(cluster);
    expect(after?.metadata.name).toBe(before?.metadata.name);
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(podsOf(cluster).filter(({ metadata }) => pods.includes(metadata.name))).toEqual([]);
    expect(deploymentOf(cluster).status).toMatchObject({ replicas: 2, availableReplicas: 2 });
  });

  it("hand on what keeps their sets from making pods", () => {
    const cluster = new ShellCluster();
    cluster.create(
      "apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: none }\nspec: { hard: { pods: 0 } }",
    );
    cluster.create(aDeployment(1));
    cluster.advance(5);
    expect(conditionOf(cluster, "ReplicaFailure")).toMatchObject({
      status: "True",
      reason: "FailedCreate",
    });
    cluster.remove("resourcequotas", "none");
    cluster.advance(60);
    expect(conditionOf(cluster, "ReplicaFailure")).toBeUndefined();
    expect(deploymentOf(cluster).status.availableReplicas).toBe(1);
  });

  it.each<["Background" | "Foreground" | "Orphan", number, number]>([
    ["Background", 0, 0],
    ["Foreground", 0, 0],
    ["Orphan", 1, 2],
  ])("API-17: deleted with %s they leave %i sets and %i pods", (policy, sets, pods) => {
    const cluster = new ShellCluster();
    cluster.create(aDeployment(2));
    cluster.advance(20);
    cluster.remove(DEPLOYMENTS, "web", policy);
    cluster.advance(20);
    expect(cluster.list(DEPLOYMENTS)).toHaveLength(0);
    expect(setsOf(cluster)).toHaveLength(sets);
    expect(podsOf(cluster)).toHaveLength(pods);
    if (sets === 0) return;
    // The same again adopts what was left.
    cluster.create(aDeployment(2));
    cluster.advance(20);
    expect(setsOf(cluster)).toHaveLength(1);
    expect(setsOf(cluster)[0]?.metadata.ownerReferences).toHaveLength(1);
    expect(podsOf(cluster)).toHaveLength(2);
  });

  it("leave nothing of theirs in a namespace that goes away, and make nothing new there", () => {
    const cluster = new ShellCluster();
    cluster.create("apiVersion: v1\nkind: Namespace\nmetadata: { name: gone }");
    cluster.create(aDeployment(2).replace("name: web,", "name: web, namespace: gone,"));
    cluster.advance(20);
    cluster.remove("namespaces", "gone");
    cluster.advance(60);
    expect(cluster.list("namespaces").map(({ metadata }) => metadata.name)).not.toContain("gone");
  });
});
