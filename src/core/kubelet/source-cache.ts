import type { ConfigMap, Secret } from "../api/index.js";
import { Informer, type Client } from "../client/index.js";
import type { Call, Engine } from "../engine/index.js";
import { SOURCE_SYNC_TIMEOUT_MS } from "./timing.js";

/** What containers and volumes are made from, beside the pod. */
export type SourceKind = "configmap" | "secret";

interface Entry {
  readonly informer: Informer<ConfigMap | Secret>;
  podCount: number;
}

/**
 * ConfigMaps and Secrets that pods of this node refer to, each kept by a watch of its own from the first look at it until the last of its pods is
 * gone: so a node that is cut off goes on with what it last saw. pkg/kubelet/util/manager/watch_based_manager.go, 1.34.
 */
export class SourceCache {
  readonly #entries = new Map<string, Entry>();
  /** What each pod refers to, by its UID. */
  readonly #keysOf = new Map<string, Set<string>>();

  constructor(
    private readonly engine: Engine,
    private readonly client: Client,
  ) {}

  /** Null when there is no such object; `"not synced"` when the API server has not told in time. */
  *get<T extends ConfigMap | Secret>(
    podUid: string,
    kind: SourceKind,
    namespace: string,
    name: string,
  ): Call<T | null | "not synced"> {
    const key = `${kind}/${namespace}/${name}`;
    const entry = this.#entries.get(key) ?? this.#watch(key, kind, namespace, name);
    this.#refer(podUid, key, entry);
    const isSynced = yield* entry.informer.syncedWithin(this.engine, SOURCE_SYNC_TIMEOUT_MS);
    if (!isSynced) return "not synced";
    return (entry.informer.get(namespace, name) as T | undefined) ?? null;
  }

  /** The pod is gone from the node. */
  release(podUid: string): void {
    for (const key of this.#keysOf.get(podUid) ?? []) {
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      entry.podCount -= 1;
      if (entry.podCount > 0) continue;
      entry.informer.stop();
      this.#entries.delete(key);
    }
    this.#keysOf.delete(podUid);
  }

  stop(): void {
    for (const { informer } of this.#entries.values()) informer.stop();
    this.#entries.clear();
    this.#keysOf.clear();
  }

  #refer(podUid: string, key: string, entry: Entry): void {
    const keys = this.#keysOf.get(podUid) ?? new Set<string>();
    if (keys.has(key)) return;
    this.#keysOf.set(podUid, keys.add(key));
    entry.podCount += 1;
  }

  #watch(key: string, kind: SourceKind, namespace: string, name: string): Entry {
    const fieldSelector = `metadata.name=${name}`;
    const informer = new Informer<ConfigMap | Secret>(this.client, `${kind}s`, {
      namespace,
      fieldSelector,
    });
    const entry: Entry = { informer, podCount: 0 };
    this.#entries.set(key, entry);
    informer.start();
    return entry;
  }
}
