import { describe, expect, it } from "vitest";
import { base64OfText } from "../../api/index.js";
import { TestCluster } from "../testing/test-cluster.js";

const image = { image: "app:1", imagePullPolicy: "IfNotPresent" };
const mounting = (
  volume: Record<string, unknown>,
  mount: Record<string, unknown> = {},
): Record<string, unknown> => ({
  volumes: [{ name: "v", ...volume }],
  containers: [{ name: "app", ...image, volumeMounts: [{ name: "v", mountPath: "/v", ...mount }] }],
});

/** The content of a file that the container sees. */
const fileOf = (cluster: TestCluster, path: string): string | null => {
  const mount = cluster.runtime
    .configsOf("app")
    .at(-1)
    ?.mounts.find(({ containerPath }) => containerPath === "/v");
  return cluster.runtime.files.readText(`${mount?.hostPath ?? ""}${path}`);
};

describe("volumes", () => {
  it("VOL-1: one that is missing keeps the pod back, is tried again with longer and longer pauses", () => {
    const cluster = new TestCluster();
    cluster.createPod(mounting({ configMap: { name: "late" } }));
    cluster.runSeconds(60);
    expect(cluster.livePod().status.phase).toBe("Pending");
    expect(cluster.waitingReasons("app")).toEqual(["ContainerCreating"]);
    expect(cluster.eventTexts()[0]).toMatch(
      /^Warning FailedMount: MountVolume.SetUp failed for volume "v" : configmap "late" not found \(x7\)$/,
    );
    cluster.create("configmaps", { metadata: { name: "late" }, data: { k: "v" } });
    cluster.runSeconds(10);
    expect(cluster.livePod().status.phase).toBe("Running");
    expect(fileOf(cluster, "/k")).toBe("v");
  });

  it("VOL-1: a pod that is deleted while it waits goes at once", () => {
    const cluster = new TestCluster();
    cluster.createPod(mounting({ secret: { secretName: "none" } }));
    cluster.runSeconds(30);
    cluster.deletePod();
    cluster.runSeconds(1);
    expect(cluster.pod()).toBeNull();
  });

  it("VOL-4: keys, modes, optional ones", () => {
    const cluster = new TestCluster();
    cluster.create("secrets", {
      metadata: { name: "s" },
      data: { a: base64OfText("A"), b: "Qg==" },
    });
    const items = [{ key: "a", path: "dir/file", mode: 0o400 }];
    cluster.createPod(mounting({ secret: { secretName: "s", items } }));
    cluster.createPod(mounting({ configMap: { name: "none", optional: true } }), { name: "q" });
    cluster.runSeconds(5);
    expect(cluster.livePod("q").status.phase).toBe("Running");
    const uid = cluster.livePod().metadata.uid;
    const path = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~secret/v`;
    expect(cluster.runtime.files.readText(`${path}/dir/file`)).toBe("A");
    expect(cluster.runtime.files.exists(`${path}/b`)).toBe(false);
    expect(cluster.runtime.files.readLink(`${path}/..data`)).toMatch(/^\.\.2026_01_01_/);
  });

  it("VOL-4: a key that is missing", () => {
    const cluster = new TestCluster();
    cluster.create("configmaps", { metadata: { name: "m" }, data: {} });
    const items = [{ key: "none", path: "x" }];
    cluster.createPod(mounting({ configMap: { name: "m", items } }));
    cluster.runSeconds(3);
    expect(cluster.eventTexts().join()).toContain("references non-existent config key: none");
  });

  it("VOL-4: what changes in the API comes to the files in time", () => {
    const cluster = new TestCluster();
    cluster.create("configmaps", { metadata: { name: "m" }, data: { k: "old", gone: "x" } });
    cluster.createPod(mounting({ configMap: { name: "m" } }));
    cluster.runSeconds(5);
    cluster.patch("configmaps", "m", { data: { k: "new", gone: null } });
    cluster.runSeconds(5);
    expect(fileOf(cluster, "/k")).toBe("old");
    cluster.runSeconds(90);
    expect(fileOf(cluster, "/k")).toBe("new");
    expect(fileOf(cluster, "/gone")).toBeNull();
  });

  it("VOL-3: an emptyDir outlives its containers, not its pod", () => {
    const cluster = new TestCluster({ runs: { app: [{ runMs: 5000, exitCode: 1 }, {}] } });
    cluster.createPod(mounting({ emptyDir: {} }));
    cluster.runSeconds(3);
    const path = cluster.runtime.configsOf("app")[0]?.mounts[0]?.hostPath ?? "";
    cluster.runtime.files.writeFile(`${path}/kept`, "yes");
    cluster.runSeconds(10);
    expect(fileOf(cluster, "/kept")).toBe("yes");
    cluster.deletePod();
    cluster.runSeconds(40);
    expect(cluster.runtime.files.exists(path)).toBe(false);
  });

  it("VOL-5: the downward API as files", () => {
    const cluster = new TestCluster();
    const items = [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }];
    cluster.createPod(mounting({ downwardAPI: { items } }), { labels: { b: "2", a: "1" } });
    cluster.runSeconds(3);
    expect(fileOf(cluster, "/labels")).toBe('a="1"\nb="2"');
  });

  it("VOL-5: projected puts several sources into one place", () => {
    const cluster = new TestCluster();
    cluster.create("configmaps", { metadata: { name: "m" }, data: { a: "A" } });
    cluster.create("secrets", { metadata: { name: "s" }, data: { b: base64OfText("B") } });
    const sources = [{ configMap: { name: "m" } }, { secret: { name: "s" } }];
    cluster.createPod(mounting({ projected: { sources } }));
    cluster.runSeconds(3);
    expect([fileOf(cluster, "/a"), fileOf(cluster, "/b")]).toEqual(["A", "B"]);
  });

  it.each([
    { type: "Directory", message: "hostPath type check failed: /none is not a directory" },
    { type: "File", message: "hostPath type check failed: /none is not a file" },
    { type: "Socket", message: "hostPath type check failed: /none is not a socket file" },
  ])("VOL-2: a hostPath of type $type that is not there", ({ type, message }) => {
    const cluster = new TestCluster();
    cluster.createPod(mounting({ hostPath: { path: "/none", type } }));
    cluster.runSeconds(3);
    expect(cluster.eventTexts().join()).toContain(message);
  });

  it("VOL-2: DirectoryOrCreate makes it", () => {
    const cluster = new TestCluster();
    cluster.createPod(mounting({ hostPath: { path: "/made", type: "DirectoryOrCreate" } }));
    cluster.runSeconds(3);
    expect(cluster.runtime.files.typeOf("/made")).toBe("directory");
  });

  it("VOL-6: subPath makes its directory; an expression takes the environment", () => {
    const cluster = new TestCluster();
    const pod = mounting({ emptyDir: {} }, { subPathExpr: "logs/$(POD)" });
    const [container] = pod.containers as Record<string, unknown>[];
    const env = [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }];
    cluster.createPod({ ...pod, containers: [{ ...container, env }] });
    cluster.runSeconds(3);
    const [mount] = cluster.runtime.configsOf("app")[0]?.mounts ?? [];
    expect(mount?.hostPath).toMatch(/\/v\/logs\/p$/);
    expect(cluster.runtime.files.typeOf(mount?.hostPath ?? "")).toBe("directory");
  });

  it("VOL-7: mounts in the status", () => {
    const cluster = new TestCluster();
    cluster.createPod(mounting({ emptyDir: {} }, { readOnly: true }));
    cluster.runSeconds(3);
    expect(cluster.livePod().status.containerStatuses?.[0]?.volumeMounts).toEqual([
      { name: "v", mountPath: "/v", readOnly: true, recursiveReadOnly: "Disabled" },
    ]);
  });

  it("NS-5: /etc/hosts is the kubelet's, unless the container mounts its own", () => {
    const cluster = new TestCluster();
    cluster.createPod({
      ...mounting({ emptyDir: {} }),
      hostAliases: [{ ip: "1.2.3.4", hostnames: ["a.local", "b.local"] }],
    });
    cluster.runSeconds(3);
    const mounts = cluster.runtime.configsOf("app")[0]?.mounts ?? [];
    const hosts = mounts.find(({ containerPath }) => containerPath === "/etc/hosts");
    const ip = cluster.livePod().status.podIP ?? "";
    expect(cluster.runtime.files.readText(hosts?.hostPath ?? "")).toBe(
      [
        "# Kubernetes-managed hosts file.",
        "127.0.0.1\tlocalhost",
        "::1\tlocalhost ip6-localhost ip6-loopback",
        "fe00::0\tip6-localnet",
        "fe00::0\tip6-mcastprefix",
        "fe00::1\tip6-allnodes",
        "fe00::2\tip6-allrouters",
        `${ip}\tp`,
        "",
        "# Entries added by HostAliases.",
        "1.2.3.4\ta.local\tb.local",
        "",
      ].join("\n"),
    );
  });
});
