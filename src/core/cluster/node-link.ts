import type { KubeObject, SimRecord } from "../api/index.js";
import {
  ConnectionLost,
  type Client,
  type ClientDeleteOptions,
  type EventClient,
  type GroupResource,
  type Patch,
  type Watch,
  type WatchEvent,
  type WatchOptions,
} from "../client/index.js";
import { Signal, TIMED_OUT, waitFor, within, type Call, type Engine } from "../engine/index.js";
import { CONNECTION_HEALTH_MS, DIAL_TIMEOUT_MS } from "./limits.js";

/**
 * The way from a machine to the API server, which can be cut. Calls then wait until it is mended, as they do when packets are lost, and
 * watches tell afterwards what came of the objects meanwhile, as a new list does. What the simulator puts on record goes another way.
 */
export class NodeLink implements Client {
  #isCut = false;
  #cutAtMs = 0;
  readonly #mended = new Signal();
  readonly #watches = new Set<HeldWatch>();

  constructor(
    private readonly engine: Engine,
    private readonly client: Client,
  ) {}

  get isCut(): boolean {
    return this.#isCut;
  }

  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#cutAtMs = this.engine.nowMs;
  }

  mend(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    this.#mended.fire();
    for (const watch of this.#watches) this.engine.soon(() => watch.release());
  }

  get<T extends KubeObject>(resource: GroupResource, namespace: string, name: string): Call<T> {
    return this.#through(() => this.client.get<T>(resource, namespace, name));
  }

  list<T extends KubeObject>(resource: GroupResource, options?: WatchOptions): Call<readonly T[]> {
    return this.#through(() => this.client.list<T>(resource, options));
  }

  create<T extends KubeObject>(
    resource: GroupResource,
    namespace: string,
    object: unknown,
  ): Call<T> {
    return this.#through(() => this.client.create<T>(resource, namespace, object));
  }

  update<T extends KubeObject>(resource: GroupResource, object: T): Call<T> {
    return this.#through(() => this.client.update(resource, object));
  }

  updateStatus<T extends KubeObject>(resource: GroupResource, object: T): Call<T> {
    return this.#through(() => this.client.updateStatus(resource, object));
  }

  updateSubresource<T extends KubeObject>(
    resource: GroupResource,
    subresource: string,
    object: T,
  ): Call<T> {
    return this.#through(() => this.client.updateSubresource(resource, subresource, object));
  }

  patch<T extends KubeObject>(
    resource: GroupResource,
    namespace: string,
    name: string,
    patch: Patch,
  ): Call<T> {
    return this.#through(() => this.client.patch<T>(resource, namespace, name, patch));
  }

  delete(
    resource: GroupResource,
    namespace: string,
    name: string,
    options?: ClientDeleteOptions,
  ): Call<void> {
    return this.#through(() => this.client.delete(resource, namespace, name, options));
  }

  createSubresource(
    resource: GroupResource,
    namespace: string,
    name: string,
    subresource: string,
    body: unknown,
  ): Call<unknown> {
    return this.#through(() =>
      this.client.createSubresource(resource, namespace, name, subresource, body),
    );
  }

  watch<T extends KubeObject>(
    resource: GroupResource,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
    onSynced?: () => void,
  ): Watch {
    const held = new HeldWatch(onEvent as (event: WatchEvent) => void);
    this.#watches.add(held);
    const watch = this.client.watch<T>(
      resource,
      options,
      (event) => {
        if (this.#isCut) held.hold(event);
        else held.give(event);
      },
      onSynced === undefined
        ? undefined
        : () => {
            if (this.#isCut) held.holdSync(onSynced);
            else onSynced();
          },
    );
    return {
      stop: () => {
        this.#watches.delete(held);
        held.stop();
        watch.stop();
      },
    };
  }

  record(record: SimRecord): number {
    return this.client.record(record);
  }

  /** For events: the one place where it is seen how long a kubelet's own client waits. */
  get events(): EventClient {
    return {
      create: <T extends KubeObject>(resource: string, namespace: string, object: unknown) =>
        this.#orLost(() => this.client.create<T>(resource, namespace, object)),
      patch: <T extends KubeObject>(
        resource: string,
        namespace: string,
        name: string,
        patch: Patch,
      ) => this.#orLost(() => this.client.patch<T>(resource, namespace, name, patch)),
    };
  }

  /** A connection that was there is found dead after a while; one that is not cannot be made. */
  *#orLost<T>(call: () => Call<T>): Call<T> {
    if (this.#isCut) {
      const aliveMs = this.#cutAtMs + CONNECTION_HEALTH_MS - this.engine.nowMs;
      const waitMs = aliveMs > 0 ? aliveMs : DIAL_TIMEOUT_MS;
      const outcome = yield* within(this.engine, this.#mended, waitMs);
      if (outcome === TIMED_OUT) throw new ConnectionLost("the API server does not answer");
    }
    return yield* call();
  }

  *#through<T>(call: () => Call<T>): Call<T> {
    while (this.#isCut) yield* waitFor(this.#mended);
    return yield* call();
  }
}

/** A watch whose events may have to wait: of each object the last is kept. */
class HeldWatch {
  readonly #held = new Map<string, WatchEvent>();
  #heldSync: (() => void) | null = null;
  #isStopped = false;

  constructor(private readonly onEvent: (event: WatchEvent) => void) {}

  hold(event: WatchEvent): void {
    const { uid } = event.object.metadata;
    const before = this.#held.get(uid);
    this.#held.delete(uid);
    const isNew = before?.type === "ADDED" && event.type === "MODIFIED";
    this.#held.set(uid, isNew ? { ...event, type: "ADDED" } : event);
  }

  /** The first list is not through yet. */
  holdSync(onSynced: () => void): void {
    this.#heldSync = onSynced;
  }

  /** An event that comes while others still wait goes behind them. */
  give(event: WatchEvent): void {
    this.release();
    if (!this.#isStopped) this.onEvent(event);
  }

  release(): void {
    const events = [...this.#held.values()];
    this.#held.clear();
    for (const event of events) if (!this.#isStopped) this.onEvent(event);
    const onSynced = this.#heldSync;
    this.#heldSync = null;
    if (!this.#isStopped) onSynced?.();
  }

  stop(): void {
    this.#isStopped = true;
    this.#held.clear();
  }
}
