import { resourceByStorage, type Node, type Pod } from "../../src/core/api/index.js";
import { Cluster, Invariants } from "../../src/core/cluster/index.js";
import type { ObjectList } from "../../src/core/registry/index.js";
import type { JournalEntry, JournalSnapshot } from "../../src/core/store/index.js";
import { Engine, type RandomStream } from "../../src/core/engine/index.js";
import { MemoryJournal } from "../support/memory-journal.js";
import { checkPhase, Lifetimes } from "./lifetimes.js";
import { unsettledPods } from "./settled.js";
import { actionsOf, cordon, createSettings, NODES, type Action } from "./random-actions.js";

export interface SimulationRun {
  /** What was not as it must be at some step, with the step's sequence; the first few. */
  readonly broken: readonly string[];
  /** What had not come to rest once all was healed. */
  readonly unsettled: readonly string[];
  /** Of each life of the service. */
  readonly traceHashes: readonly string[];
  readonly created: number;
}

const MAX_PODS = 14;
const STEP_MS = 1_000;
const FAULTY_STEPS = 420;
/** A node's silence, the tolerations of 300 s, the longest back-off and the longest grace together. */
const HEALING_MS = 15 * 60_000;
/** Two rounds of pod garbage collection, and grace. */
const CLEARING_MS = 3 * 60_000;
const MAX_REPORTED = 5;

/** A cluster that goes through random pods and random faults, heals, settles and is cleared. */
export const simulate = (seed: number, observe?: (entry: JournalEntry) => void): SimulationRun =>
  new Simulation(seed, observe).run();

class Simulation {
  readonly #broken: string[] = [];
  readonly #traceHashes: string[] = [];
  readonly #invariants = new Invariants();
  readonly #lifetimes = new Lifetimes();
  readonly #journal = new MemoryJournal();
  readonly #random: RandomStream;
  #cluster: Cluster;
  #created = 0;

  constructor(
    private readonly seed: number,
    /** Sees every entry, for whoever looks for the cause of a failure. */
    private readonly observe: (entry: JournalEntry) => void = () => undefined,
  ) {
    this.#random = new Engine({ seed, startMs: 0 }).random("test/actions");
    this.#cluster = this.#startCluster(null);
  }

  run(): SimulationRun {
    this.#advance(30_000);
    for (let step = 0; step < FAULTY_STEPS; step += 1) {
      for (const action of actionsOf(this.#random, this.#created, MAX_PODS)) this.#do(action);
      this.#advance(STEP_MS);
    }
    this.#heal();
    this.#advance(HEALING_MS);
    const unsettled = [
      ...unsettledPods(
        this.#pods(),
        this.#list("nodes") as unknown as Node[],
        this.#cluster.engine.nowMs,
      ),
    ];
    this.#clear();
    this.#traceHashes.push(this.#cluster.traceHash);
    unsettled.push(
      ...this.#pods().map(({ metadata }) => `${metadata.name} is not gone`),
      ...this.#lifetimes.running.map((text) => `${text} still runs`),
    );
    const [broken, created] = [this.#broken, this.#created];
    return { broken, unsettled, traceHashes: this.#traceHashes, created };
  }

  #startCluster(snapshot: JournalSnapshot | null): Cluster {
    // As start-simulation.ts: the same seed would draw the uids and container ids of the first life again.
    const shift = (snapshot?.lastSequence ?? 0) * 0x9e3779b1;
    return new Cluster({
      seed: this.seed + shift,
      startMs: snapshot === null ? Date.UTC(2026, 0, 1) : snapshot.timeMs,
      ...(snapshot === null ? { nodes: NODES.slice(0, 2) } : { snapshot }),
      onCommit: (entry) => {
        this.observe(entry);
        this.#check(entry);
      },
      onMachineLost: (node) => {
        this.#invariants.loseNode(node);
        this.#lifetimes.loseNode(node);
      },
    });
  }

  #check(entry: JournalEntry): void {
    const problems = [...this.#invariants.check(entry), ...this.#lifetimes.check(entry)];
    if (entry.kind === "revision" && entry.resource === "pods")
      problems.push(...checkPhase(entry.object as Pod));
    for (const problem of problems)
      if (this.#broken.length < MAX_REPORTED) this.#broken.push(`${entry.sequence}: ${problem}`);
  }

  #advance(milliseconds: number): void {
    this.#cluster.engine.runUntil(this.#cluster.engine.nowMs + milliseconds);
    this.#journal.append(this.#cluster.takeBatch());
  }

  #do(action: Action): void {
    if (action.type === "restart-service") {
      this.#restart();
      return;
    }
    if (action.type === "api" && action.request.verb === "create") {
      if (action.request.resource.storage === "pods" && !("subresource" in action.request))
        this.#created += 1;
    }
    // Refusals are fine: a pod may not be there, a node may be removed already.
    this.#cluster.execute(action);
  }

  #restart(): void {
    this.#journal.append(this.#cluster.takeBatch());
    this.#traceHashes.push(this.#cluster.traceHash);
    this.#invariants.loseNode(null);
    this.#lifetimes.loseNode(null);
    this.#cluster = this.#startCluster(this.#journal.snapshot());
  }

  #heal(): void {
    this.#cluster.execute(createSettings());
    for (const node of NODES.slice(0, 2)) {
      this.#cluster.execute({ type: "add-nodes", nodes: [node] });
      this.#do({ type: "act-on-node", name: node.name, action: "heal" });
    }
    this.#advance(60_000);
    const registered = this.#list("nodes").map(({ metadata }) => metadata.name);
    for (const { name } of NODES) {
      // A kubelet registers when it starts; one whose Node was deleted under it has to be started anew.
      if (!registered.includes(name)) this.#do({ type: "act-on-node", name, action: "reboot" });
      else this.#cluster.execute(cordon(name, false));
      this.#do({ type: "act-on-node", name, action: "heal" });
    }
  }

  #clear(): void {
    for (const { metadata } of this.#pods()) {
      this.#cluster.execute({
        type: "api",
        request: {
          verb: "delete",
          resource: resourceByStorage("pods"),
          namespace: "default",
          name: metadata.name,
          options: {},
        },
      });
    }
    this.#advance(CLEARING_MS);
  }

  #pods(): readonly Pod[] {
    return this.#list("pods") as unknown as readonly Pod[];
  }

  #list(storage: string): ObjectList["items"] {
    const outcome = this.#cluster.execute({
      type: "api",
      request: { verb: "list", resource: resourceByStorage(storage), namespace: "", options: {} },
    });
    if (!outcome.ok || !("response" in outcome)) throw new Error(`no list of ${storage}`);
    return (outcome.response.body as ObjectList).items;
  }
}
