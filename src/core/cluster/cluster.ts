import {
  isStatusError,
  badRequest,
  formatTime,
  notFound,
  resourceByStorage,
  resourceOf,
  type KubeObject,
} from "../api/index.js";
import { Engine } from "../engine/index.js";
import { SharedInformers, startReconcilers } from "../reconcilers/index.js";
import { bootstrap, EventTtl, LocalClient, Registry } from "../registry/index.js";
import { ClusterNetwork } from "../runtime/index.js";
import { Scheduler } from "../scheduler/index.js";
import {
  keyOf,
  ObjectStore,
  type JournalBatch,
  type JournalEntry,
  type JournalSnapshot,
} from "../store/index.js";
import type {
  Command,
  LogAnswer,
  LogQuery,
  MachineAnswer,
  NodeTemplate,
  Outcome,
} from "./commands.js";
import type { SessionOutput } from "./exec-commands.js";
import { ExecSessions } from "./exec-sessions.js";
import { MAX_MACHINES } from "./limits.js";
import { Machine, type MachineAction } from "./machine.js";
import {
  checkTemplate,
  isMachine,
  machineObject,
  MACHINE_STORAGE,
  type MachineObject,
} from "./machine-object.js";
import { readPodLog } from "./pod-log.js";
import { startServiceNetwork } from "./services/service-network.js";

export interface ClusterOptions {
  readonly seed: number;
  /** Virtual time at the start, Unix milliseconds. */
  readonly startMs: number;
  /** Machines of a new cluster. */
  readonly nodes?: readonly NodeTemplate[];
  /** What the journal kept of an earlier run: the machines start again, their containers are gone. */
  readonly snapshot?: JournalSnapshot;
  /** Multiplies how long image pulls take; 0 for none at all. */
  readonly pullTimeScale?: number;
  /** Signs service account tokens; without it they are unsecured ones. */
  readonly signToken?: (claims: Readonly<Record<string, unknown>>) => string;
  /** Sees every entry at its commit; it must not write. For the invariants of simulations. */
  readonly onCommit?: (entry: JournalEntry) => void;
  /** Told the moment a machine goes off with all that ran on it. For the invariants of simulations. */
  readonly onMachineLost?: (node: string) => void;
}

/**
 * The whole simulated cluster as one synchronous machine: commands in, outcomes and journal batches out; whoever holds it moves its time through
 * `engine`. The same options and commands give the same run.
 */
export class Cluster {
  readonly engine: Engine;
  readonly #store: ObjectStore;
  readonly #registry: Registry;
  readonly #network = new ClusterNetwork();
  readonly #machines = new Map<string, Machine>();
  readonly #sessions: ExecSessions;

  constructor(private readonly options: ClusterOptions) {
    this.engine = new Engine({ seed: options.seed, startMs: options.startMs });
    this.#store = new ObjectStore({
      nowMs: () => this.engine.nowMs,
      defer: (action) => {
        this.engine.soon(action);
      },
      indexes: { pods: nodeNameOf },
      onCommit: (entry) => {
        this.engine.trace.add(traceLine(entry));
        options.onCommit?.(entry);
      },
    });
    this.#registry = new Registry({
      store: this.#store,
      environment: {
        nowMs: () => this.engine.nowMs,
        uid: () => this.#uid(),
        random: (name) => this.engine.random(name),
        ...(options.signToken === undefined ? {} : { signToken: options.signToken }),
      },
    });
    this.#sessions = new ExecSessions(this.#registry, this.#machineOf);
    if (options.snapshot === undefined) bootstrap(this.#registry);
    else this.#store.restore(options.snapshot, storageOf);
    new EventTtl(this.engine, this.#store).start();
    this.#startComponents();
    for (const machine of this.#store.list(MACHINE_STORAGE).filter(isMachine)) {
      this.#startMachine(machine);
    }
    if (options.snapshot === undefined) this.#addMachines(options.nodes ?? []);
  }

  /** Entries committed and not yet taken for the journal. */
  get pendingEntries(): number {
    return this.#store.pendingEntries;
  }

  /** Hash of all that was committed so far. */
  get traceHash(): string {
    return this.engine.trace.digest();
  }

  /** Does the command in this step. A refused one is an outcome that changed nothing; an exception is a broken invariant. */
  execute(command: Command): Outcome {
    try {
      return this.#execute(command);
    } catch (error) {
      if (isStatusError(error)) return { ok: false, status: error.status };
      throw error;
    }
  }

  takeBatch(): JournalBatch {
    return this.#store.takeBatch();
  }

  /** What sessions gave to their clients since the last call. */
  takeSessionOutputs(): readonly SessionOutput[] {
    return this.#sessions.takeOutputs();
  }

  #execute(command: Command): Outcome {
    switch (command.type) {
      case "api":
        return { ok: true, response: this.#registry.execute(command.request) };
      case "add-nodes":
        return { ok: true, nodes: this.#addMachines(command.nodes) };
      case "remove-node":
        return { ok: true, nodes: [this.#removeMachine(command.name)] };
      case "act-on-node":
        return { ok: true, machine: this.#act(command.name, command.action) };
      case "read-log":
        return { ok: true, log: this.#readLog(command.query) };
      case "exec":
        return { ok: true, exec: this.#sessions.perform(command.action) };
    }
  }

  #readLog(query: LogQuery): LogAnswer {
    return readPodLog(
      this.#registry,
      this.#machineOf,
      query,
      this.engine.nowMs,
      this.#store.lastSequence,
    );
  }

  readonly #machineOf = (nodeName: string): Machine | null => this.#machines.get(nodeName) ?? null;

  #startComponents(): void {
    const { engine } = this;
    new Scheduler({ engine, client: new LocalClient(this.#registry, "kube-scheduler") }).start();
    const client = new LocalClient(this.#registry, "kube-controller-manager");
    startServiceNetwork(engine, this.#network, new LocalClient(this.#registry, "kube-proxy"));
    startReconcilers({ engine, client, informers: new SharedInformers(client) });
  }

  /** All or none: a template that cannot be, a name taken or one too many refuses the whole command. */
  #addMachines(templates: readonly NodeTemplate[]): readonly string[] {
    if (this.#machines.size + templates.length > MAX_MACHINES)
      throw badRequest(`a cluster has at most ${MAX_MACHINES} nodes`);
    const names = new Set(this.#machines.keys());
    for (const template of templates) {
      checkTemplate(template);
      if (names.has(template.name))
        throw badRequest(`node ${JSON.stringify(template.name)} already exists`);
      names.add(template.name);
    }
    const taken = new Set([...this.#machines.values()].map(({ index }) => index));
    let index = 0;
    for (const template of templates) {
      do index += 1;
      while (taken.has(index));
      const object = machineObject(template, index, this.#uid(), formatTime(this.engine.nowMs));
      this.#store.create(MACHINE_STORAGE, object);
      this.#startMachine(object);
    }
    return templates.map(({ name }) => name);
  }

  #startMachine(object: MachineObject): void {
    const { name } = object.metadata;
    const machine = new Machine({
      engine: this.engine,
      client: new LocalClient(this.#registry, "kubelet"),
      network: this.#network,
      object,
      pullTimeScale: this.options.pullTimeScale ?? 1,
      onLost: (lost) => {
        this.#sessions.lose(lost);
        this.options.onMachineLost?.(name);
      },
    });
    this.#machines.set(name, machine);
    machine.start();
  }

  /** The machine is gone at once, as if it was pulled out of the rack; its Node object goes with it. */
  #removeMachine(name: string): string {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw notFound("nodes", name);
    machine.powerOff();
    this.#machines.delete(name);
    this.#store.delete(MACHINE_STORAGE, "", name);
    if (this.#store.get("nodes", "", name) !== undefined) {
      this.#registry.execute({
        verb: "delete",
        resource: resourceByStorage("nodes"),
        namespace: "",
        name,
        options: {},
      });
    }
    return name;
  }

  #act(name: string, action: MachineAction): MachineAnswer {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw notFound("nodes", name);
    machine.perform(action);
    return { name, state: machine.state, isReachable: machine.isReachable };
  }

  /** A version 4 UUID. */
  #uid(): string {
    const hex = this.engine.random("uid").hex(16);
    const variant = "89ab"[this.engine.random("uid").below(4)] ?? "8";
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}

const nodeNameOf = (object: KubeObject): string =>
  (object as KubeObject & { spec?: { nodeName?: string } }).spec?.nodeName ?? "";

const storageOf = (object: KubeObject): string => {
  const storage = isMachine(object) ? MACHINE_STORAGE : resourceOf(object)?.storage;
  if (storage === undefined)
    throw new Error(
      `the journal holds a ${object.apiVersion} ${object.kind}, which is no kind of ours`,
    );
  return storage;
};

const traceLine = (entry: JournalEntry): string =>
  entry.kind === "record"
    ? `${entry.sequence} ${entry.timeMs} ${JSON.stringify(entry.record)}`
    : `${entry.sequence} ${entry.timeMs} ${entry.change} ${entry.resource} ${keyOf(entry.object)} ${entry.uid}`;
