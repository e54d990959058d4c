import { describe, expect, it } from "vitest";
import { ShellCluster } from "../testing/shell-cluster.js";

const conf = (text: string, port = 80): string =>
  `server { listen ${String(port)}; location / { return 200 '${text}\\n'; } }`;

const MANIFEST = `
apiVersion: v1
kind: ConfigMap
metadata: { name: conf }
data: { default.conf: "${conf("one")}" }
---
apiVersion: v1
kind: Pod
metadata: { name: p }
spec:
  shareProcessNamespace: true
  volumes: [{ name: conf, configMap: { name: conf } }]
  containers:
    - { name: web, image: "nginx:1.27", volumeMounts: [{ name: conf, mountPath: /etc/nginx/conf.d }] }
    - name: reloader
      image: busybox:1.36
      command: [sh, -c, "last=$(readlink /conf/..data); while sleep 1; do now=$(readlink /conf/..data); [ $now = $last ] || { last=$now; kill -HUP $(pgrep -o nginx); }; done"]
      volumeMounts: [{ name: conf, mountPath: /conf }]
`;

describe("a server whose ConfigMap changes", () => {
  it("VOL-4, NS-2: a sidecar that shares its processes tells it to read its configuration again", () => {
    const cluster = new ShellCluster(["node-1"]);
    expect(cluster.create(MANIFEST.replace("\\n'", "\\\\n'"))).toBeNull();
    cluster.advance(10);
    const get = (port = 80): string => cluster.sh("p/web", `curl -s localhost:${String(port)}`, 5);
    expect(get()).toBe("one\nexit 0");
    const change = (text: string): void => {
      cluster.patch("configmaps", "conf", { data: { "default.conf": text } });
      cluster.advance(100);
    };
    change(conf("two"));
    expect(get()).toBe("two\nexit 0");
    expect(cluster.log("p", "web")).toContain("signal 1 (SIGHUP) received, reconfiguring");
    change("nonsense");
    expect(get()).toBe("two\nexit 0");
    expect(cluster.log("p", "web")).toContain("[emerg]");
    change(conf("three", 8080));
    expect([get(), get(8080)]).toEqual(["exit 7", "three\nexit 0"]);
    expect(cluster.get("pods", "p")).toMatchObject({
      status: { containerStatuses: [{ restartCount: 0 }, { restartCount: 0 }] },
    });
  });
});
