import { describe, expect, it } from "vitest";
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "../../api/index.js";
import { ShellCluster } from "../testing/shell-cluster.js";

const claim = (name: string, spec = "", mode = "ReadWriteOnce"): string => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name} }
spec: { accessModes: [${mode}], resources: { requests: { storage: 10Mi } }${spec} }
`;
const pod = (name: string, volume: string, spec = ""): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  terminationGracePeriodSeconds: 1
  volumes: [{ name: v, ${volume} }]
${spec.replace(/^(?=.)/gm, "  ")}
  containers: [{ name: c, image: "busybox:1.36", command: [sleep, "1000000"], volumeMounts: [{ name: v, mountPath: /v }] }]
`;
const claiming = (name: string, claimName: string, spec = ""): string =>
  pod(name, `persistentVolumeClaim: { claimName: ${claimName} }`, spec);

const aCluster = (...manifests: readonly string[]): ShellCluster => {
  const cluster = new ShellCluster();
  for (const manifest of manifests) expect(cluster.create(manifest)).toBeNull();
  cluster.advance(15);
  return cluster;
};
const claimOf = (cluster: ShellCluster, name: string): PersistentVolumeClaim =>
  cluster.get("persistentvolumeclaims", name) as PersistentVolumeClaim;
const volumesOf = (cluster: ShellCluster): readonly PersistentVolume[] =>
  cluster.list("persistentvolumes") as readonly PersistentVolume[];
const podOf = (cluster: ShellCluster, name: string): Pod => cluster.get("pods", name) as Pod;
const PREEMPTION = (count: number): string =>
  `no new claims to deallocate, preemption: 0/2 nodes are available: ${String(count)} Preemption is not helpful for scheduling.`;

describe("claims with the default class", () => {
  it("VOL-3: wait for a pod, are bound on its node, bounded by their size, and outlive it", () => {
    const cluster = aCluster(claim("data"));
    expect(claimOf(cluster, "data")).toMatchObject({
      spec: { storageClassName: "standard" },
      status: { phase: "Pending" },
    });
    expect(cluster.events("data")).toEqual([
      "WaitForFirstConsumer: waiting for first consumer to be created before binding",
    ]);
    cluster.create(claiming("first", "data"));
    cluster.advance(15);
    const { nodeName = "" } = podOf(cluster, "first").spec;
    const [volume] = volumesOf(cluster);
    expect(claimOf(cluster, "data")).toMatchObject({
      metadata: { annotations: { "volume.kubernetes.io/selected-node": nodeName } },
      spec: { volumeName: volume?.metadata.name },
      status: { phase: "Bound", capacity: { storage: "10Mi" }, accessModes: ["ReadWriteOnce"] },
    });
    expect(volume).toMatchObject({
      spec: { claimRef: { name: "data" }, persistentVolumeReclaimPolicy: "Delete" },
      status: { phase: "Bound" },
    });
    expect(
      cluster.sh(
        "first",
        "df -h /v | tail -1 | awk '{print $2}'; echo kept >/v/f; dd if=/dev/zero of=/v/g bs=1M count=11 2>&1 | head -1; rm /v/g",
      ),
    ).toBe("10.0M\ndd: error writing '/v/g': No space left on device\nexit 0");
    cluster.remove("pods", "first");
    cluster.create(claiming("second", "data"));
    cluster.advance(40);
    expect(podOf(cluster, "second").spec.nodeName).toBe(nodeName);
    expect(cluster.sh("second", "cat /v/f")).toBe("kept\nexit 0");
  });

  it("VOL-3: a claim in use is not gone before its pod; then its volume and the data go too", () => {
    const cluster = aCluster(
      claim("data"),
      claiming("p", "data", "nodeSelector: { kubernetes.io/hostname: node-1 }"),
    );
    cluster.sh("p", "echo text >/v/f");
    cluster.remove("persistentvolumeclaims", "data");
    cluster.advance(5);
    expect(claimOf(cluster, "data").metadata).toMatchObject({
      deletionGracePeriodSeconds: 0,
      finalizers: ["kubernetes.io/pvc-protection"],
    });
    expect(cluster.sh("p", "cat /v/f")).toBe("text\nexit 0");
    cluster.create(claiming("late", "data"));
    cluster.advance(5);
    expect(cluster.events("late")).toContain(
      `FailedScheduling: 0/2 nodes are available: persistentvolumeclaim "data" is being deleted. not found`,
    );
    cluster.remove("pods", "p");
    cluster.advance(20);
    expect(cluster.list("persistentvolumeclaims")).toEqual([]);
    expect(volumesOf(cluster)).toEqual([]);
    cluster.create(
      pod("look", "hostPath: { path: /var/local-path-provisioner }", "nodeName: node-1"),
    );
    cluster.advance(10);
    expect(cluster.sh("look", "ls /v")).toBe("exit 0");
  });

  it("VOL-6: ReadWriteOnce: two pods of one node, and none of another; ReadWriteOncePod: one pod", () => {
    const onNode = (name: string): string => `nodeSelector: { kubernetes.io/hostname: ${name} }`;
    const cluster = aCluster(
      claim("data"),
      claim("single", "", "ReadWriteOncePod"),
      claiming("a", "data", onNode("node-1")),
      claiming("one", "single"),
    );
    for (const manifest of [
      claiming("b", "data"),
      claiming("c", "data", onNode("node-2")),
      claiming("two", "single"),
    ])
      cluster.create(manifest);
    cluster.advance(15);
    cluster.sh("a", "echo shared >/v/f");
    expect(cluster.sh("b", "cat /v/f")).toBe("shared\nexit 0");
    expect(cluster.events("c")).toContain(
      "FailedScheduling: 0/2 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity, " +
        `1 node(s) didn't match Pod's node affinity/selector. ${PREEMPTION(2)}`,
    );
    expect(cluster.events("two").join()).toContain(
      "1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
    );
    cluster.remove("pods", "one");
    cluster.advance(15);
    expect(podOf(cluster, "two").status.phase).toBe("Running");
  });

  it("VOL-2: what it cannot make: other access modes, an unknown class", () => {
    const cluster = aCluster(
      claim("many", "", "ReadWriteMany"),
      claim("none", ", storageClassName: nope"),
      claim("empty", ', storageClassName: ""'),
      claiming("p", "many"),
      claiming("q", "none"),
    );
    expect(cluster.events("many")).toContain(
      'ProvisioningFailed: failed to provision volume with StorageClass "standard": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
    );
    expect(cluster.events("none")).toContain(
      'ProvisioningFailed: storageclass.storage.k8s.io "nope" not found',
    );
    expect(cluster.events("empty")).toContain(
      "FailedBinding: no persistent volumes available for this claim and no storage class is set",
    );
    expect(cluster.events("q")).toContain(
      `FailedScheduling: 0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found`,
    );
  });

  it("VOL-2: a claim that is not there holds the pod back, with and without the scheduler, until it comes", () => {
    const cluster = aCluster(claiming("p", "data"), claiming("direct", "data", "nodeName: node-1"));
    expect(cluster.events("p")).toEqual([
      `FailedScheduling: 0/2 nodes are available: persistentvolumeclaim "data" not found. not found`,
    ]);
    expect(cluster.events("direct")[0]).toBe(
      "FailedMount: Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: " +
        'error processing PVC default/data: failed to fetch PVC from API server: persistentvolumeclaims "data" not found',
    );
    cluster.create(claim("data"));
    cluster.advance(15);
    expect(podOf(cluster, "p").status.phase).toBe("Running");
  });

  it("VOL-3: pod and claim deleted together leave nothing", () => {
    const cluster = aCluster(claim("data"), claiming("p", "data"));
    cluster.remove("pods", "p");
    cluster.remove("persistentvolumeclaims", "data");
    cluster.advance(20);
    expect(volumesOf(cluster)).toEqual([]);
  });
});

describe("volumes made by hand", () => {
  const volume = (name: string, size: string, more = ""): string => `
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name}, labels: { size: "${size}" } }
spec: { storageClassName: manual, capacity: { storage: ${size} }, accessModes: [ReadWriteOnce], hostPath: { path: /mnt/${name} }${more} }
`;

  it("VOL-3: the smallest that will do is taken, and kept when the claim goes", () => {
    const cluster = aCluster(
      volume("large", "10Gi"),
      volume("small", "20Mi"),
      volume("tiny", "5Mi"),
      claim("data", ", storageClassName: manual"),
    );
    const phases = (): unknown =>
      Object.fromEntries(
        volumesOf(cluster).map(({ metadata, status }) => [metadata.name, status.phase]),
      );
    expect(phases()).toEqual({ large: "Available", small: "Bound", tiny: "Available" });
    expect(claimOf(cluster, "data").metadata.annotations).toMatchObject({
      "pv.kubernetes.io/bind-completed": "yes",
      "pv.kubernetes.io/bound-by-controller": "yes",
    });
    cluster.create(claiming("p", "data", "nodeName: node-1"));
    cluster.create(pod("look", "hostPath: { path: /mnt/small }", "nodeName: node-1"));
    cluster.advance(10);
    cluster.sh("look", "echo page >/v/index.html");
    expect(cluster.sh("p", "cat /v/index.html")).toBe("page\nexit 0");
    cluster.remove("pods", "p");
    cluster.remove("persistentvolumeclaims", "data");
    cluster.advance(10);
    expect(phases()).toEqual({ large: "Available", small: "Released", tiny: "Available" });
    cluster.remove("persistentvolumes", "small");
    cluster.advance(5);
    expect(phases()).toEqual({ large: "Available", tiny: "Available" });
    expect(cluster.sh("look", "cat /v/index.html")).toBe("page\nexit 0");
  });

  it("VOL-3: selectors, a name, a reservation, and a volume that comes later", () => {
    const cluster = aCluster(
      claim("picky", ', storageClassName: manual, selector: { matchLabels: { size: "30Mi" } }'),
      claim("named", ", storageClassName: manual, volumeName: c"),
      claim("reserved", ", storageClassName: manual"),
    );
    cluster.create(volume("d", "15Mi", ", claimRef: { namespace: default, name: reserved }"));
    cluster.create(volume("c", "12Mi"));
    cluster.create(volume("e", "30Mi"));
    cluster.advance(5);
    expect(
      ["picky", "named", "reserved"].map((name) => claimOf(cluster, name).spec.volumeName),
    ).toEqual(["e", "c", "d"]);
  });

  it("VOL-1: a bound claim whose volume is gone is lost, and no pod can have it", () => {
    const cluster = aCluster(volume("v", "20Mi"), claim("data", ", storageClassName: manual"));
    cluster.patch("persistentvolumes", "v", { metadata: { finalizers: null } });
    cluster.remove("persistentvolumes", "v");
    cluster.create(claiming("p", "data"));
    cluster.advance(5);
    expect(claimOf(cluster, "data").status.phase).toBe("Lost");
    expect(cluster.events("data")).toContain(
      "ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!",
    );
    expect(cluster.events("p").join()).toContain(
      'persistentvolumeclaim "data" bound to non-existent persistentvolume "v"',
    );
  });
});

describe("ephemeral and image volumes", () => {
  it("VOL-3: an ephemeral volume has a claim of its own that goes with its pod", () => {
    const template =
      "ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: b } }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } } } }";
    const cluster = aCluster(pod("p", template));
    expect(claimOf(cluster, "p-v")).toMatchObject({
      metadata: {
        labels: { a: "b" },
        ownerReferences: [{ kind: "Pod", name: "p", controller: true }],
      },
      status: { phase: "Bound" },
    });
    expect(cluster.sh("p", "df -h /v | tail -1 | awk '{print $2}'")).toBe("1.0M\nexit 0");
    cluster.remove("pods", "p");
    cluster.advance(20);
    expect([cluster.list("persistentvolumeclaims"), volumesOf(cluster)]).toEqual([[], []]);
  });

  it("VOL-3: somebody else's claim of the same name is not taken", () => {
    const template =
      "ephemeral: { volumeClaimTemplate: { spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } } } }";
    const cluster = aCluster(claim("p-v"), pod("p", template));
    expect(cluster.events("p").join("\n")).toContain(
      "FailedBinding: ephemeral volume v: PVC default/p-v was not created for pod default/p (pod is not owner)",
    );
  });

  it("VOL-6: an image as a volume is read-only, and a part of it may be mounted", () => {
    const cluster = aCluster(
      pod("p", 'image: { reference: "nginx:1.27" }'),
      pod("q", 'image: { reference: "nginx:doesnotexist" }'),
    );
    expect(podOf(cluster, "p").spec.volumes?.[0]?.image?.pullPolicy).toBe("IfNotPresent");
    expect(
      cluster.sh(
        "p",
        "head -2 /v/etc/nginx/nginx.conf | tail -1; touch /v/x; touch /v/etc/nginx/nginx.conf",
      ),
    ).toBe(
      "user  nginx;\ntouch: /v/x: Read-only file system\ntouch: /v/etc/nginx/nginx.conf: Read-only file system\nexit 1",
    );
    expect(podOf(cluster, "q").status.containerStatuses?.[0]?.state?.waiting?.reason).toMatch(
      /^(ErrImagePull|ImagePullBackOff)$/,
    );
  });
});
