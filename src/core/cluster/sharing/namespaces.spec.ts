import { describe, expect, it } from "vitest";
import { ShellCluster } from "../testing/shell-cluster.js";

const pod = (name: string, spec: string, containers: readonly string[]): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  nodeName: node-1
  terminationGracePeriodSeconds: 1
${spec.replace(/^(?=.)/gm, "  ")}
  containers:
${containers.map((container) => `    - ${container}`).join("\n")}
`;
const sleeper = (name: string, more = ""): string =>
  `{ name: ${name}, image: "busybox:1.36", command: [sleep, "1000000"]${more} }`;

const aCluster = (...manifests: readonly string[]): ShellCluster => {
  const cluster = new ShellCluster(["node-1"]);
  for (const manifest of manifests) expect(cluster.create(manifest)).toBeNull();
  cluster.advance(15);
  return cluster;
};
const PROCESSES = "ps -o pid,user,args | grep -v -e 'ps -o' -e grep -e PID";

describe("process namespaces", () => {
  it("NS-1: each container sees its own processes alone", () => {
    const cluster = aCluster(pod("p", "", [sleeper("a"), `{ name: b, image: nginx }`]));
    expect(cluster.sh("p/a", "ps -o pid,args | head -2")).toBe(
      "  PID COMMAND\n    1 sleep 1000000\nexit 0",
    );
  });

  it("NS-2: shared: pause is PID 1, everybody is seen, a signal and /proc/<pid>/root reach over", () => {
    const cluster = aCluster(
      pod("p", "shareProcessNamespace: true", [`{ name: web, image: nginx }`, sleeper("shell")]),
    );
    const text = cluster.sh("p/shell", "ps");
    expect(text).toMatch(/ 1 65535 .* \/pause\n/);
    expect(text).toMatch(/ root .* nginx: master process nginx -g daemon off;\n/);
    expect(text).toMatch(/ root .* sleep 1000000\n/);
    const find = "P=$(pgrep -o nginx);";
    expect(
      cluster.sh("p/shell", `${find} head -2 /proc/$P/root/etc/nginx/nginx.conf | tail -1`),
    ).toBe("user  nginx;\nexit 0");
    cluster.sh("p/shell", `${find} echo hello >/proc/$P/root/tmp/note; kill -HUP $P`);
    expect(cluster.sh("p/web", "cat /tmp/note")).toBe("hello\nexit 0");
    expect(cluster.sh("p/shell", "kill -9 1; ps | grep -c pause")).toMatch(/\nexit 0$/);
    expect(cluster.sh("p/shell", "kill $(pgrep -o nginx)")).toBe("exit 0");
    expect(cluster.get("pods", "p")).toMatchObject({
      status: {
        containerStatuses: [{ name: "shell", restartCount: 0 }, { restartCount: 1 }].reverse(),
      },
    });
  });

  it("NS-2: without permission there is no signal and no look into another's files", () => {
    const cluster = aCluster(
      pod("p", "shareProcessNamespace: true", [
        sleeper("root"),
        sleeper("user", ", securityContext: { runAsUser: 1000 }"),
      ]),
    );
    const script =
      "P=$(pgrep -o -u 0 sleep); kill $P; ls /proc/$P/root; cat /proc/$P/environ; readlink /proc/$P/exe; kill 1";
    expect(cluster.sh("p/user", script)).toMatch(
      /^sh: can't kill pid \d+: Operation not permitted\nls: \/proc\/\d+\/root: Permission denied\ncat: can't open '\/proc\/\d+\/environ': Permission denied\nsh: can't kill pid 1: Operation not permitted\nexit 1$/,
    );
  });

  it("NS-3: hostPID shows the node's processes and those of all its pods, by the node's numbers", () => {
    const cluster = aCluster(
      pod("other", "", [sleeper("a")]),
      pod("p", "hostPID: true", [sleeper("b")]),
    );
    const text = cluster.sh("p", PROCESSES);
    expect(text).toMatch(/^ +1 root +\/sbin\/init\n/);
    expect(text).toMatch(/ 213 root +\/usr\/bin\/kubelet /);
    expect(text.match(/sleep 1000000/g)).toHaveLength(2);
    expect(
      cluster.sh("p", "kill -9 1; kill 213; cat /proc/1/comm; cat /proc/1/root/etc/hostname"),
    ).toBe("systemd\nnode-1\nexit 0");
    expect(cluster.sh("other", "ps | grep -c -e [i]nit -e [k]ubelet")).toBe("0\nexit 1");
    // Not PID 1 there: SIGTERM ends it.
    cluster.sh("p", "kill $(pgrep -n sleep)");
    expect(cluster.get("pods", "p")).toMatchObject({
      status: {
        containerStatuses: [{ restartCount: 1, lastState: { terminated: { exitCode: 143 } } }],
      },
    });
  });
});

describe("IPC and UTS namespaces", () => {
  const debian = (name: string): string =>
    `{ name: ${name}, image: "debian:12", command: [sleep, "1000000"] }`;

  it("NS-1: shared memory, semaphores and /dev/shm are the pod's, and nobody else's", () => {
    const cluster = aCluster(
      pod("p", "", [debian("a"), sleeper("b")]),
      pod("q", "", [sleeper("c")]),
    );
    expect(cluster.sh("p/a", "ipcmk -M 4096; ipcmk -S 3; echo text >/dev/shm/note")).toBe(
      "Shared memory id: 0\nSemaphore id: 0\nexit 0",
    );
    expect(cluster.sh("p/b", "ipcs -m | sed -n 3,4p; cat /dev/shm/note")).toMatch(
      /^key {8}shmid {6}owner {6}perms {6}bytes {6}nattch {5}status {6}\n0x[0-9a-f]{8} 0 {10}root {7}644 {8}4096 {7}0 +\ntext\nexit 0$/,
    );
    expect(
      cluster.sh("p/b", "ipcs -s | grep -c 0x; ipcrm -s 0; ipcs -s | grep -c 0x; ipcrm -m 7"),
    ).toBe("1\n0\nipcrm: invalid id (7)\nexit 1");
    expect(cluster.sh("q", "ipcs | grep -c 0x; ls /dev/shm")).toBe("0\nexit 0");
  });

  it("NS-3: hostIPC shares them with the node", () => {
    const cluster = aCluster(
      pod("p", "hostIPC: true", [debian("a")]),
      pod("q", "hostIPC: true", [sleeper("b")]),
    );
    cluster.sh("p", "ipcmk -M 64; echo all >/dev/shm/note");
    expect(cluster.sh("q", "ipcs -m | grep -c 0x; cat /dev/shm/note")).toBe("1\nall\nexit 0");
  });

  it("NS-1: who is in which namespace shows in /proc/self/ns", () => {
    const cluster = aCluster(
      pod("p", "", [sleeper("a"), sleeper("b")]),
      pod("q", "", [sleeper("c")]),
    );
    const of = (target: string, kind: string): string =>
      cluster.sh(target, `readlink /proc/self/ns/${kind}`);
    for (const kind of ["net", "ipc", "uts"]) {
      expect(of("p/a", kind)).toBe(of("p/b", kind));
      expect(of("p/a", kind)).not.toBe(of("q", kind));
    }
    for (const kind of ["pid", "mnt"]) expect(of("p/a", kind)).not.toBe(of("p/b", kind));
  });

  it("NS-1: one host name for all", () => {
    const cluster = aCluster(pod("p", "hostname: one", [sleeper("a"), sleeper("b")]));
    expect([cluster.sh("p/a", "hostname"), cluster.sh("p/b", "uname -n")]).toEqual([
      "one\nexit 0",
      "one\nexit 0",
    ]);
  });
});
