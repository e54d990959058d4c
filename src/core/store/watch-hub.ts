import type { KubeObject } from "../api/index.js";
import type { RevisionEntry } from "./journal.js";
import { MAX_DELIVERIES_PER_STEP } from "./limits.js";

export interface StoreWatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

export interface WatchFilter {
  /** '' or left out: every namespace. */
  readonly namespace?: string;
  /** Only objects whose index value is this one; the others cost this watch nothing. */
  readonly indexValue?: string;
  /** Label and field selectors, compiled. */
  readonly matches?: (object: KubeObject) => boolean;
}

export interface WatchHandlers {
  readonly onEvent: (event: StoreWatchEvent) => void;
  /** Called once, when the ADDED events of what was there at the start are delivered. */
  readonly onSynced?: () => void;
}

export interface StoreWatch {
  /** No event is delivered after this, also none that is waiting. */
  stop(): void;
}

/**
 * Watches inside the core. Events are queued at the commit and delivered in commit order in steps of their own, never inside the
 * write, so that whoever writes never runs another's code.
 */
export class WatchHub {
  readonly #resources = new Map<string, Subscriptions>();
  #queue: Delivery[] = [];
  #isScheduled = false;

  /** @param defer runs an action in an engine step of its own (`engine.soon`). */
  constructor(private readonly defer: (action: () => void) => void) {}

  /** @param current what is there now and passes the filter: delivered as ADDED before anything else. */
  subscribe(
    resource: string,
    filter: WatchFilter,
    current: readonly KubeObject[],
    handlers: WatchHandlers,
  ): StoreWatch {
    const subscriptions = this.#subscriptionsOf(resource);
    const subscription = new Subscription(filter, handlers);
    subscriptions.add(subscription);
    for (const object of current) this.#enqueue(subscription, { type: "ADDED", object });
    this.#queue.push({ subscription, event: null });
    this.#schedule();
    return {
      stop: (): void => {
        subscription.isStopped = true;
        subscriptions.remove(subscription);
      },
    };
  }

  /**
   * Queues a revision for those who watch it.
   * @param valueBefore the index value of the previous object, @param valueAfter of the new one; '' when there is none.
   */
  publish(revision: RevisionEntry, valueBefore: string, valueAfter: string): void {
    const subscriptions = this.#resources.get(revision.resource);
    if (subscriptions === undefined) return;
    for (const subscription of subscriptions.unindexed)
      this.#offer(subscription, revision, true, true);
    if (valueBefore === valueAfter) {
      this.#offerIndexed(subscriptions, valueAfter, revision, true, true);
      return;
    }
    this.#offerIndexed(subscriptions, valueBefore, revision, true, false);
    this.#offerIndexed(subscriptions, valueAfter, revision, false, true);
  }

  #offerIndexed(
    subscriptions: Subscriptions,
    value: string,
    revision: RevisionEntry,
    mayMatchBefore: boolean,
    mayMatchAfter: boolean,
  ): void {
    if (value === "") return;
    for (const subscription of subscriptions.byIndexValue.get(value) ?? []) {
      this.#offer(subscription, revision, mayMatchBefore, mayMatchAfter);
    }
  }

  /** API-7: what begins to match is ADDED, what stops matching is DELETED with its last matching state. */
  #offer(
    subscription: Subscription,
    revision: RevisionEntry,
    mayMatchBefore: boolean,
    mayMatchAfter: boolean,
  ): void {
    if (!subscription.selectsNamespace(revision.namespace)) return;
    const { change, object, previous } = revision;
    const matchedBefore = mayMatchBefore && previous !== null && subscription.selects(previous);
    const matchesAfter = mayMatchAfter && change !== "DELETED" && subscription.selects(object);
    if (matchesAfter) {
      this.#enqueue(subscription, { type: matchedBefore ? "MODIFIED" : "ADDED", object });
    } else if (matchedBefore) {
      const last = change === "DELETED" ? object : withVersionOf(previous, object);
      this.#enqueue(subscription, { type: "DELETED", object: last });
    } else {
      return;
    }
    this.#schedule();
  }

  #enqueue(subscription: Subscription, event: StoreWatchEvent): void {
    this.#queue.push({ subscription, event });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#queue.length === 0) return;
    this.#isScheduled = true;
    this.defer(() => {
      this.#isScheduled = false;
      this.#deliverBatch();
    });
  }

  #deliverBatch(): void {
    const batch = this.#queue.slice(0, MAX_DELIVERIES_PER_STEP);
    this.#queue = this.#queue.slice(MAX_DELIVERIES_PER_STEP);
    for (const { subscription, event } of batch) {
      if (subscription.isStopped) continue;
      if (event === null) subscription.handlers.onSynced?.();
      else subscription.handlers.onEvent(event);
    }
    this.#schedule();
  }

  #subscriptionsOf(resource: string): Subscriptions {
    let subscriptions = this.#resources.get(resource);
    if (subscriptions === undefined) {
      subscriptions = new Subscriptions();
      this.#resources.set(resource, subscriptions);
    }
    return subscriptions;
  }
}

/** `event` null: what was there at the start has been delivered. */
interface Delivery {
  readonly subscription: Subscription;
  readonly event: StoreWatchEvent | null;
}

/** The watches of one resource, those by index value apart. */
class Subscriptions {
  readonly unindexed = new Set<Subscription>();
  readonly byIndexValue = new Map<string, Set<Subscription>>();

  add(subscription: Subscription): void {
    const value = subscription.filter.indexValue;
    if (value === undefined) {
      this.unindexed.add(subscription);
      return;
    }
    let set = this.byIndexValue.get(value);
    if (set === undefined) this.byIndexValue.set(value, (set = new Set()));
    set.add(subscription);
  }

  remove(subscription: Subscription): void {
    const value = subscription.filter.indexValue;
    this.unindexed.delete(subscription);
    if (value === undefined) return;
    const set = this.byIndexValue.get(value);
    set?.delete(subscription);
    if (set?.size === 0) this.byIndexValue.delete(value);
  }
}

class Subscription {
  isStopped = false;

  constructor(
    readonly filter: WatchFilter,
    readonly handlers: WatchHandlers,
  ) {}

  selectsNamespace(namespace: string): boolean {
    const wanted = this.filter.namespace ?? "";
    return wanted === "" || wanted === namespace;
  }

  selects(object: KubeObject): boolean {
    return this.filter.matches === undefined || this.filter.matches(object);
  }
}

/** The last state that matched, at the version of the change that ended it (apiserver storage/cacher/cache_watcher.go, 1.34). */
const withVersionOf = (last: KubeObject, change: KubeObject): KubeObject => ({
  ...last,
  metadata: { ...last.metadata, resourceVersion: change.metadata.resourceVersion },
});
