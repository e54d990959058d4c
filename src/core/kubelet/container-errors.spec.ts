import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";

const app = (more: Record<string, unknown>): Record<string, unknown> => ({
  containers: [{ name: "app", image: "app:1", imagePullPolicy: "IfNotPresent", ...more }],
});

const waiting = (cluster: TestCluster): unknown =>
  cluster.livePod().status.containerStatuses?.[0]?.state?.waiting;

describe("containers that can't be made", () => {
  it.each([
    {
      given: "a ConfigMap that is missing",
      more: { envFrom: [{ configMapRef: { name: "none" } }] },
      message: 'configmap "none" not found',
    },
    {
      given: "a Secret that is missing",
      more: {
        env: [{ name: "A", valueFrom: { secretKeyRef: { name: "none", key: "k" } } }],
      },
      message: 'secret "none" not found',
    },
    {
      given: "a key that is missing",
      more: {
        env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "there", key: "none" } } }],
      },
      message: "couldn't find key none in ConfigMap default/there",
    },
  ])("CRE-1: $given", ({ more, message }) => {
    const cluster = new TestCluster();
    cluster.create("configmaps", { metadata: { name: "there" }, data: { k: "v" } });
    cluster.createPod(app(more));
    cluster.runSeconds(3);
    expect(waiting(cluster)).toEqual({ reason: "CreateContainerConfigError", message });
    expect(cluster.eventTexts().join("\n")).toContain(`Warning Failed: Error: ${message}`);
    expect(cluster.livePod().status.phase).toBe("Pending");
  });

  it("CRE-1, CRE-4: it recovers by itself, without having been restarted", () => {
    const cluster = new TestCluster();
    cluster.createPod(app({ envFrom: [{ configMapRef: { name: "late" } }] }));
    cluster.runSeconds(30);
    cluster.create("configmaps", { metadata: { name: "late" }, data: { A: "1" } });
    cluster.runSeconds(20);
    expect(cluster.livePod().status.phase).toBe("Running");
    expect(cluster.livePod().status.containerStatuses?.[0]?.restartCount).toBe(0);
    expect(cluster.runtime.configsOf("app")[0]?.env).toContainEqual({ name: "A", value: "1" });
  });

  it.each([
    {
      user: 0,
      more: {},
      message: /^container has runAsNonRoot and image will run as root \(pod: /,
    },
    {
      user: "nginx",
      more: {},
      message:
        /^container has runAsNonRoot and image has non-numeric user \(nginx\), cannot verify/,
    },
    { user: 5, more: { runAsUser: 0 }, message: /^container's runAsUser breaks non-root policy/ },
  ])("CRE-2: runAsNonRoot with image user $user", ({ user, more, message }) => {
    const cluster = new TestCluster({ images: { "app:1": { isPresent: true, user } } });
    cluster.createPod(app({ securityContext: { runAsNonRoot: true, ...more } }));
    cluster.runSeconds(3);
    expect(waiting(cluster)).toMatchObject({
      reason: "CreateContainerConfigError",
      message: expect.stringMatching(message) as string,
    });
  });

  it("CRE-3: what the runtime refuses to create", () => {
    const cluster = new TestCluster({ runs: { app: [{ createError: "no room" }] } });
    cluster.createPod(app({}));
    cluster.runSeconds(3);
    expect(waiting(cluster)).toEqual({ reason: "CreateContainerError", message: "no room" });
    expect(cluster.eventTexts()).not.toContain("Normal Created: Created container: app");
  });

  it("NET-4: a sandbox that can't be made is tried again", () => {
    const cluster = new TestCluster({ sandboxErrors: ["no address", null] });
    cluster.createPod(app({}));
    cluster.runSeconds(3);
    expect(waiting(cluster)).toEqual({ reason: "ContainerCreating" });
    expect(cluster.eventTexts()).toEqual([
      "Warning FailedCreatePodSandBox: Failed to create pod sandbox: no address",
    ]);
    cluster.runSeconds(20);
    expect(cluster.livePod().status.phase).toBe("Running");
  });

  it("NET-6: a sandbox that is lost is made anew, and all begins again", () => {
    const cluster = new TestCluster({ runs: { i: [{ runMs: 100 }] } });
    cluster.createPod({
      ...app({}),
      initContainers: [{ name: "i", image: "app:1", imagePullPolicy: "IfNotPresent" }],
    });
    cluster.runSeconds(10);
    const before = cluster.livePod();
    const [sandbox] = cluster.runtime.listPodSandboxes(before.metadata.uid);
    cluster.runtime.loseSandbox(sandbox?.id ?? "");
    cluster.runSeconds(30);
    const after = cluster.livePod();
    expect(after.status.phase).toBe("Running");
    expect(after.status.podIP).not.toBe(before.status.podIP);
    expect(cluster.transitions("i").filter(({ to }) => to?.state === "running")).toHaveLength(2);
    expect(cluster.eventTexts()).toContain(
      "Normal SandboxChanged: Pod sandbox changed, it will be killed and re-created.",
    );
  });

  it("NET-7: on the host's network the pod has the node's address", () => {
    const cluster = new TestCluster();
    cluster.createPod({ ...app({}), hostNetwork: true });
    cluster.runSeconds(5);
    expect(cluster.livePod().status).toMatchObject({
      phase: "Running",
      podIP: "172.18.0.2",
      hostIP: "172.18.0.2",
    });
  });
});
