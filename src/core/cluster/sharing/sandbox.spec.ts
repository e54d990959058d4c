import { describe, expect, it } from "vitest";
import type { Pod } from "../../api/index.js";
import { ShellCluster } from "../testing/shell-cluster.js";

const pod = (name: string, spec: string, mount = ""): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  nodeName: node-1
  terminationGracePeriodSeconds: 1
${spec.replace(/^(?=.)/gm, "  ")}
  containers: [{ name: c, image: "busybox:1.36", command: [sh, -c, "date +%s >>/v/starts; exec sleep 1000000"], volumeMounts: [{ name: v, mountPath: /v }${mount}] }]
`;
const EMPTY = "volumes: [{ name: v, emptyDir: {} }]";

const aCluster = (...manifests: readonly string[]): ShellCluster => {
  const cluster = new ShellCluster(["node-1"]);
  for (const manifest of manifests) expect(cluster.create(manifest)).toBeNull();
  cluster.advance(10);
  return cluster;
};
const statusOf = (cluster: ShellCluster, name: string): Pod["status"] =>
  (cluster.get("pods", name) as Pod).status;
const condition = (cluster: ShellCluster, name: string): string | undefined =>
  statusOf(cluster, name).conditions?.find(({ type }) => type === "PodReadyToStartContainers")
    ?.status;

describe("the sandbox of a pod", () => {
  it("NET-1, NET-2, NET-5: comes after the volumes; until then there is no address and nothing to run a command in", () => {
    const cluster = aCluster(
      pod(
        "p",
        "volumes: [{ name: v, emptyDir: {} }, { name: late, configMap: { name: late } }]",
        ", { name: late, mountPath: /late }",
      ),
    );
    expect(statusOf(cluster, "p")).toMatchObject({
      phase: "Pending",
      startTime: "2026-01-01T00:00:05Z",
      containerStatuses: [{ state: { waiting: { reason: "ContainerCreating" } } }],
    });
    expect(statusOf(cluster, "p").podIP).toBeUndefined();
    expect(condition(cluster, "p")).toBe("False");
    expect(() => cluster.sh("p", "true")).toThrow('container not found ("c")');
    cluster.create("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: late }\ndata: { a: text }");
    cluster.advance(20);
    expect(condition(cluster, "p")).toBe("True");
    expect(cluster.sh("p", "cat /late/a; grep -c p$ /etc/hosts")).toBe("text1\nexit 0");
    expect(statusOf(cluster, "p").startTime).toBe("2026-01-01T00:00:05Z");
  });

  it("NET-7: its address is the one that the containers have, and stays in the status of a pod that is over", () => {
    const cluster = aCluster(pod("p", `restartPolicy: Never\n${EMPTY}`));
    const { podIP = "", podIPs, hostIP } = statusOf(cluster, "p");
    expect(podIPs).toEqual([{ ip: podIP }]);
    expect(hostIP).toBe("172.18.0.2");
    expect(cluster.sh("p", "hostname -i; ip -4 addr show eth0 | grep -o 'inet [0-9.]*'")).toBe(
      `${podIP}\ninet ${podIP}\nexit 0`,
    );
    cluster.sh("p", "kill -9 1; kill 1; true");
    cluster.patch("pods", "p", { spec: { activeDeadlineSeconds: 1 } });
    cluster.advance(10);
    expect(statusOf(cluster, "p")).toMatchObject({ phase: "Failed", podIP });
  });

  it("NET-4: one that cannot be made is tried again; the pod waits", () => {
    const name = "a".repeat(50);
    const cluster = aCluster(pod(name, `subdomain: s\nsetHostnameAsFQDN: true\n${EMPTY}`));
    expect(statusOf(cluster, name).containerStatuses?.[0]?.state?.waiting?.reason).toBe(
      "ContainerCreating",
    );
    const failures = cluster
      .events(name)
      .filter((text) => text.startsWith("FailedCreatePodSandBox"));
    expect(failures[0]).toContain("Failed to create pod sandbox: Failed to construct FQDN");
    expect(() => cluster.sh(name, "true")).toThrow("container not found");
  });

  it("NET-6: a reboot takes it: a new one, a new start, what was in the containers is gone, what was in volumes is there", () => {
    const cluster = aCluster(
      pod(
        "p",
        `${EMPTY}\ninitContainers: [{ name: i, image: "busybox:1.36", command: [sh, -c, "echo init >>/v/inits"], volumeMounts: [{ name: v, mountPath: /v }] }]`,
      ),
      pod("never", `restartPolicy: Never\n${EMPTY}`),
    );
    cluster.sh("p", "echo own >/tmp/own; echo kept >/v/kept");
    cluster.cluster.execute({ type: "act-on-node", name: "node-1", action: "reboot" });
    cluster.advance(60);
    expect(cluster.events("p")).toContain(
      "SandboxChanged: Pod sandbox changed, it will be killed and re-created.",
    );
    expect(cluster.sh("p", "cat /v/kept; wc -l </v/inits; wc -l </v/starts; cat /tmp/own")).toBe(
      "kept\n2\n2\ncat: can't open '/tmp/own': No such file or directory\nexit 1",
    );
    expect(cluster.sh("p", "hostname -i")).toBe(`${statusOf(cluster, "p").podIP ?? ""}\nexit 0`);
    expect(statusOf(cluster, "never").phase).toBe("Failed");
  });

  it("VOL-7: the mounts in the status are those that the container has", () => {
    const cluster = aCluster(pod("p", EMPTY, ", { name: v, mountPath: /ro, readOnly: true }"));
    expect(statusOf(cluster, "p").containerStatuses?.[0]?.volumeMounts).toMatchObject([
      { name: "v", mountPath: "/v" },
      { name: "v", mountPath: "/ro", readOnly: true, recursiveReadOnly: "Disabled" },
      { mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
    ]);
    expect(
      cluster.sh(
        "p",
        "awk '$2 ~ \"^/(v|ro|var/run/secrets)\" { print $2, substr($4, 1, 2) }' /proc/mounts",
      ),
    ).toBe("/v rw\n/ro ro\n/var/run/secrets/kubernetes.io/serviceaccount ro\nexit 0");
  });
});

describe("init containers' own view", () => {
  it("INIT-11: a Secret that only they see, and files that they leave through volumes alone", () => {
    const cluster = aCluster(
      "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: { word: c3dvcmRmaXNo }",
      pod(
        "p",
        'volumes: [{ name: v, emptyDir: {} }, { name: s, secret: { secretName: s } }]\ninitContainers: [{ name: i, image: "busybox:1.36", command: [sh, -c, "cat /secret/word >/v/token; echo own >/tmp/own"], volumeMounts: [{ name: v, mountPath: /v }, { name: s, mountPath: /secret }] }]',
      ),
    );
    expect(cluster.sh("p", "cat /v/token; ls /secret /tmp/own")).toBe(
      "swordfishls: /secret: No such file or directory\nls: /tmp/own: No such file or directory\nexit 1",
    );
  });
});
