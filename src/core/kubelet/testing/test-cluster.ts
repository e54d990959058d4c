import type {
  Event,
  KubeObject,
  Pod,
  SimRecord,
  TransitionRecord,
  ProbeRecord,
} from "../../api/index.js";
import { Engine, type Call } from "../../engine/index.js";
import { bootstrap, LocalClient, Registry } from "../../registry/index.js";
import { ClusterNetwork, createRuntime, type ContainerRuntime } from "../../runtime/index.js";
import { ObjectStore } from "../../store/index.js";
import { Kubelet } from "../index.js";

export const START_MS = 1_767_225_600_000;

/** One node with a real registry behind it, driven by a real engine: what specs of the kubelet run on. */
export class TestCluster {
  readonly engine: Engine;
  readonly store: ObjectStore;
  readonly client: LocalClient;
  readonly records: {
    readonly record: SimRecord;
    readonly atMs: number;
    readonly cursor: number;
  }[] = [];
  runtime: ContainerRuntime;
  kubelet: Kubelet;

  constructor(makeRuntime: (engine: Engine) => ContainerRuntime = simulatedRuntime, seed = 1) {
    const engine = new Engine({ seed, startMs: START_MS });
    this.engine = engine;
    this.store = new ObjectStore({
      nowMs: () => engine.nowMs,
      defer: (action) => {
        engine.soon(action);
      },
      indexes: { pods: (object) => (object as Pod).spec.nodeName ?? "" },
    });
    const registry = new Registry({
      store: this.store,
      environment: {
        nowMs: () => engine.nowMs,
        uid: () => engine.random("uid").hex(16),
        random: (name) => engine.random(name),
      },
    });
    bootstrap(registry);
    this.client = new RecordingClient(registry, "kubelet", (record, cursor) => {
      this.records.push({ record, cursor, atMs: engine.nowMs - START_MS });
    });
    this.runtime = makeRuntime(engine);
    this.kubelet = this.#startKubelet();
  }

  /** The node is rebooted: a fresh kubelet on an empty runtime, the API as it was. */
  reboot(makeRuntime: (engine: Engine) => ContainerRuntime = simulatedRuntime): void {
    this.kubelet.stop();
    this.runtime = makeRuntime(this.engine);
    this.kubelet = this.#startKubelet();
  }

  #startKubelet(): Kubelet {
    const kubelet = new Kubelet({
      engine: this.engine,
      client: this.client,
      runtime: this.runtime,
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
    let failure: unknown = null;
    const process = this.engine.spawn("test", call, (error) => {
      failure = error;
    });
    while (!process.isDone && failure === null && this.engine.step(Infinity));
    if (failure !== null) throw failure;
    return process.result as T;
  }

  createPod(spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): Pod {
    return this.create<Pod>("pods", {
      metadata: { name: "p", ...metadata },
      spec: { nodeName: "node-1", ...spec },
    });
  }

  create<T extends KubeObject>(resource: string, object: unknown): T {
    return this.do(this.client.create<T>(resource, "default", object));
  }

  deletePod(name: string, gracePeriodSeconds?: number): void {
    const options = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    this.do(this.client.delete("pods", "default", name, options));
  }

  /** Null when it is gone. */
  pod(name = "p"): Pod | null {
    return (this.store.get("pods", "default", name) as Pod | undefined) ?? null;
  }

  /** Throws when there is no such pod. */
  livePod(name = "p"): Pod {
    const pod = this.pod(name);
    if (pod === null) throw new Error(`there is no pod ${name}`);
    return pod;
  }

  runSeconds(seconds: number): void {
    this.engine.runUntil(this.engine.nowMs + seconds * 1000);
  }

  /** Seconds since the start of the test. */
  get nowSeconds(): number {
    return (this.engine.nowMs - START_MS) / 1000;
  }

  events(): readonly Event[] {
    return this.store.list("events").map((event) => event as Event);
  }

  /** `type reason: message` in order. */
  eventTexts(): string[] {
    return this.events().map(
      (event) => `${event.type ?? ""} ${event.reason ?? ""}: ${event.message ?? ""}`,
    );
  }

  transitions(container?: string): (TransitionRecord & { atMs: number; cursor: number })[] {
    return this.records.flatMap(({ record, atMs, cursor }) =>
      record.type === "transition" && (container === undefined || record.container === container)
        ? [{ ...record, atMs, cursor }]
        : [],
    );
  }

  probes(container?: string): (ProbeRecord & { atMs: number; cursor: number })[] {
    return this.records.flatMap(({ record, atMs, cursor }) =>
      record.type === "probe" && (container === undefined || record.container === container)
        ? [{ ...record, atMs, cursor }]
        : [],
    );
  }
}

class RecordingClient extends LocalClient {
  constructor(
    registry: Registry,
    identity: string,
    private readonly onRecord: (record: SimRecord, cursor: number) => void,
  ) {
    super(registry, identity);
  }

  override record(record: SimRecord): number {
    const cursor = super.record(record);
    this.onRecord(record, cursor);
    return cursor;
  }
}

export const simulatedRuntime = (engine: Engine): ContainerRuntime =>
  createRuntime({
    engine,
    nodeName: "node-1",
    nodeIp: "172.18.0.2",
    podCidr: "10.244.1.0/24",
    network: new ClusterNetwork(),
  });
