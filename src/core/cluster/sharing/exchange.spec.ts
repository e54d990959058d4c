import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { ShellCluster } from "../testing/shell-cluster.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What the first collection finds dead is given back while the next one begins. */
const usedBytes = async (): Promise<number> => {
  for (let pass = 0; pass < 3; pass += 1) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** nc ends the connection when its own input ends, so it is given one that does not. */
const SERVER =
  "mkfifo /tmp/in; exec 3<>/tmp/in; while true; do nc -l -p 9000 <&3 | md5sum >>/tmp/sums; done";
const POD = `
apiVersion: v1
kind: Pod
metadata: { name: p }
spec:
  volumes: [{ name: v, emptyDir: {} }]
  containers:
    - { name: a, image: "busybox:1.36", command: [sleep, "1000000"], volumeMounts: [{ name: v, mountPath: /v }] }
    - { name: b, image: "busybox:1.36", command: [sh, -c, "${SERVER}"], volumeMounts: [{ name: v, mountPath: /v }] }
`;
/** Lines that are all different, so that the simulator has to hold what it is given: some 25 MB a round. */
const LINES = "seq 1 3300000 | head -c 26214400";
const ROUNDS = 4;
/** Caches of compiled scripts, records of what happened, and what a garbage collector is slow to find. */
const SLACK_BYTES = 8 * 2 ** 20;

describe("two containers of a pod", () => {
  it("NET-8, VOL-3: exchange 100 MB through a volume and through localhost, and leave nothing behind", async () => {
    const cluster = new ShellCluster(["node-1"]);
    expect(cluster.create(POD)).toBeNull();
    cluster.advance(10);
    const sum = cluster.sh("p/a", `${LINES} | md5sum`, 120);
    expect(sum).toMatch(/^[0-9a-f]{32} {2}-\nexit 0$/);
    const exchange = (): void => {
      const read = "md5sum </v/file; rm /v/file";
      expect(cluster.sh("p/a", `${LINES} >/v/file`, 120)).toBe("exit 0");
      expect(cluster.sh("p/b", read, 120)).toBe(sum);
      expect(cluster.sh("p/a", `${LINES} | nc localhost 9000`, 120)).toBe("exit 0");
      expect(cluster.sh("p/b", "tail -1 /tmp/sums")).toBe(sum);
    };
    exchange();
    cluster.cluster.takeBatch();
    const before = await usedBytes();
    for (let round = 0; round < ROUNDS; round += 1) exchange();
    cluster.cluster.takeBatch();
    expect((await usedBytes()) - before).toBeLessThan(SLACK_BYTES);
    expect(cluster.sh("p/a", "du -s /v; netstat -tn | grep -c 9000")).toBe("4\t/v\n0\nexit 1");
  }, 120_000);
});
