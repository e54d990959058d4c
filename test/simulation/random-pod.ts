import type { RandomStream } from "../../src/core/engine/index.js";

type Json = Record<string, unknown>;

/** A pod manifest of random shape: containers that end, fail, hang on, ignore TERM, probes that fail, hooks, images that do not exist. */
export const randomPod = (
  random: RandomStream,
  name: string,
): Json & { metadata: { name: string; labels: Record<string, string> } } => {
  const initContainers = Array.from({ length: random.below(3) }, (_, i) =>
    chance(random, 0.4) ? sidecar(random, `sidecar-${i}`) : init(random, `init-${i}`),
  );
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: "random" } },
    spec: {
      restartPolicy: pick(random, ["Always", "Always", "OnFailure", "Never"]),
      terminationGracePeriodSeconds: pick(random, [0, 1, 5, 30]),
      ...(chance(random, 0.1) ? { activeDeadlineSeconds: 1 + random.below(120) } : {}),
      initContainers,
      containers: Array.from({ length: 1 + random.below(3) }, (_, i) => app(random, `app-${i}`)),
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
  command: ["sh", "-c", script(random)],
  resources: { requests: { cpu: pick(random, ["10m", "100m", "500m"]) } },
  ...probe(random, "readinessProbe"),
  ...probe(random, "livenessProbe"),
  ...probe(random, "startupProbe"),
  ...(chance(random, 0.15) ? { lifecycle: lifecycle(random) } : {}),
});

const script = (random: RandomStream): string =>
  pick(random, [
    "sleep 1000000",
    "trap 'exit 0' TERM; while true; do sleep 1; done",
    `sleep ${random.below(90)}; exit 0`,
    `sleep ${random.below(60)}; exit ${1 + random.below(3)}`,
    "exit 1",
    "exit 0",
    `trap 'sleep ${random.below(8)}; exit 0' TERM; while true; do sleep 2; done`,
  ]);

const probe = (random: RandomStream, kind: string): Json => {
  if (!chance(random, 0.25)) return {};
  const handler = pick<Json>(random, [
    { exec: { command: ["true"] } },
    { exec: { command: ["true"] } },
    { exec: { command: ["false"] } },
    { tcpSocket: { port: 80 } },
    { httpGet: { path: "/", port: 80 } },
  ]);
  return {
    [kind]: {
      ...handler,
      periodSeconds: 1 + random.below(10),
      initialDelaySeconds: random.below(5),
      failureThreshold: 1 + random.below(4),
    },
  };
};

const lifecycle = (random: RandomStream): Json => ({
  ...(chance(random, 0.5)
    ? { postStart: { exec: { command: [pick(random, ["true", "true", "false"])] } } }
    : {}),
  preStop: { exec: { command: ["sh", "-c", `sleep ${random.below(6)}`] } },
});

const image = (random: RandomStream): string =>
  pick(
    random,
    ["busybox", "busybox", "busybox:1.36", "nginx", "nginx:doesnotexist"].slice(
      0,
      chance(random, 0.05) ? 5 : 4,
    ),
  );

export const chance = (random: RandomStream, share: number): boolean => random.next() < share;

export const pick = <T>(random: RandomStream, choices: readonly T[]): T => {
  const chosen = choices[random.below(choices.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
};
