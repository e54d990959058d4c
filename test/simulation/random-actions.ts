import type { Command, NodeTemplate } from "../../src/core/cluster/index.js";
import type { RandomStream } from "../../src/core/engine/index.js";
import type { ApiRequest } from "../../src/core/registry/index.js";
import { resourceByStorage } from "../../src/core/api/index.js";
import { pick } from "./choose.js";
import { randomPod, SETTINGS } from "./random-pod.js";

export const NODES: readonly NodeTemplate[] = [1, 2, 3].map((number) => ({
  name: `node-${number}`,
  capacity: {},
  labels: {},
  taints: [],
}));

/** A step of a run: a command, or the service that ends and starts again from its journal. */
export type Action = Command | { readonly type: "restart-service" };

interface Choice {
  /** How often a second, on average. */
  readonly share: number;
  readonly make: (random: RandomStream, created: number) => Action;
}

const CHOICES: readonly Choice[] = [
  {
    share: 0.09,
    make: (random, created) => api(create("pods", randomPod(random, `p-${created}`))),
  },
  { share: 0.02, make: (random, created) => api(remove(random, created)) },
  { share: 0.006, make: (random, created) => api(evict(random, created)) },
  { share: 0.006, make: (random, created) => api(debug(random, created)) },
  { share: 0.006, make: (random, created) => api(changeImage(random, created)) },
  { share: 0.006, make: (random, created) => api(resize(random, created)) },
  { share: 0.006, make: (random) => cordon(pick(random, NODES).name, random.below(2) === 0) },
  { share: 0.004, make: (random) => pick(random, [createSettings(), removeSettings()]) },
  { share: 0.012, make: actOnNode },
  { share: 0.002, make: (random) => ({ type: "remove-node", name: pick(random, NODES).name }) },
  { share: 0.002, make: (random) => ({ type: "add-nodes", nodes: [pick(random, NODES)] }) },
  { share: 0.0015, make: (random) => api(deleteNode(pick(random, NODES).name)) },
  { share: 0.0015, make: () => ({ type: "restart-service" }) },
];

/** What happens in this second. @param created pods so far, named `p-0` and so on. */
export const actionsOf = (
  random: RandomStream,
  created: number,
  maxPods: number,
): readonly Action[] =>
  CHOICES.filter(({ share }) => random.next() < share)
    .filter((choice) => choice !== CHOICES[0] || created < maxPods)
    .map(({ make }) => make(random, created));

const api = (request: ApiRequest): Command => ({ type: "api", request });

const podNamed = (random: RandomStream, created: number) => ({
  resource: resourceByStorage("pods"),
  namespace: "default",
  name: `p-${random.below(Math.max(1, created))}`,
});

export const create = (storage: string, body: { metadata: { name: string } }): ApiRequest => ({
  verb: "create",
  resource: resourceByStorage(storage),
  namespace: "default",
  body,
  options: {},
});

const remove = (random: RandomStream, created: number): ApiRequest => {
  const gracePeriodSeconds = pick(random, [null, null, 0, 2, 60]);
  return {
    verb: "delete",
    ...podNamed(random, created),
    options: gracePeriodSeconds === null ? {} : { gracePeriodSeconds },
  };
};

const evict = (random: RandomStream, created: number): ApiRequest => {
  const pod = podNamed(random, created);
  return {
    verb: "create",
    ...pod,
    subresource: "eviction",
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: pod.name, namespace: "default" },
    },
    options: {},
  };
};

const patch = (
  random: RandomStream,
  created: number,
  body: unknown,
  subresource?: string,
): ApiRequest => ({
  verb: "patch",
  ...podNamed(random, created),
  patchType: "strategic",
  body,
  options: {},
  ...(subresource === undefined ? {} : { subresource }),
});

const debug = (random: RandomStream, created: number): ApiRequest => {
  const container = {
    name: `debugger-${random.below(1000)}`,
    image: "busybox",
    command: ["sh", "-c", `sleep ${random.below(30)}; exit ${random.below(2)}`],
    ...(random.below(2) === 0 ? {} : { targetContainerName: "app-0" }),
  };
  return patch(
    random,
    created,
    { spec: { ephemeralContainers: [container] } },
    "ephemeralcontainers",
  );
};

const changeImage = (random: RandomStream, created: number): ApiRequest =>
  patch(random, created, {
    spec: {
      containers: [{ name: "app-0", image: pick(random, ["busybox:1.37", "busybox:1.35"]) }],
    },
  });

const resize = (random: RandomStream, created: number): ApiRequest => {
  const cpu = pick(random, ["20m", "200m", "700m", "9"]);
  const resources = { requests: { cpu }, limits: { cpu } };
  return patch(random, created, { spec: { containers: [{ name: "app-0", resources }] } }, "resize");
};

export const cordon = (name: string, unschedulable: boolean): Command =>
  api({
    verb: "patch",
    resource: resourceByStorage("nodes"),
    namespace: "",
    name,
    patchType: "merge",
    body: { spec: { unschedulable } },
    options: {},
  });

export const createSettings = (): Command =>
  api(
    create("configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: SETTINGS },
      data: { KEY: "value" },
    } as { metadata: { name: string } }),
  );

const removeSettings = (): Command =>
  api({
    verb: "delete",
    resource: resourceByStorage("configmaps"),
    namespace: "default",
    name: SETTINGS,
    options: {},
  });

function actOnNode(random: RandomStream): Command {
  const action = pick(random, [
    "partition",
    "partition",
    "poweroff",
    "reboot",
    "shutdown",
    "heal",
    "heal",
    "heal",
  ] as const);
  return { type: "act-on-node", name: pick(random, NODES).name, action };
}

const deleteNode = (name: string): ApiRequest => ({
  verb: "delete",
  resource: resourceByStorage("nodes"),
  namespace: "",
  name,
  options: {},
});
