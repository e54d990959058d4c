import { describe, expect, it } from "vitest";
import {
  resourceByStorage,
  type Deployment,
  type KubeObject,
  type ObjectMeta,
  type Pod,
  type ReplicaSet,
} from "../../src/core/api/index.js";
import { Cluster, Invariants } from "../../src/core/cluster/index.js";
import { Engine, type RandomStream } from "../../src/core/engine/index.js";
import type { ApiRequest, ObjectList } from "../../src/core/registry/index.js";
import type { JournalEntry, JournalSnapshot } from "../../src/core/store/index.js";
import { MemoryJournal } from "../support/memory-journal.js";
import { pick } from "./choose.js";
import { NODES } from "./random-actions.js";

const SEEDS = Number(process.env.SEEDS ?? 8);
const DEPLOYMENTS = "deployments.apps";
const SETS = "replicasets.apps";
const NAMES = ["a", "b"];
const STEPS = 200;
/** A lost node's pods go when it is back: a reboot, and their grace. */
const GOING_MS = 2 * 60_000;
const HEALING_MS = 15 * 60_000;

const FINE = "sleep 1; touch /tmp/ready; sleep infinity";
const COMMANDS = [
  FINE,
  `echo again; ${FINE}`,
  `sleep 5; ${FINE}`,
  "exit 1",
  "sleep infinity",
  "sleep 20; exit 2",
];

const templateOf = (name: string, command: string): object => ({
  metadata: { labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 2,
    containers: [
      {
        name: "c",
        image: "busybox:1.36",
        command: ["sh", "-c", command],
        readinessProbe: { exec: { command: ["test", "-e", "/tmp/ready"] }, periodSeconds: 1 },
      },
    ],
  },
});

const deploymentOf = (random: RandomStream, name: string): object => ({
  metadata: { name },
  spec: {
    replicas: random.below(5),
    selector: { matchLabels: { app: name } },
    template: templateOf(name, pick(random, COMMANDS)),
    minReadySeconds: pick(random, [0, 0, 3]),
    progressDeadlineSeconds: 30,
    revisionHistoryLimit: 2,
    strategy: pick<object>(random, [
      { type: "Recreate" },
      { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: "50%" } },
      {},
    ]),
  },
});

/** Two Deployments that go through random changes and faults, and must come to what they describe once all is healed. */
class Rollouts {
  readonly #journal = new MemoryJournal();
  readonly #random: RandomStream;
  readonly #invariants = new Invariants();
  readonly broken: string[] = [];
  #cluster: Cluster;

  constructor(private readonly seed: number) {
    this.#random = new Engine({ seed, startMs: 0 }).random("test/rollouts");
    this.#cluster = this.#start(null);
  }

  run(): string {
    this.#advance(10_000);
    for (let step = 0; step < STEPS; step += 1) {
      if (this.#random.next() < 0.35) this.#act();
      this.#advance(1000);
    }
    this.#heal();
    this.#advance(HEALING_MS);
    for (const name of NAMES) this.#checkSettled(name);
    for (const name of NAMES) this.#request("delete", DEPLOYMENTS, name, {});
    this.#advance(60_000);
    for (const storage of [DEPLOYMENTS, SETS, "pods"])
      for (const { metadata } of this.#list(storage))
        this.broken.push(`${storage} ${metadata.name} is left`);
    return this.#cluster.traceHash;
  }

  #act(): void {
    const random = this.#random;
    const name = pick(random, NAMES);
    const change = (body: object): void => {
      this.#request("patch", DEPLOYMENTS, name, body);
    };
    const actions: readonly (() => void)[] = [
      () => {
        this.#create(deploymentOf(random, name));
      },
      () => {
        change({ spec: { template: templateOf(name, pick(random, COMMANDS)) } });
      },
      () => {
        change({ spec: { template: templateOf(name, pick(random, COMMANDS)) } });
      },
      () => {
        change({ spec: { replicas: random.below(6) } });
      },
      () => {
        change({ spec: { paused: random.below(3) === 0 } });
      },
      () => {
        const policy = pick(random, ["Background", "Foreground", "Orphan"] as const);
        if (policy === "Orphan" && !this.#isAtRest(name)) return;
        this.#request("delete", DEPLOYMENTS, name, { propagationPolicy: policy });
      },
      () => {
        this.#touchOne("pods", (pod) => {
          this.#request("delete", "pods", pod, {});
        });
      },
      () => {
        this.#touchOne("pods", (pod) => {
          const labels = { app: pick(random, [...NAMES, "nobody"]) };
          this.#request("patch", "pods", pod, { metadata: { labels } });
        });
      },
      () => {
        this.#touchOne(SETS, (set, { ownerReferences }) => {
          if (ownerReferences === undefined) return;
          this.#request("patch", SETS, set, { spec: { replicas: random.below(4) } });
        });
      },
      () => {
        const { name: node } = pick(random, NODES.slice(0, 2));
        const action = pick(random, ["poweroff", "heal", "partition", "reboot"] as const);
        this.#cluster.execute({ type: "act-on-node", name: node, action });
      },
      () => {
        if (random.below(4) === 0) this.#restart();
      },
    ];
    pick(random, actions)();
  }

  /** Wishes that can be met, on machines that work. */
  #heal(): void {
    for (const { name } of NODES.slice(0, 2))
      this.#cluster.execute({ type: "act-on-node", name, action: "heal" });
    // What is on its way out must be gone before it can be made anew.
    this.#advance(GOING_MS);
    for (const name of NAMES) {
      this.#create(deploymentOf(this.#random, name));
      this.#request("patch", DEPLOYMENTS, name, {
        spec: { replicas: 3, paused: false, template: templateOf(name, `echo healed; ${FINE}`) },
      });
    }
    // Pods that were let go are nobody's.
    for (const { metadata } of this.#list("pods"))
      if (metadata.ownerReferences === undefined)
        this.#request("delete", "pods", metadata.name, { gracePeriodSeconds: 0 });
  }

  #checkSettled(name: string): void {
    const found = this.#list(DEPLOYMENTS).find(({ metadata }) => metadata.name === name);
    const { spec, status, metadata } = (found ?? {}) as Deployment;
    const sets = (this.#list(SETS) as unknown as ReplicaSet[]).filter(
      (set) => set.metadata.ownerReferences?.[0]?.uid === metadata.uid,
    );
    const pods = (this.#list("pods") as unknown as Pod[]).filter(
      (pod) => pod.metadata.labels?.["app"] === name,
    );
    const facts = {
      counts: [status.replicas, status.updatedReplicas, status.availableReplicas],
      progressing: status.conditions?.find(({ type }) => type === "Progressing")?.reason,
      available: status.conditions?.find(({ type }) => type === "Available")?.status,
      observed: status.observedGeneration === metadata.generation,
      active: sets.map((set) => set.spec.replicas).filter((size) => size !== 0),
      history: sets.length <= 3,
      pods: pods.length,
    };
    const wanted = {
      counts: [3, 3, 3],
      progressing: "NewReplicaSetAvailable",
      available: "True",
      observed: true,
      active: [3],
      history: true,
      pods: 3,
    };
    if (JSON.stringify(facts) !== JSON.stringify(wanted))
      this.broken.push(
        `${name} (${spec.strategy?.type ?? ""}) has not come to rest: ${JSON.stringify(facts)}`,
      );
  }

  #start(snapshot: JournalSnapshot | null): Cluster {
    const shift = (snapshot?.lastSequence ?? 0) * 0x9e3779b1;
    return new Cluster({
      seed: this.seed + shift,
      startMs: snapshot === null ? Date.UTC(2026, 0, 1) : snapshot.timeMs,
      ...(snapshot === null ? { nodes: NODES.slice(0, 2) } : { snapshot }),
      onCommit: (entry) => {
        this.#check(entry);
      },
      onMachineLost: (node) => {
        this.#invariants.loseNode(node);
      },
    });
  }

  #check(entry: JournalEntry): void {
    const problems = this.#invariants.check(entry);
    if (entry.kind === "revision" && entry.resource === DEPLOYMENTS)
      problems.push(...contradictions(entry.object as Deployment));
    this.broken.push(...problems.slice(0, Math.max(0, 5 - this.broken.length)));
  }

  #restart(): void {
    this.#journal.append(this.#cluster.takeBatch());
    this.#invariants.loseNode(null);
    this.#cluster = this.#start(this.#journal.snapshot());
  }

  #advance(milliseconds: number): void {
    this.#cluster.engine.runUntil(this.#cluster.engine.nowMs + milliseconds);
    this.#journal.append(this.#cluster.takeBatch());
  }

  #touchOne(storage: string, touch: (name: string, metadata: ObjectMeta) => void): void {
    const objects = this.#list(storage);
    if (objects.length === 0) return;
    const { metadata } = pick(this.#random, objects);
    touch(metadata.name, metadata);
  }

  /** Sets that are left to themselves in the middle of a rollout may keep the next Deployment from ever going on: sync.go scale, 1.34, does nothing then. */
  #isAtRest(name: string): boolean {
    const deployment = this.#list(DEPLOYMENTS).find(({ metadata }) => metadata.name === name);
    const { spec, metadata } = (deployment ?? {}) as Partial<Deployment>;
    const sizes = (this.#list(SETS) as unknown as ReplicaSet[])
      .filter((set) => set.metadata.ownerReferences?.[0]?.uid === metadata?.uid)
      .map((set) => set.spec.replicas)
      .filter((size) => size !== 0);
    return sizes.length === 1 && sizes[0] === spec?.replicas;
  }

  #create(body: object): void {
    const resource = resourceByStorage(DEPLOYMENTS);
    this.#execute({ verb: "create", resource, namespace: "default", body, options: {} });
  }

  #request(verb: "patch" | "delete", storage: string, name: string, body: object): void {
    const target = { resource: resourceByStorage(storage), namespace: "default", name };
    this.#execute(
      verb === "delete"
        ? { verb, ...target, options: body }
        : { verb, ...target, patchType: "merge", body, options: {} },
    );
  }

  /** Refusals are fine: what is meant may not be there, or be there already. */
  #execute(request: ApiRequest): void {
    this.#cluster.execute({ type: "api", request });
  }

  #list(storage: string): readonly KubeObject[] {
    const resource = resourceByStorage(storage);
    const outcome = this.#cluster.execute({
      type: "api",
      request: { verb: "list", resource, namespace: "default", options: {} },
    });
    if (!outcome.ok || !("response" in outcome)) throw new Error(`no list of ${storage}`);
    return (outcome.response.body as ObjectList).items;
  }
}

/** What no status may say of itself. */
const contradictions = ({ metadata, status }: Deployment): string[] => {
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  const types = (status.conditions ?? []).map(({ type }) => type);
  return [
    ...(updatedReplicas > replicas ? [`${metadata.name}: more up to date than there are`] : []),
    ...(availableReplicas > readyReplicas ? [`${metadata.name}: available and not ready`] : []),
    ...(new Set(types).size < types.length ? [`${metadata.name}: a condition twice`] : []),
  ];
};

describe("Deployments through random changes and faults", () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
    "seed %i comes to what is described, and does so again",
    (seed) => {
      const first = new Rollouts(seed);
      const hash = first.run();
      expect(first.broken).toEqual([]);
      if (seed % 4 === 0) expect(new Rollouts(seed).run()).toBe(hash);
    },
  );
});
