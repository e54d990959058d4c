import { describe, expect, it } from "vitest";
import type { Pod } from "../../api/index.js";
import { ShellCluster } from "../testing/shell-cluster.js";

const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: cm }
data: { a: "1", b: two, multi.txt: "line1\\nline2\\n" }
binaryData: { bin: AAEC }
---
apiVersion: v1
kind: Secret
metadata: { name: sec }
data: { user: YWRtaW4=, pass: czNjcjN0IQ== }
`;

/** @param volume its source; @param mounts of each container, named a, b, … */
const pod = (name: string, volume: string, mounts: readonly string[], spec = ""): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { b: "2", a: "1" }, annotations: { note: 'a "quoted" one' } }
spec:
  nodeName: node-1
  terminationGracePeriodSeconds: 1
  volumes: [{ name: v, ${volume} }]
${spec.replace(/^(?=.)/gm, "  ")}
  containers:
${mounts
  .map(
    (mount, index) =>
      `    - { name: ${"abcdef".charAt(index)}, image: "busybox:1.36", command: [sleep, "1000000"], volumeMounts: [{ name: v, ${mount} }] }`,
  )
  .join("\n")}
`;

const aCluster = (...manifests: readonly string[]): ShellCluster => {
  const cluster = new ShellCluster(["node-1"]);
  for (const manifest of manifests) expect(cluster.create(manifest)).toBeNull();
  cluster.advance(15);
  return cluster;
};
const waitingOf = (cluster: ShellCluster, name: string): unknown =>
  (cluster.get("pods", name) as Pod).status.containerStatuses?.map(
    ({ state }) => state?.waiting?.message ?? "",
  );
const MOUNT = "mountPath: /v";

describe("volumes made from the API", () => {
  it("VOL-4: a ConfigMap's keys as links into the present version, read-only, also over a directory of the image", () => {
    const cluster = aCluster(
      CONFIG,
      pod("p", "configMap: { name: cm }", [MOUNT, "mountPath: /etc/init.d"]),
    );
    expect(
      cluster.sh(
        "p/a",
        "cd /v; ls; cat a b multi.txt; od -An -tx1 bin; readlink a; touch x; df . | tail -1 | cut -c1-9",
      ),
    ).toBe(
      "a\nb\nbin\nmulti.txt\n1twoline1\nline2\n 00 01 02\n..data/a\ntouch: x: Read-only file system\n/dev/sda1\nexit 0",
    );
    expect(cluster.sh("p/a", "readlink /v/..data")).toMatch(
      /^\.\.2026_01_01_00_00_\d\d\.\d+\nexit 0$/,
    );
    expect(cluster.sh("p/b", "ls -d /etc/init.d/*")).toContain("/etc/init.d/multi.txt");
  });

  it("VOL-4: a Secret lies in memory; modes, items and what is missing", () => {
    const items = "items: [{ key: user, path: my/name, mode: 0o440 }, { key: pass, path: word }]";
    const cluster = aCluster(
      CONFIG,
      pod("p", `secret: { secretName: sec, defaultMode: 0o400, ${items} }`, [MOUNT]),
      pod("q", "secret: { secretName: none, optional: true }", [MOUNT]),
      pod("r", "secret: { secretName: sec, items: [{ key: none, path: x }] }", [MOUNT]),
      pod("s", "secret: { secretName: sec, optional: true, items: [{ key: none, path: x }] }", [
        MOUNT,
      ]),
    );
    expect(
      cluster.sh(
        "p",
        "cd /v; cat my/name word; ls -lL my/name word | cut -c1-10; df . | tail -1 | cut -c1-5; ls -ld . | cut -c1-10",
      ),
    ).toBe("admins3cr3t!-r--r-----\n-r--------\ntmpfs\ndrwxrwxrwt\nexit 0");
    expect(cluster.sh("q", "ls /v")).toBe("exit 0");
    expect(cluster.sh("s", "ls /v")).toBe("exit 0");
    expect(cluster.events("r")).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "v" : references non-existent secret key: none',
    );
  });

  it("VOL-4: a change comes by one swap within the sync period; mounts of a subPath and the environment keep what they had", () => {
    const cluster = aCluster(
      CONFIG,
      pod("p", "configMap: { name: cm }", [MOUNT, "mountPath: /one, subPath: a"]),
    );
    const before = cluster.sh("p/a", "readlink /v/..data");
    cluster.patch("configmaps", "cm", { data: { a: "changed", c: "new", b: null } });
    expect(cluster.sh("p/a", "cat /v/a; readlink /v/..data", 1)).toBe(`1${before}`);
    cluster.advance(90);
    expect(cluster.sh("p/a", "cat /v/a /v/c; ls /v")).toBe(
      "changednewa\nbin\nc\nmulti.txt\nexit 0",
    );
    expect(cluster.sh("p/a", "readlink /v/..data")).not.toBe(before);
    expect(cluster.sh("p/b", "cat /one")).toBe("1exit 0");
  });

  it("VOL-4: an immutable one can neither be changed nor made mutable", () => {
    const cluster = aCluster(
      "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nimmutable: true\ndata: { a: YQ== }",
    );
    expect(() => {
      cluster.patch("secrets", "s", { data: { a: "Yg==" } });
    }).toThrow(
      'Secret "s" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    );
    expect(() => {
      cluster.patch("secrets", "s", { immutable: false });
    }).toThrow("immutable: Forbidden: field is immutable when `immutable` is set");
  });

  it("VOL-5: the downward API as files, which follow the labels", () => {
    const items = `items: [
      { path: labels, fieldRef: { fieldPath: metadata.labels } }, { path: note, fieldRef: { fieldPath: "metadata.annotations['note']" } },
      { path: memory, resourceFieldRef: { containerName: a, resource: limits.memory, divisor: 1Mi } }]`;
    const cluster = aCluster(
      pod("p", `downwardAPI: { ${items} }`, [
        `${MOUNT} }], resources: { limits: { memory: 64Mi } }, env: [{ name: X`,
      ]),
    );
    expect(cluster.sh("p", "cd /v; cat labels; echo; cat note; echo; cat memory")).toBe(
      'a="1"\nb="2"\na "quoted" one\n64exit 0',
    );
    cluster.patch("pods", "p", { metadata: { labels: { c: "3" } } });
    cluster.advance(90);
    expect(cluster.sh("p", "tail -1 /v/labels")).toBe('c="3"exit 0');
  });

  it("VOL-5: projected merges its sources; the token is a JWT for the audience, bound to the pod, readable by who runs", () => {
    const sources = `projected: { defaultMode: 0o444, sources: [{ configMap: { name: cm, items: [{ key: a, path: x/a }] } }, { secret: { name: sec } },
      { serviceAccountToken: { path: token, audience: vault, expirationSeconds: 600 } }] }`;
    const cluster = aCluster(
      CONFIG,
      pod("p", sources, [MOUNT]),
      pod("q", sources, [`${MOUNT} }], securityContext: { runAsUser: 1000 }, env: [{ name: X`]),
      pod("r", sources, [MOUNT], "securityContext: { fsGroup: 2000 }"),
    );
    expect(cluster.sh("p", "cd /v; ls; cat x/a user; ls -lL token | cut -c1-10")).toBe(
      "pass\ntoken\nuser\nx\n1admin-r--r--r--\nexit 0",
    );
    expect(
      cluster.sh(
        "q",
        'ls -lnL /v/token | cut -c1-23; cut -d. -f2 /v/token | base64 -d 2>/dev/null | grep -o -e \'"aud":[^]]*\' -e \'"pod":{"name":"[a-z]*\'',
      ),
    ).toBe('-rw-------    1 1000   \n"aud":["vault"\n"pod":{"name":"q\nexit 0');
    expect(cluster.sh("r", "ls -lnL /v/token | cut -c1-40; ls -ld /v | cut -c1-10")).toMatch(
      /^-rw-r-----    1 0        2000 .*\ndrwxrwsrwt\nexit 0$/,
    );
  });

  it("VOL-5: all that is wrong with its sources is told at once", () => {
    const cluster = aCluster(
      pod(
        "p",
        "projected: { sources: [{ configMap: { name: one } }, { secret: { name: two } }] }",
        [MOUNT],
      ),
    );
    expect(cluster.events("p")).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "v" : [configmap "one" not found, secret "two" not found]',
    );
  });

  it("VOL-1: a missing source holds the pod back until it is there", () => {
    const cluster = aCluster(pod("p", "configMap: { name: cm }", [MOUNT]));
    expect((cluster.get("pods", "p") as Pod).status.phase).toBe("Pending");
    cluster.create(CONFIG);
    cluster.advance(30);
    expect(cluster.sh("p", "cat /v/a")).toBe("1exit 0");
  });
});

describe("emptyDir", () => {
  it("VOL-3: is shared, outlives a container, and goes with the pod", () => {
    const cluster = aCluster(pod("p", "emptyDir: {}", [MOUNT, `${MOUNT}, readOnly: true`]));
    expect(cluster.sh("p/a", "ls -ld /v | cut -c1-10; echo text >/v/f")).toBe("drwxrwxrwx\nexit 0");
    expect(cluster.sh("p/b", "cat /v/f; echo more >/v/f")).toBe(
      "text\nsh: can't create /v/f: Read-only file system\nexit 1",
    );
    cluster.sh("p/a", "echo gone >/tmp/own; kill -9 -1; kill 1");
    const [path] = [`/var/lib/kubelet/pods/${cluster.get("pods", "p").metadata.uid}`];
    cluster.remove("pods", "p");
    cluster.advance(40);
    cluster.create(pod("q", "hostPath: { path: /var/lib/kubelet/pods }", [MOUNT]));
    cluster.advance(10);
    expect(cluster.sh("q", `ls -d /v/${path.slice(path.lastIndexOf("/") + 1)}`)).toContain(
      "No such file",
    );
  });

  it("VOL-3: in memory: a tmpfs of the size limit, or of what the pod may use", () => {
    const limits = `${MOUNT} }], resources: { limits: { memory: 64Mi } }, env: [{ name: X`;
    const cluster = aCluster(
      pod("p", "emptyDir: { medium: Memory, sizeLimit: 8Mi }", [limits]),
      pod("q", "emptyDir: { medium: Memory }", [limits]),
    );
    const script =
      "df -h /v | tail -1 | awk '{print $1, $2}'; mount | grep ' /v '; dd if=/dev/zero of=/v/f bs=1M count=9 2>&1 | head -1";
    expect(cluster.sh("p", script)).toBe(
      "tmpfs 8.0M\ntmpfs on /v type tmpfs (rw,relatime,size=8192k)\ndd: error writing '/v/f': No space left on device\nexit 0",
    );
    expect(cluster.sh("q", "df -h /v | tail -1 | awk '{print $1, $2}'")).toBe(
      "tmpfs 64.0M\nexit 0",
    );
  });

  it("EVICT-4, VOL-3: more on disk than its limit ends the pod", () => {
    const cluster = aCluster(pod("p", "emptyDir: { sizeLimit: 20Mi }", [MOUNT]));
    cluster.sh("p", "dd if=/dev/zero of=/v/f bs=1M count=30");
    cluster.advance(20);
    expect((cluster.get("pods", "p") as Pod).status).toMatchObject({
      phase: "Failed",
      reason: "Evicted",
      message: 'Usage of EmptyDir volume "v" exceeds the limit "20Mi". ',
    });
  });

  it("VOL-6: fsGroup owns it: files are made in the group", () => {
    const user = `${MOUNT} }], securityContext: { runAsUser: 1000 }, env: [{ name: X`;
    const cluster = aCluster(
      pod("p", "emptyDir: {}", [user], "securityContext: { fsGroup: 2000 }"),
    );
    expect(
      cluster.sh("p", "id; ls -ldn /v | cut -c1-33; touch /v/f; ls -ln /v/f | cut -c1-33"),
    ).toBe(
      "uid=1000 gid=0(root) groups=0(root),2000\ndrwxrwsrwx    2 0        2000    \n-rw-r--r--    1 1000     2000    \nexit 0",
    );
  });
});

describe("subPath", () => {
  it("VOL-6: is made with the mode of its volume, expanded from the environment, and may be one file", () => {
    const expression = `${MOUNT}, subPathExpr: "logs/$(POD)" }], env: [{ name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } }`;
    const cluster = aCluster(
      pod(
        "p",
        "emptyDir: {}",
        [MOUNT, `${MOUNT}, subPath: x/y`, expression],
        "securityContext: { fsGroup: 2000 }",
      ),
    );
    cluster.sh("p/b", "echo b >/v/f");
    cluster.sh("p/c", "echo c >/v/f");
    expect(cluster.sh("p/a", "cd /v; cat x/y/f logs/p/f; ls -ldn x/y | cut -c1-33")).toBe(
      "b\nc\ndrwxrwsrwx    2 0        2000    \nexit 0",
    );
  });

  it("VOL-6: never leads out of its volume: links to the node, upwards, to files, to nowhere", () => {
    const init = `initContainers: [{ name: i, image: "busybox:1.36", command: [sh, -c, "cd /v; ln -s / root; ln -s ../../../.. up; ln -s none dangling; mkdir ok; ln -s ok in; echo text >f"], volumeMounts: [{ name: v, mountPath: /v }] }]`;
    const mounts = ["root", "root/etc", "up/x", "dangling", "f/x", "in"].map(
      (path) => `${MOUNT}, subPath: ${path}`,
    );
    const cluster = aCluster(pod("p", "emptyDir: {}", mounts, init));
    const refused = (step: string, container: string): string =>
      `failed to ${step} for volumeMount "v" of container "${container}"`;
    expect(waitingOf(cluster, "p")).toEqual([
      refused("prepare subPath", "a"),
      refused("prepare subPath", "b"),
      refused("create subPath directory", "c"),
      refused("create subPath directory", "d"),
      refused("create subPath directory", "e"),
      "",
    ]);
    expect(cluster.sh("p/f", "touch /v/made; ls /v")).toBe("made\nexit 0");
  });

  it.each([
    {
      path: "../..",
      message:
        "spec.containers[0].volumeMounts.subPath: Invalid value: \"../..\": must not contain '..'",
    },
    {
      path: "/etc",
      message:
        'spec.containers[0].volumeMounts.subPath: Invalid value: "/etc": must be a relative path',
    },
  ])("VOL-6: $path is refused by the API", ({ path, message }) => {
    const cluster = new ShellCluster(["node-1"]);
    expect(cluster.create(pod("p", "emptyDir: {}", [`${MOUNT}, subPath: ${path}`]))).toContain(
      message,
    );
  });

  it("VOL-6: an expression that leads out, or that lacks a variable", () => {
    const of = (value: string, name: string): string =>
      `${MOUNT}, subPathExpr: "$(${name})" }], env: [{ name: X, value: "${value}"`;
    const cluster = aCluster(
      pod("p", "emptyDir: {}", [of("../x", "X"), of("/x", "X"), of("x", "Y")]),
    );
    expect(waitingOf(cluster, "p")).toEqual([
      "unable to provision SubPath `../x`: must not contain '..'",
      "error SubPath `/x` must not be an absolute path",
      'missing value for "Y"',
    ]);
  });
});

describe("hostPath", () => {
  it("VOL-2: what is written outlives the pod, on its node", () => {
    const cluster = aCluster(
      pod("p", "hostPath: { path: /data/x, type: DirectoryOrCreate }", [MOUNT]),
    );
    cluster.sh("p", "echo kept >/v/f");
    cluster.remove("pods", "p");
    cluster.advance(40);
    cluster.create(pod("q", "hostPath: { path: /data/x, type: Directory }", [MOUNT]));
    cluster.advance(10);
    expect(cluster.sh("q", "cat /v/f")).toBe("kept\nexit 0");
  });

  it.each([
    {
      source: "path: /data/f, type: FileOrCreate",
      refusal: "open /data/f: no such file or directory",
    },
    { source: "path: /mnt/f, type: FileOrCreate", refusal: null },
    { source: "path: /etc/hosts, type: File", refusal: null },
    { source: "path: /etc, type: File", refusal: "hostPath type check failed: /etc is not a file" },
    {
      source: "path: /etc/hosts, type: DirectoryOrCreate",
      refusal: "hostPath type check failed: /etc/hosts is not a directory",
    },
    {
      source: "path: /etc/hosts/x, type: DirectoryOrCreate",
      refusal: "mkdir /etc/hosts: not a directory",
    },
    { source: "path: /run/containerd/containerd.sock, type: Socket", refusal: null },
    { source: "path: /dev/null, type: CharDevice", refusal: null },
    { source: "path: /dev/sda, type: BlockDevice", refusal: null },
    {
      source: "path: /dev/null, type: BlockDevice",
      refusal: "hostPath type check failed: /dev/null is not a block device",
    },
    { source: "path: /new/deep", refusal: null },
    { source: "path: /etc/hosts/x", refusal: "mkdir /etc/hosts: not a directory" },
  ])("VOL-2: $source", ({ source, refusal }) => {
    const cluster = aCluster(pod("p", `hostPath: { ${source} }`, [MOUNT]));
    if (refusal === null) expect(cluster.sh("p", "ls -d /v")).toBe("/v\nexit 0");
    else
      expect(cluster.events("p")).toContain(
        `FailedMount: MountVolume.SetUp failed for volume "v" : ${refusal}`,
      );
  });
});

describe("what cannot be", () => {
  it.each([
    {
      volume: "csi: { driver: a.b.c }",
      problem:
        "kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name a.b.c not found in the list of registered CSI drivers",
    },
    {
      volume: "nfs: { server: 1.2.3.4, path: /x }",
      problem:
        "mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs 1.2.3.4:/x\nOutput: mount.nfs: Connection timed out for 1.2.3.4:/x\n",
    },
  ])("VOL-1: $volume: nothing outside the cluster is simulated", ({ volume, problem }) => {
    const cluster = aCluster(pod("p", volume, [MOUNT]));
    expect(cluster.events("p")).toContain(
      `FailedMount: MountVolume.SetUp failed for volume "v" : ${problem}`,
    );
  });

  it("VOL-6: a node whose files a privileged pod destroys goes on, and other pods keep what they have open", () => {
    const cluster = aCluster(
      CONFIG,
      pod("victim", "configMap: { name: cm }", [MOUNT, "mountPath: /one, subPath: a"]),
      pod("evil", "hostPath: { path: / }", [MOUNT]),
    );
    const { uid } = cluster.get("pods", "victim").metadata;
    cluster.sh(
      "evil",
      `cd /v/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~configmap && rm -rf v && ln -s /etc v; rm -rf /v/var/log /v/tmp`,
    );
    cluster.patch("configmaps", "cm", { data: { a: "changed" } });
    cluster.advance(120);
    expect(cluster.sh("victim/b", "cat /one")).toBe("1exit 0");
    cluster.sh("evil", "rm -rf /v/var /v/etc");
    cluster.remove("pods", "victim");
    cluster.create(pod("next", "emptyDir: {}", [MOUNT]));
    cluster.advance(60);
    expect(cluster.sh("next", "echo fine >/v/f; cat /v/f")).toBe("fine\nexit 0");
    expect(cluster.list("pods").map(({ metadata }) => metadata.name)).toEqual(["evil", "next"]);
  });
});
