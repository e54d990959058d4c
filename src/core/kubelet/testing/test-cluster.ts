import type {
  Event,
  KubeObject,
  Node,
  Pod,
  PodStatus,
  ProbeRecord,
  TransitionRecord,
} from "../../api/index.js";
import { Engine, type Call } from "../../engine/index.js";
import { bootstrap, LocalClient, Registry } from "../../registry/index.js";
import { ObjectStore, type JournalEntry } from "../../store/index.js";
import { Kubelet } from "../index.js";
import type { ContainerRuntime } from "../../runtime/index.js";
import { ScriptedRuntime, type RuntimeScript } from "./scripted-runtime.js";

export const START_MS = 1_767_225_600_000;

interface At {
  readonly atMs: number;
  readonly cursor: number;
}

/** One node with a real registry behind it, driven by a real engine: what specs of the kubelet run on. Times are since its start. */
export class TestCluster {
  readonly engine: Engine;
  readonly client: LocalClient;
  /** All that was committed, in order. */
  readonly entries: JournalEntry[] = [];
  runtime: ScriptedRuntime;
  kubelet: Kubelet;
  readonly #store: ObjectStore;

  /** @param makeRuntime another one than the scripted, which then is not there to be asked. */
  constructor(
    script: RuntimeScript = {},
    seed = 1,
    private readonly makeRuntime: ((engine: Engine) => ContainerRuntime) | null = null,
  ) {
    const engine = new Engine({ seed, startMs: START_MS });
    this.engine = engine;
    this.#store = new ObjectStore({
      nowMs: () => engine.nowMs,
      defer: (action) => {
        engine.soon(action);
      },
      indexes: { pods: (object) => (object as Pod).spec.nodeName ?? "" },
      onCommit: (entry) => {
        this.entries.push(entry);
      },
    });
    const registry = new Registry({
      store: this.#store,
      environment: {
        nowMs: () => engine.nowMs,
        uid: () => engine.random("uid").hex(16),
        random: (name) => engine.random(name),
      },
    });
    bootstrap(registry);
    this.client = new LocalClient(registry, "kubelet");
    this.runtime = new ScriptedRuntime(engine, script);
    this.kubelet = this.#startKubelet();
  }

  /** The node is rebooted: a fresh kubelet on an empty runtime, the API as it was. */
  reboot(script: RuntimeScript = this.runtime.script): void {
    this.kubelet.stop();
    this.runtime = new ScriptedRuntime(this.engine, script);
    this.kubelet = this.#startKubelet();
  }

  /** The kubelet alone ends and starts again: the runtime and its containers do not notice. */
  restartKubelet(): void {
    this.kubelet.stop();
    this.kubelet = this.#startKubelet();
  }

  #startKubelet(): Kubelet {
    const kubelet = new Kubelet({
      engine: this.engine,
      client: this.client,
      runtime: this.makeRuntime?.(this.engine) ?? this.runtime,
      node: {
        name: "node-1",
        ip: "172.18.0.2",
        capacity: { cpu: "8", memory: "32Gi", "ephemeral-storage": "100Gi", pods: "110" },
        labels: {},
        taints: [],
      },
    });
    kubelet.start();
    return kubelet;
  }

  /** Runs a call to its end; waits it makes take virtual time. */
  do<T>(call: Call<T>): T {
    const failures: Error[] = [];
    const process = this.engine.spawn("test", call, (error) => {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    });
    while (!process.isDone && failures.length === 0 && this.engine.step(Infinity));
    if (failures[0] !== undefined) throw failures[0];
    return process.result as T;
  }

  createPod(spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): Pod {
    return this.create("pods", {
      metadata: { name: "p", ...metadata },
      spec: { nodeName: "node-1", automountServiceAccountToken: false, ...spec },
    }) as Pod;
  }

  create(resource: string, object: unknown): KubeObject {
    return this.do(this.client.create(resource, "default", object));
  }

  /** A merge patch; of a subresource where one is named. */
  patch(resource: string, name: string, body: unknown, subresource?: string): void {
    const patch = { type: "merge", body, ...(subresource === undefined ? {} : { subresource }) };
    this.do(this.client.patch(resource, "default", name, { ...patch, type: "merge" }));
  }

  deletePod(name = "p", gracePeriodSeconds?: number): void {
    const options = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    this.do(this.client.delete("pods", "default", name, options));
  }

  /** Null when it is gone. */
  pod(name = "p"): Pod | null {
    return (this.#store.get("pods", "default", name) as Pod | undefined) ?? null;
  }

  /** Throws when there is no such pod. */
  livePod(name = "p"): Pod {
    const pod = this.pod(name);
    if (pod === null) throw new Error(`there is no pod ${name}`);
    return pod;
  }

  node(): Node {
    const node = this.#store.get("nodes", "", "node-1");
    if (node === undefined) throw new Error("the node is not registered");
    return node as Node;
  }

  runSeconds(seconds: number): void {
    this.engine.runUntil(this.engine.nowMs + seconds * 1000);
  }

  /** Runs up to a moment after the start. */
  runTo(seconds: number): void {
    this.engine.runUntil(START_MS + seconds * 1000);
  }

  /** Of one kind of object, in the order they were first written. */
  events(kind = "Pod"): readonly Event[] {
    const byName = new Map<string, Event>();
    for (const { object } of this.#revisions("events")) {
      const event = object as Event;
      if (event.involvedObject.kind === kind) byName.set(event.metadata.name, event);
    }
    return [...byName.values()];
  }

  /** `type reason: message`, with the count of those that came again. */
  eventTexts(kind = "Pod"): string[] {
    return this.events(kind).map(({ type, reason, message, count }) => {
      const times = count === undefined || count === 1 ? "" : ` (x${count})`;
      return `${type ?? ""} ${reason ?? ""}: ${message ?? ""}${times}`;
    });
  }

  /** Every status the pod had in the API. */
  statuses(name = "p"): readonly PodStatus[] {
    return this.#revisions("pods")
      .filter(({ object }) => object.metadata.name === name)
      .map(({ object }) => (object as Pod).status);
  }

  /** The reasons a container waited for, in turn, as the API showed them. */
  waitingReasons(container: string, name = "p"): string[] {
    const reasons = this.statuses(name).map((status) => {
      const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
      return all.find((entry) => entry.name === container)?.state?.waiting?.reason ?? "";
    });
    return reasons.filter((reason, index) => reason !== "" && reason !== reasons[index - 1]);
  }

  /** What watchers saw of it: `MODIFIED Running`. */
  watched(name = "p"): string[] {
    return this.#revisions("pods")
      .filter(({ object }) => object.metadata.name === name)
      .map(({ change, object }) => `${change} ${(object as Pod).status.phase ?? ""}`);
  }

  transitions(container?: string): (TransitionRecord & At)[] {
    return this.#records().flatMap(({ record, ...at }) =>
      record.type === "transition" && (container === undefined || record.container === container)
        ? [{ ...record, ...at }]
        : [],
    );
  }

  probes(container?: string): (ProbeRecord & At)[] {
    return this.#records().flatMap(({ record, ...at }) =>
      record.type === "probe" && (container === undefined || record.container === container)
        ? [{ ...record, ...at }]
        : [],
    );
  }

  #revisions(resource: string): Extract<JournalEntry, { kind: "revision" }>[] {
    return this.entries.flatMap((entry) =>
      entry.kind === "revision" && entry.resource === resource ? [entry] : [],
    );
  }

  #records(): (At & Pick<Extract<JournalEntry, { kind: "record" }>, "record">)[] {
    return this.entries.flatMap((entry) =>
      entry.kind === "record"
        ? [{ record: entry.record, cursor: entry.sequence, atMs: entry.timeMs - START_MS }]
        : [],
    );
  }
}
