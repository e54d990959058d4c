import { describe, expect, it } from "vitest";
import { TestCluster } from "./testing/test-cluster.js";
import { ClusterNetwork, createRuntime, type MachineCapacity } from "../runtime/index.js";

/** The same node, on the runtime that the product has. */
const onRealRuntime = (capacity: Partial<MachineCapacity> = {}): TestCluster =>
  new TestCluster({}, 1, (engine) =>
    createRuntime({
      engine,
      nodeName: "node-1",
      nodeIp: "172.18.0.2",
      podCidr: "10.244.1.0/24",
      network: new ClusterNetwork(),
      capacity,
    }),
  );

describe("on the simulated container runtime", () => {
  it("runs init container, sidecar and app with a probe, to the end", () => {
    const cluster = onRealRuntime();
    cluster.createPod({
      terminationGracePeriodSeconds: 5,
      volumes: [{ name: "shared", emptyDir: {} }],
      initContainers: [
        {
          name: "init",
          image: "busybox:1.36",
          command: ["sh", "-c", "echo hello > /shared/greeting"],
          volumeMounts: [{ name: "shared", mountPath: "/shared" }],
        },
        {
          name: "sidecar",
          image: "busybox:1.36",
          restartPolicy: "Always",
          command: ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1; done"],
        },
      ],
      containers: [
        {
          name: "web",
          image: "nginx:1.27",
          readinessProbe: { httpGet: { port: 80 }, periodSeconds: 2 },
          livenessProbe: { exec: { command: ["cat", "/shared/greeting"] }, periodSeconds: 2 },
          volumeMounts: [{ name: "shared", mountPath: "/shared" }],
        },
      ],
    });
    cluster.runSeconds(60);
    const { status } = cluster.livePod();
    expect(status.phase).toBe("Running");
    expect(status.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
    expect(cluster.probes("web").find(({ probe }) => probe === "liveness")).toMatchObject({
      result: "success",
      output: "hello\n",
    });
    cluster.deletePod();
    cluster.runSeconds(30);
    expect(cluster.pod()).toBeNull();
    const ends = cluster
      .transitions()
      .filter(({ to }) => to?.state === "terminated")
      .map(({ container, to }) => [container, to?.exitCode]);
    expect(ends).toEqual([
      ["init", 0],
      ["web", 0],
      ["sidecar", 0],
    ]);
  });

  it("NET-3: without a network plugin only pods on the host's network run; the others follow when it is there", () => {
    const cluster = onRealRuntime();
    cluster.kubelet.setNetworkError("cni plugin not initialized");
    const container = {
      name: "c",
      image: "busybox:1.36",
      command: ["sh", "-c", "hostname -i >/dev/termination-log"],
    };
    const spec = { restartPolicy: "Never", containers: [container] };
    cluster.createPod({ ...spec, hostNetwork: true }, { name: "host" });
    cluster.createPod(spec);
    cluster.runSeconds(20);
    const said = (name?: string): string | undefined =>
      cluster.livePod(name).status.containerStatuses?.[0]?.state?.terminated?.message;
    expect(said("host")).toBe("172.18.0.2\n");
    expect(cluster.livePod().status.phase).toBe("Pending");
    expect(cluster.eventTexts().join("\n")).toContain(
      "Warning NetworkNotReady: network is not ready: cni plugin not initialized",
    );
    cluster.kubelet.setNetworkError(null);
    cluster.runSeconds(20);
    expect(said()).toMatch(/^10\.244\.1\.\d+\n$/);
  });

  it("PROBE-6, TERM-7: a shell that ignores TERM is killed after the grace period", () => {
    const cluster = onRealRuntime();
    const command = ["sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"];
    const probe = { exec: { command: ["cat", "/tmp/healthy"] }, periodSeconds: 5 };
    cluster.createPod({
      containers: [
        {
          name: "app",
          image: "busybox:1.36",
          command,
          livenessProbe: { ...probe, initialDelaySeconds: 5 },
        },
      ],
    });
    cluster.runSeconds(110);
    const status = cluster.livePod().status.containerStatuses?.[0];
    expect(status?.restartCount).toBe(1);
    expect(status?.lastState?.terminated?.exitCode).toBe(137);
    expect(cluster.eventTexts().join("\n")).toContain(
      "Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory",
    );
  });

  it("CRE-3: a command that is not there", () => {
    const cluster = onRealRuntime();
    cluster.createPod({
      restartPolicy: "Never",
      containers: [{ name: "app", image: "busybox:1.36", command: ["foo"] }],
    });
    cluster.runSeconds(20);
    expect(cluster.livePod().status.phase).toBe("Failed");
    const { terminated } = cluster.livePod().status.containerStatuses?.[0]?.state ?? {};
    expect(terminated).toMatchObject({ exitCode: 128, reason: "StartError" });
    expect(terminated?.message).toContain('exec: "foo": executable file not found in $PATH');
  });

  describe("a node whose disk has no room left, also not for itself", () => {
    const full = (more: Record<string, unknown>): TestCluster => {
      const cluster = onRealRuntime({ diskInodes: 60 });
      cluster.create("configmaps", { metadata: { name: "c" }, data: { k: "v" } });
      cluster.createPod(
        {
          containers: [
            {
              name: "hog",
              image: "busybox:1.36",
              command: ["sh", "-c", "i=0; while touch /$i; do i=$((i+1)); done; sleep 1000"],
            },
          ],
        },
        { name: "hog" },
      );
      // The eviction manager looks for the first time after ten seconds.
      cluster.runSeconds(4);
      cluster.createPod(more);
      cluster.runSeconds(4);
      return cluster;
    };

    it.each([
      [
        { emptyDir: {} },
        /^Warning FailedMount: MountVolume.SetUp failed for volume "v" : mkdir \/var\/lib\/kubelet\/pods\/\S+: no space left on device/,
      ],
      [
        { configMap: { name: "c" } },
        /^Warning FailedMount: MountVolume.SetUp failed for volume "v" : mkdir \/var\/lib\/kubelet\/pods\/\S+: no space left on device/,
      ],
    ])("VOL-1: %o", (source, expected) => {
      const cluster = full({
        volumes: [{ name: "v", ...source }],
        containers: [
          { name: "a", image: "busybox:1.36", volumeMounts: [{ name: "v", mountPath: "/v" }] },
        ],
      });
      expect(cluster.eventTexts().find((text) => expected.test(text))).toBeDefined();
      expect(cluster.livePod().status.phase).toBe("Pending");
    });

    it("CRE-1: a container without a volume finds no room for its /etc/hosts", () => {
      const app = { containers: [{ name: "a", image: "busybox:1.36" }] };
      const cluster = full({ volumes: [{ name: "v", emptyDir: {} }], ...app });
      cluster.createPod(app, { name: "q" });
      cluster.runSeconds(1);
      const state = cluster.livePod("q").status.containerStatuses?.[0]?.state?.waiting;
      expect(state?.reason).toBe("CreateContainerConfigError");
      expect(state?.message).toMatch(
        /^(mkdir|open) \/var\/lib\/kubelet\/pods\/\S+: no space left on device$/,
      );
    });
  });

  it.each([
    [
      { name: "v", mountPath: "/etc/passwd" },
      /error mounting "\/var\/lib\/kubelet\/pods\/\S+empty-dir\/v" to rootfs at "\/etc\/passwd": mount src=\S+, dst=\/etc\/passwd, dstFd=\S+, flags=MS_BIND\|MS_REC: not a directory: unknown$/,
    ],
    [
      { name: "v", mountPath: "/etc/passwd/x" },
      /to rootfs at "\/etc\/passwd\/x": create mountpoint for \/etc\/passwd\/x mount: not a directory: unknown$/,
    ],
  ])("a volume that cannot be mounted where it is wanted: %o", (mount, message) => {
    const cluster = onRealRuntime();
    cluster.createPod({
      restartPolicy: "Never",
      volumes: [{ name: "v", emptyDir: {} }],
      containers: [{ name: "a", image: "busybox:1.36", volumeMounts: [mount] }],
    });
    cluster.runSeconds(20);
    const state = cluster.livePod().status.containerStatuses?.[0]?.state?.terminated;
    expect(state).toMatchObject({ reason: "StartError", exitCode: 128 });
    expect(state?.message).toMatch(message);
  });

  it("a tree deeper than any path or stack is taken away with its pod", () => {
    const cluster = onRealRuntime();
    cluster.createPod({
      terminationGracePeriodSeconds: 0,
      securityContext: { fsGroup: 2000 },
      volumes: [{ name: "v", emptyDir: {} }],
      containers: [
        {
          name: "a",
          image: "busybox:1.36",
          command: ["sh", "-c", "cd /v; while mkdir a && cd a; do :; done; sleep 1000"],
          volumeMounts: [{ name: "v", mountPath: "/v" }],
        },
      ],
    });
    cluster.runSeconds(300);
    expect(cluster.livePod().status.phase).toBe("Running");
    cluster.deletePod();
    cluster.runSeconds(30);
    expect(cluster.pod()).toBeNull();
  });
});
