import type { KubeObject } from "../api/index.js";
import { Signal, waitFor, within, type Call, type Engine } from "../engine/index.js";
import type { Client, GroupResource, Watch, WatchEvent, WatchOptions } from "./client.js";

export interface InformerHandlers<T extends KubeObject> {
  readonly onAdd?: (object: T) => void;
  readonly onUpdate?: (object: T, previous: T) => void;
  readonly onDelete?: (object: T) => void;
}

/** Values of an object under one index; an object may have several, or none. */
export type IndexFunction<T extends KubeObject> = (object: T) => readonly string[];

export interface InformerOptions<T extends KubeObject> extends WatchOptions {
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
}

/**
 * A component's own copy of one resource, kept by a watch (client-go tools/cache, 1.34). Reads are answered from it at once and share its
 * immutable objects; handlers run in engine steps of their own, in commit order.
 */
export class Informer<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #handlers: InformerHandlers<T>[] = [];
  readonly #synced = new Signal();
  #hasSynced = false;
  #watch: Watch | null = null;

  constructor(
    private readonly client: Client,
    readonly resource: GroupResource,
    private readonly options: InformerOptions<T> = {},
  ) {
    for (const [name, values] of Object.entries(options.indexes ?? {})) {
      this.#indexes.set(name, new Index(values));
    }
  }

  /** Everything that was there at the start is in the cache and was given to the handlers. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** To be called before `start`, so that no handler misses what is there already. */
  addHandlers(handlers: InformerHandlers<T>): void {
    if (this.#watch !== null) throw new Error(`the ${this.resource} informer has been started`);
    this.#handlers.push(handlers);
  }

  start(): void {
    if (this.#watch !== null) return;
    this.#watch = this.client.watch<T>(
      this.resource,
      this.options,
      (event) => {
        this.#apply(event);
      },
      () => {
        this.#hasSynced = true;
        this.#synced.fire();
      },
    );
  }

  stop(): void {
    this.#watch?.stop();
  }

  *waitForSync(): Call<void> {
    if (!this.#hasSynced) yield* waitFor(this.#synced);
  }

  /** Waits no longer than that; false when it was not enough. */
  *syncedWithin(engine: Engine, timeoutMs: number): Call<boolean> {
    if (!this.#hasSynced) yield* within(engine, this.#synced, timeoutMs);
    return this.#hasSynced;
  }

  /** @param namespace '' for a cluster-scoped object. */
  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(cacheKey(namespace, name));
  }

  /** In the order in which the objects came; sort when an order matters. */
  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  byIndex(index: string, value: string): readonly T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`the ${this.resource} informer has no index ${index}`);
    return found.get(value);
  }

  #apply(event: WatchEvent<T>): void {
    const { object } = event;
    const key = cacheKey(object.metadata.namespace ?? "", object.metadata.name);
    const previous = this.#objects.get(key);
    if (event.type === "DELETED") {
      this.#objects.delete(key);
      for (const index of this.#indexes.values()) index.replace(key, previous, undefined);
      for (const handlers of this.#handlers) handlers.onDelete?.(object);
      return;
    }
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) index.replace(key, previous, object);
    for (const handlers of this.#handlers) {
      if (previous === undefined) handlers.onAdd?.(object);
      else handlers.onUpdate?.(object, previous);
    }
  }
}

const cacheKey = (namespace: string, name: string): string =>
  namespace === "" ? name : `${namespace}/${name}`;

class Index<T extends KubeObject> {
  readonly #byValue = new Map<string, Map<string, T>>();

  constructor(private readonly values: IndexFunction<T>) {}

  get(value: string): readonly T[] {
    return [...(this.#byValue.get(value)?.values() ?? [])];
  }

  replace(key: string, previous: T | undefined, next: T | undefined): void {
    const after = next === undefined ? [] : this.values(next);
    const before = previous === undefined ? [] : this.values(previous);
    for (const value of before) {
      if (!after.includes(value)) this.#remove(value, key);
    }
    if (next === undefined) return;
    for (const value of after) {
      let objects = this.#byValue.get(value);
      if (objects === undefined) {
        objects = new Map<string, T>();
        this.#byValue.set(value, objects);
      }
      objects.set(key, next);
    }
  }

  #remove(value: string, key: string): void {
    const objects = this.#byValue.get(value);
    objects?.delete(key);
    if (objects?.size === 0) this.#byValue.delete(value);
  }
}
