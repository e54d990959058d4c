import type { RandomStream } from "../../src/core/engine/index.js";
import { chance, maybe, pick } from "./choose.js";

type Json = Record<string, unknown>;

export interface RandomPod extends Json {
  metadata: { name: string; labels: Record<string, string> };
}

/** What may be missing for a while: pods mount it, read it, or wait for it. */
export const SETTINGS = "settings";

/**
 * A pod manifest of random shape: init containers and sidecars, containers that end, fail, hang on or ignore TERM, probes that fail, hooks, volumes
 * whose sources are missing, images that do not exist.
 */
export const randomPod = (random: RandomStream, name: string): RandomPod => {
  const initContainers = Array.from({ length: random.below(4) }, (_, i) =>
    chance(random, 0.45) ? sidecar(random, `sidecar-${i}`) : init(random, `init-${i}`),
  );
  const containers = Array.from({ length: 1 + random.below(3) }, (_, i) => app(random, `app-${i}`));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      labels: { app: pick(random, ["red", "blue"]) },
      ...maybe(random, 0.06, () => ({ annotations: { "peapod.sim/app-0": '{"memory":"64Mi"}' } })),
    },
    spec: {
      restartPolicy: pick(random, ["Always", "Always", "OnFailure", "Never"]),
      terminationGracePeriodSeconds: pick(random, [0, 1, 5, 30]),
      ...maybe(random, 0.1, () => ({ activeDeadlineSeconds: 1 + random.below(120) })),
      ...maybe(random, 0.1, () => ({ nodeName: `node-${1 + random.below(3)}` })),
      ...maybe(random, 0.1, () => ({ shareProcessNamespace: true })),
      ...maybe(random, 0.05, () => ({ hostNetwork: true })),
      ...maybe(random, 0.3, () => ({ tolerations: [toleration(random)] })),
      ...volumes(random, [...initContainers, ...containers]),
      initContainers,
      containers,
    },
  };
};

const init = (random: RandomStream, name: string): Json => ({
  name,
  image: image(random),
  command: ["sh", "-c", `sleep ${random.below(5)}; exit ${pick(random, [0, 0, 0, 0, 1])}`],
});

const sidecar = (random: RandomStream, name: string): Json => ({
  ...app(random, name),
  restartPolicy: "Always",
});

const app = (random: RandomStream, name: string): Json => ({
  name,
  image: image(random),
  command: chance(random, 0.02) ? ["no-such-program"] : ["sh", "-c", script(random)],
  resources: resources(random),
  ...probe(random, "readinessProbe"),
  ...probe(random, "livenessProbe"),
  ...probe(random, "startupProbe"),
  ...maybe(random, 0.15, () => ({ lifecycle: lifecycle(random) })),
  ...maybe(random, 0.1, () => ({ terminationMessagePolicy: "FallbackToLogsOnError" })),
  ...maybe(random, 0.05, () => ({ securityContext: { runAsNonRoot: true } })),
  ...maybe(random, 0.08, () => ({
    envFrom: [{ configMapRef: { name: SETTINGS, optional: chance(random, 0.3) } }],
  })),
});

const resources = (random: RandomStream): Json => {
  const cpu = pick(random, ["10m", "100m", "500m"]);
  return pick<Json>(random, [
    {},
    { requests: { cpu } },
    { requests: { cpu, memory: "16Mi" }, limits: { cpu: "1", memory: "32Mi" } },
    { requests: { cpu, memory: "16Mi" }, limits: { cpu, memory: "16Mi" } },
  ]);
};

const script = (random: RandomStream): string =>
  pick(random, [
    "sleep 1000000",
    "trap 'exit 0' TERM; while true; do sleep 1; done",
    `sleep ${random.below(90)}; exit 0`,
    `sleep ${random.below(60)}; exit ${1 + random.below(3)}`,
    "exit 1",
    "exit 0",
    "echo why > /dev/termination-log; echo last words; exit 7",
    `trap 'sleep ${random.below(8)}; exit 0' TERM; while true; do sleep 2; done`,
  ]);

const probe = (random: RandomStream, kind: string): Json => {
  if (!chance(random, 0.25)) return {};
  const handler = pick<Json>(random, [
    { exec: { command: ["true"] } },
    { exec: { command: ["true"] } },
    { exec: { command: ["false"] } },
    { exec: { command: ["sleep", "3"] } },
    { tcpSocket: { port: 80 } },
    { httpGet: { path: "/", port: 80 } },
    { grpc: { port: 80 } },
  ]);
  return {
    [kind]: {
      ...handler,
      periodSeconds: 1 + random.below(10),
      initialDelaySeconds: random.below(5),
      failureThreshold: 1 + random.below(4),
      ...(kind === "readinessProbe"
        ? {}
        : maybe(random, 0.2, () => ({ terminationGracePeriodSeconds: 1 + random.below(8) }))),
    },
  };
};

const lifecycle = (random: RandomStream): Json => ({
  ...maybe(random, 0.5, () => ({
    postStart: pick<Json>(random, [
      { exec: { command: [pick(random, ["true", "true", "false"])] } },
      { exec: { command: ["sleep", "5"] } },
      { httpGet: { path: "/", port: 80 } },
    ]),
  })),
  preStop: { exec: { command: ["sh", "-c", `sleep ${random.below(6)}`] } },
});

const toleration = (random: RandomStream): Json =>
  pick<Json>(random, [
    { operator: "Exists" },
    {
      key: "node.kubernetes.io/unreachable",
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 30,
    },
    { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  ]);

/** One volume for all containers of the pod, or none. */
const volumes = (random: RandomStream, containers: readonly Json[]): Json => {
  if (!chance(random, 0.25)) return {};
  const source = pick<Json>(random, [
    { emptyDir: {} },
    { emptyDir: { medium: "Memory", sizeLimit: "8Mi" } },
    { configMap: { name: SETTINGS } },
    { configMap: { name: SETTINGS, optional: true } },
    { downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } },
    { hostPath: { path: "/data", type: "DirectoryOrCreate" } },
  ]);
  for (const container of containers)
    container.volumeMounts = [{ name: "shared", mountPath: "/shared" }];
  return { volumes: [{ name: "shared", ...source }] };
};

const image = (random: RandomStream): string =>
  pick(
    random,
    ["busybox", "busybox", "busybox:1.36", "nginx", "nginx:doesnotexist", "Not//an image"].slice(
      0,
      chance(random, 0.05) ? 6 : 4,
    ),
  );
