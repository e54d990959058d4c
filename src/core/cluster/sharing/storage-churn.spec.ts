import { describe, expect, it } from "vitest";
import type { PersistentVolumeClaim } from "../../api/index.js";
import { Engine, type RandomStream } from "../../engine/index.js";
import { ShellCluster } from "../testing/shell-cluster.js";

const NAMES = ["a", "b", "c", "d", "e"];
const NODES = ["node-1", "node-2", "node-3"];
const STEPS = 60;

const claim = (name: string): string => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name} }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
`;
const pod = (name: string, volume: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  terminationGracePeriodSeconds: 1
  volumes: [{ name: v, ${volume} }]
  containers: [{ name: c, image: "busybox:1.36", command: [sh, -c, "echo ${name} >>/v/users; exec sleep 1000000"], volumeMounts: [{ name: v, mountPath: /v }] }]
`;
const EPHEMERAL =
  "ephemeral: { volumeClaimTemplate: { spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } } } }";

/** Makes and takes away claims and pods in any order, and lets machines fail meanwhile. */
const churn = (cluster: ShellCluster, random: RandomStream): void => {
  const pick = (from: readonly string[]): string => from[random.below(from.length)] ?? "";
  const quietly = (action: () => void): void => {
    try {
      action();
    } catch {
      // Refused, or not there.
    }
  };
  const node = (action: "reboot" | "poweroff" | "partition" | "heal"): void => {
    cluster.cluster.execute({ type: "act-on-node", name: pick(NODES), action });
  };
  const actions: readonly (() => void)[] = [
    () => cluster.create(claim(pick(NAMES))),
    () =>
      cluster.create(
        pod(`p-${pick(NAMES)}`, `persistentVolumeClaim: { claimName: ${pick(NAMES)} }`),
      ),
    () => cluster.create(pod(`e-${pick(NAMES)}`, EPHEMERAL)),
    () => {
      cluster.remove("persistentvolumeclaims", pick(NAMES));
    },
    () => {
      cluster.remove("pods", `${pick(["p", "e"])}-${pick(NAMES)}`);
    },
    () => {
      node("reboot");
    },
    () => {
      node(random.below(2) === 0 ? "poweroff" : "partition");
    },
    () => {
      node("heal");
    },
  ];
  for (let step = 0; step < STEPS; step += 1) {
    quietly(() => actions[random.below(actions.length)]?.());
    cluster.advance(random.below(8));
  }
  for (const name of NODES) cluster.cluster.execute({ type: "act-on-node", name, action: "heal" });
  cluster.advance(400);
};

describe("claims and pods that come and go while machines fail", () => {
  it.each([1, 2, 3, 4])("VOL-3: come to rest, seed %s", (seed) => {
    const cluster = new ShellCluster(NODES);
    churn(cluster, new Engine({ seed, startMs: 0 }).random("churn"));
    // A pod whose claim is being deleted does not start again after a reboot, and holds it: it has to go.
    for (const { metadata } of cluster.list("pods")) cluster.remove("pods", metadata.name);
    cluster.advance(60);
    for (const name of NAMES) {
      cluster.create(claim(name));
      cluster.create(pod(`p-${name}`, `persistentVolumeClaim: { claimName: ${name} }`));
    }
    cluster.advance(60);
    const claims = cluster.list("persistentvolumeclaims") as readonly PersistentVolumeClaim[];
    expect(claims.map(({ metadata, status }) => [metadata.name, status.phase])).toEqual(
      NAMES.map((name) => [name, "Bound"]),
    );
    expect(cluster.list("persistentvolumes")).toHaveLength(NAMES.length);
    for (const name of NAMES)
      expect(cluster.sh(`p-${name}`, "tail -1 /v/users")).toBe(`p-${name}\nexit 0`);
    for (const { metadata } of cluster.list("pods")) cluster.remove("pods", metadata.name);
    for (const { metadata } of claims) cluster.remove("persistentvolumeclaims", metadata.name);
    cluster.advance(120);
    expect(
      ["pods", "persistentvolumeclaims", "persistentvolumes"].map(
        (storage) => cluster.list(storage).length,
      ),
    ).toEqual([0, 0, 0]);
  });
});
