import { describe, expect, it } from "vitest";
import type { ContainerStatus, PodCondition, ResourceRequirements } from "../../api/index.js";
import { TestCluster } from "../testing/test-cluster.js";

type Amounts = Record<string, string>;

const both = (amounts: Amounts): ResourceRequirements => ({ requests: amounts, limits: amounts });
const SMALL = both({ cpu: "1", memory: "100Mi" });

const app = (resources: ResourceRequirements, more: Record<string, unknown> = {}): unknown => ({
  name: "app",
  image: "app:1",
  imagePullPolicy: "IfNotPresent",
  resources,
  ...more,
});

const resize = (
  cluster: TestCluster,
  resources: ResourceRequirements,
  { pod = "p", container = "app", list = "containers" } = {},
): void => {
  const body = { spec: { [list]: [{ name: container, resources }] } };
  const patch = { type: "strategic" as const, subresource: "resize", body };
  cluster.do(cluster.client.patch("pods", "default", pod, patch));
};

const statusOf = (cluster: TestCluster, pod = "p"): ContainerStatus | undefined =>
  cluster.livePod(pod).status.containerStatuses?.[0];

const resizeConditions = (cluster: TestCluster, pod = "p"): readonly Partial<PodCondition>[] =>
  (cluster.livePod(pod).status.conditions ?? [])
    .filter(({ type }) => type.startsWith("PodResize"))
    .map(({ lastTransitionTime: _, lastProbeTime: __, ...rest }) => rest);

const resized = (cluster: TestCluster): number =>
  cluster.runtime.calls.filter(({ call }) => call.startsWith("resize")).length;

describe("the resize of a running pod", () => {
  it("VAL-25, API-23: changes the resources under the running container", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [app(SMALL)] });
    cluster.runSeconds(5);
    const wanted = both({ cpu: "2", memory: "100Mi" });
    resize(cluster, wanted);
    cluster.runSeconds(5);
    expect(statusOf(cluster)).toMatchObject({
      restartCount: 0,
      allocatedResources: wanted.requests,
      resources: wanted,
    });
    expect(resized(cluster)).toBe(1);
    expect(resizeConditions(cluster)).toEqual([]);
    expect(cluster.livePod().status.observedGeneration).toBe(2);
  });

  it("COND-1, API-23: shows PodResizeInProgress while what was granted is not in effect", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [app(SMALL)] });
    cluster.runSeconds(5);
    resize(cluster, both({ cpu: "2", memory: "100Mi" }));
    cluster.runSeconds(5);
    const seen = cluster
      .statuses()
      .flatMap(({ conditions }) => conditions ?? [])
      .filter(({ type }) => type === "PodResizeInProgress");
    expect(seen[0]).toMatchObject({ status: "True", observedGeneration: 2 });
  });

  it("API-23: restarts a container whose policy for the resource says so, and only then", () => {
    const cluster = new TestCluster();
    const resizePolicy = [
      { resourceName: "cpu", restartPolicy: "NotRequired" },
      { resourceName: "memory", restartPolicy: "RestartContainer" },
    ];
    cluster.createPod({ restartPolicy: "Always", containers: [app(SMALL, { resizePolicy })] });
    cluster.runSeconds(5);
    resize(cluster, both({ cpu: "2", memory: "100Mi" }));
    cluster.runSeconds(5);
    expect(statusOf(cluster)?.restartCount).toBe(0);
    const wanted = both({ cpu: "2", memory: "200Mi" });
    resize(cluster, wanted);
    cluster.runSeconds(5);
    expect(statusOf(cluster)).toMatchObject({ restartCount: 1, resources: wanted });
    expect(cluster.eventTexts()).toContain("Normal Killing: Container app resize requires restart");
  });

  it("API-23, SIDE-5: resizes a sidecar too", () => {
    const cluster = new TestCluster();
    const side = { ...(app(SMALL) as object), name: "side", restartPolicy: "Always" };
    cluster.createPod({ initContainers: [side], containers: [app(SMALL)] });
    cluster.runSeconds(5);
    const wanted = both({ cpu: "2", memory: "100Mi" });
    resize(cluster, wanted, { container: "side", list: "initContainers" });
    cluster.runSeconds(5);
    expect(cluster.livePod().status.initContainerStatuses?.[0]?.resources).toEqual(wanted);
    expect(resized(cluster)).toBe(1);
  });

  it("API-23: more than the node has is Infeasible, and nothing is changed", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [app(SMALL)] });
    cluster.runSeconds(5);
    resize(cluster, both({ cpu: "9", memory: "100Mi" }));
    cluster.runSeconds(300);
    expect(resizeConditions(cluster)).toEqual([
      {
        type: "PodResizePending",
        status: "True",
        reason: "Infeasible",
        message: "Node didn't have enough capacity: cpu, requested: 9000, capacity: 8000",
        observedGeneration: 2,
      },
    ]);
    expect(statusOf(cluster)?.allocatedResources).toEqual(SMALL.requests);
    expect(resized(cluster)).toBe(0);
    resize(cluster, SMALL);
    cluster.runSeconds(5);
    expect(resizeConditions(cluster)).toEqual([]);
  });

  it("COND-1: a resize that waits says when that was found", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [app(SMALL)] });
    cluster.runSeconds(5);
    resize(cluster, both({ cpu: "9", memory: "100Mi" }));
    cluster.runSeconds(30);
    const pending = cluster
      .livePod()
      .status.conditions?.find(({ type }) => type.endsWith("Pending"));
    expect(pending?.lastProbeTime).toBe(pending?.lastTransitionTime);
    expect(pending?.lastProbeTime).toBeTruthy();
  });

  it("API-23: what has no room now is Deferred, and done when another pod goes", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [app(SMALL)] });
    cluster.createPod({ containers: [app(both({ cpu: "6", memory: "1Gi" }))] }, { name: "other" });
    cluster.runSeconds(5);
    resize(cluster, both({ cpu: "4", memory: "100Mi" }));
    cluster.runSeconds(60);
    expect(resizeConditions(cluster)).toEqual([
      {
        type: "PodResizePending",
        status: "True",
        reason: "Deferred",
        message:
          "Node didn't have enough resource: cpu, requested: 4000, used: 6000, capacity: 8000",
        observedGeneration: 2,
      },
    ]);
    cluster.deletePod("other", 1);
    cluster.runSeconds(10);
    expect(resizeConditions(cluster)).toEqual([]);
    expect(statusOf(cluster)?.resources?.limits).toEqual({ cpu: "4", memory: "100Mi" });
  });

  it("API-23: a container that is restarted meanwhile has what was granted, not what is wanted", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 60_000, exitCode: 1 }, {}] } });
    cluster.createPod({ containers: [app(SMALL)] });
    cluster.runSeconds(5);
    resize(cluster, both({ cpu: "9", memory: "100Mi" }));
    cluster.runSeconds(120);
    expect(cluster.runtime.configsOf("app").map(({ limits }) => limits.cpuLimitMilli)).toEqual([
      1000, 1000,
    ]);
    expect(statusOf(cluster)?.restartCount).toBe(1);
  });

  it("API-23: a container of several is told of alone when the pod has no limit", () => {
    const cluster = new TestCluster({ stats: () => ({ memoryBytes: 90 << 20 }) });
    cluster.createPod({ containers: [app(SMALL), { name: "other", image: "app:1" }] });
    cluster.runSeconds(5);
    resize(cluster, { limits: { memory: "50Mi" }, requests: { memory: "50Mi" } });
    cluster.runSeconds(30);
    expect(resizeConditions(cluster)).toMatchObject([
      {
        message:
          'cannot decrease memory limits: attempting to set container "app" memory limit (52428800) below current usage (94371840)',
      },
    ]);
  });

  it("API-23, EVT-6: says when it is done, with all that was granted", () => {
    const cluster = new TestCluster();
    cluster.createPod({ containers: [app(SMALL)] });
    cluster.runSeconds(5);
    resize(cluster, { limits: { cpu: "2" }, requests: { cpu: "2" } });
    cluster.runSeconds(5);
    expect(cluster.eventTexts().at(-1)).toBe(
      'Normal ResizeCompleted: Pod resize completed: {"containers":[{"name":"app","resources":{"limits":{"cpu":"2","memory":"100Mi"},"requests":{"cpu":"2","memory":"100Mi"}}}]}',
    );
  });

  it("API-23: a memory limit is not set below what is in use", () => {
    const cluster = new TestCluster({ stats: () => ({ memoryBytes: 90 << 20 }) });
    cluster.createPod({ containers: [app(SMALL)] });
    cluster.runSeconds(5);
    resize(cluster, both({ cpu: "1", memory: "50Mi" }));
    cluster.runSeconds(30);
    expect(resizeConditions(cluster)).toMatchObject([
      {
        type: "PodResizeInProgress",
        reason: "Error",
        message:
          "cannot decrease memory limits: [attempting to set pod memory limit (52428800) below current usage (94371840), " +
          'attempting to set container "app" memory limit (52428800) below current usage (94371840)]',
        observedGeneration: 2,
      },
    ]);
    expect(statusOf(cluster)).toMatchObject({
      allocatedResources: { cpu: "1", memory: "50Mi" },
      resources: SMALL,
    });
  });
});
