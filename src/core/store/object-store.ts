import type { KubeObject, SimRecord } from "../api/index.js";
import { Collection, type IndexValue } from "./collection.js";
import { RevisionHistory } from "./compaction.js";
import type { JournalBatch, JournalEntry, JournalSnapshot, RevisionEntry } from "./journal.js";
import { MAX_PENDING_ENTRIES } from "./limits.js";
import { isSameState } from "./object-equality.js";
import { compareKeys, keyOf, objectKey } from "./object-key.js";
import { WatchHub, type StoreWatch, type WatchFilter, type WatchHandlers } from "./watch-hub.js";

export interface StoreOptions {
  /** Virtual time, Unix milliseconds. */
  readonly nowMs: () => number;
  /** Runs an action in an engine step of its own: `engine.soon`. */
  readonly defer: (action: () => void) => void;
  /** Resources with a second way to their objects: pods by spec.nodeName. */
  readonly indexes?: Readonly<Record<string, IndexValue>>;
  /** Sees each entry at its commit (trace, invariants); it must not write. */
  readonly onCommit?: (entry: JournalEntry) => void;
}

/** `unchanged`: the write would have changed nothing, so there is no revision and `object` is the one that was there. */
export type WriteOutcome =
  | { readonly kind: "written" | "unchanged"; readonly object: KubeObject }
  | { readonly kind: "exists" | "conflict"; readonly object: KubeObject }
  | { readonly kind: "missing" };

/** What a write insists on; what is left out is not looked at. */
export interface WriteConditions {
  readonly resourceVersion?: string;
}

/**
 * The current objects and the one order of everything. A write is one synchronous step: it takes the next sequence, replaces the
 * object, and the revision is in the history, in the outbox of the journal and queued for the watches.
 */
export class ObjectStore {
  readonly #collections = new Map<string, Collection>();
  readonly #histories = new Map<string, RevisionHistory>();
  readonly #hub: WatchHub;
  #outbox: JournalEntry[] = [];
  #lastSequence = 0;
  #restoredSequence = 0;

  constructor(private readonly options: StoreOptions) {
    this.#hub = new WatchHub(options.defer);
  }

  /** The sequence of the newest entry: the resourceVersion of a list of now. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Entries committed and not yet taken for the journal. */
  get pendingEntries(): number {
    return this.#outbox.length;
  }

  /** The journal is behind: do not let time go on before `takeBatch` was called and written. */
  get isOutboxFull(): boolean {
    return this.#outbox.length >= MAX_PENDING_ENTRIES;
  }

  /** @param namespace '' for a cluster-scoped resource. */
  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#collections.get(resource)?.get(objectKey(namespace, name));
  }

  /** What is there now, in key order. @param namespace '' for all of them. */
  list(resource: string, namespace = "", indexValue?: string): KubeObject[] {
    return this.#collections.get(resource)?.list(prefixOf(namespace), indexValue) ?? [];
  }

  /** How many objects of `resource` there are, in all namespaces. */
  count(resource: string): number {
    return this.#collections.get(resource)?.size ?? 0;
  }

  /** What was there right after `sequence`, in key order; null when that is compacted away. */
  listAt(resource: string, namespace: string, sequence: number): KubeObject[] | null {
    const states = this.#historyOf(resource).statesAt(sequence);
    if (states === null) return null;
    const current = this.list(resource, namespace);
    if (states.size === 0) return current;
    const prefix = prefixOf(namespace);
    const objects = current.filter((object) => !states.has(keyOf(object)));
    for (const [key, object] of states) {
      if (object !== null && key.startsWith(prefix)) objects.push(object);
    }
    return objects.sort((left, right) => compareKeys(keyOf(left), keyOf(right)));
  }

  /** `exists` when there is an object of that name. The object's resourceVersion is set here. */
  create(resource: string, object: KubeObject): WriteOutcome {
    const collection = this.#collectionOf(resource);
    const key = keyOf(object);
    const existing = collection.get(key);
    if (existing !== undefined) return { kind: "exists", object: existing };
    const created = withVersion(object, this.#nextSequence());
    collection.add(key, created);
    this.#commitRevision(resource, "ADDED", created, null);
    return { kind: "written", object: created };
  }

  /** `conflict` when the object is not at the version that the conditions ask for. */
  update(resource: string, object: KubeObject, conditions: WriteConditions = {}): WriteOutcome {
    const collection = this.#collectionOf(resource);
    const key = keyOf(object);
    const previous = collection.get(key);
    if (previous === undefined) return { kind: "missing" };
    if (!holds(conditions, previous)) return { kind: "conflict", object: previous };
    if (isSameState(previous, object)) return { kind: "unchanged", object: previous };
    const updated = withVersion(object, this.#nextSequence());
    collection.replace(key, updated);
    this.#commitRevision(resource, "MODIFIED", updated, previous);
    return { kind: "written", object: updated };
  }

  /** The object given back is the last state with the deletion's own resourceVersion. @param last when its last state is a new one. */
  delete(
    resource: string,
    namespace: string,
    name: string,
    conditions: WriteConditions = {},
    last?: KubeObject,
  ): WriteOutcome {
    const collection = this.#collectionOf(resource);
    const key = objectKey(namespace, name);
    const previous = collection.get(key);
    if (previous === undefined) return { kind: "missing" };
    if (!holds(conditions, previous)) return { kind: "conflict", object: previous };
    const deleted = withVersion(last ?? previous, this.#nextSequence());
    collection.remove(key);
    this.#commitRevision(resource, "DELETED", deleted, previous);
    return { kind: "written", object: deleted };
  }

  /** Puts a transition, probe result or log line on the record. @returns its sequence. */
  appendRecord(record: SimRecord): number {
    const sequence = this.#nextSequence();
    this.#commit({ kind: "record", sequence, timeMs: this.options.nowMs(), record });
    return sequence;
  }

  /** ADDED for each object that is there, `onSynced`, then every change; all of it after this call. */
  watch(resource: string, filter: WatchFilter, handlers: WatchHandlers): StoreWatch {
    const candidates = this.list(resource, filter.namespace, filter.indexValue);
    const { matches } = filter;
    const current = matches === undefined ? candidates : candidates.filter(matches);
    return this.#hub.subscribe(resource, filter, current, handlers);
  }

  /** Everything committed since the last call, to be written in one transaction. */
  takeBatch(): JournalBatch {
    const entries = this.#outbox;
    this.#outbox = [];
    return { entries, lastSequence: this.#lastSequence, timeMs: this.options.nowMs() };
  }

  /**
   * Takes over what the journal kept. What was before it can not be listed any more (410).
   * @param storageOf the resource under which an object is stored.
   */
  restore(snapshot: JournalSnapshot, storageOf: (object: KubeObject) => string): void {
    if (this.#lastSequence !== 0) throw new Error("only an empty store can be restored");
    for (const object of snapshot.objects) {
      this.#collectionOf(storageOf(object)).add(keyOf(object), object);
    }
    this.#lastSequence = snapshot.lastSequence;
    this.#restoredSequence = snapshot.lastSequence;
  }

  #commitRevision(
    resource: string,
    change: RevisionEntry["change"],
    object: KubeObject,
    previous: KubeObject | null,
  ): void {
    const { namespace = "", name, uid } = object.metadata;
    const revision: RevisionEntry = {
      kind: "revision",
      sequence: this.#lastSequence,
      timeMs: this.options.nowMs(),
      change,
      resource,
      namespace,
      name,
      uid,
      object,
      previous,
    };
    this.#historyOf(resource).add(revision);
    this.#commit(revision);
    const indexValue = this.options.indexes?.[resource];
    const valueBefore = previous === null ? "" : (indexValue?.(previous) ?? "");
    const valueAfter = change === "DELETED" ? valueBefore : (indexValue?.(object) ?? "");
    this.#hub.publish(revision, valueBefore, valueAfter);
  }

  #commit(entry: JournalEntry): void {
    this.#outbox.push(entry);
    this.options.onCommit?.(entry);
  }

  #nextSequence(): number {
    this.#lastSequence += 1;
    return this.#lastSequence;
  }

  #collectionOf(resource: string): Collection {
    let collection = this.#collections.get(resource);
    if (collection === undefined) {
      collection = new Collection(this.options.indexes?.[resource] ?? null);
      this.#collections.set(resource, collection);
    }
    return collection;
  }

  #historyOf(resource: string): RevisionHistory {
    let history = this.#histories.get(resource);
    if (history === undefined) {
      history = new RevisionHistory(this.#restoredSequence);
      this.#histories.set(resource, history);
    }
    return history;
  }
}

const prefixOf = (namespace: string): string => (namespace === "" ? "" : `${namespace}/`);

const holds = (conditions: WriteConditions, object: KubeObject): boolean =>
  conditions.resourceVersion === undefined ||
  conditions.resourceVersion === object.metadata.resourceVersion;

const withVersion = (object: KubeObject, sequence: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(sequence) },
});
