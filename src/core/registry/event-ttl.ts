import { parseTime, type Event } from "../api/index.js";
import type { Engine, Timer } from "../engine/index.js";
import { keyOf, type ObjectStore, type ObjectKey } from "../store/index.js";
import { EVENT_TTL_MS } from "./limits.js";

interface Expiry {
  readonly namespace: string;
  readonly name: string;
  readonly dueMs: number;
}

/**
 * Removes Events an hour after they were last written, as an etcd lease does. All have the same time to live, so they end in the order in
 * which they were written: one timer, for the first of them, is enough.
 */
export class EventTtl {
  readonly #expiries = new Map<ObjectKey, Expiry>();
  #timer: Timer | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly store: ObjectStore,
  ) {}

  /** Takes on the events that are there, and from now on every new one. */
  start(): void {
    const known = (this.store.list("events") as Event[])
      .map((event) => ({ event, writtenMs: writtenAtMs(event) }))
      .toSorted((left, right) => left.writtenMs - right.writtenMs);
    for (const { event, writtenMs } of known) this.#keep(event, writtenMs);
    this.#arm();
    const restored = this.store.lastSequence;
    this.store.watch(
      "events",
      {},
      {
        onEvent: ({ type, object }) => {
          if (type === "DELETED") {
            this.#expiries.delete(keyOf(object));
          } else if (Number(object.metadata.resourceVersion) > restored) {
            this.#keep(object as Event, this.engine.nowMs);
            this.#arm();
          }
        },
      },
    );
  }

  /** The last one written is the last one to end. */
  #keep(event: Event, writtenMs: number): void {
    const key = keyOf(event);
    const { namespace, name } = event.metadata;
    this.#expiries.delete(key);
    this.#expiries.set(key, { namespace, name, dueMs: writtenMs + EVENT_TTL_MS });
  }

  #arm(): void {
    if (this.#timer !== null) return;
    const first = this.#expiries.values().next();
    if (first.done === true) return;
    this.#timer = this.engine.at(first.value.dueMs, () => {
      this.#timer = null;
      this.#expire();
      this.#arm();
    });
  }

  #expire(): void {
    for (const [key, { namespace, name, dueMs }] of this.#expiries) {
      if (dueMs > this.engine.nowMs) return;
      this.#expiries.delete(key);
      this.store.delete("events", namespace, name);
    }
  }
}

/** When an event of an earlier run was last written, as far as it says so itself. */
const writtenAtMs = (event: Event): number => {
  const times = [
    event.series?.lastObservedTime,
    event.lastTimestamp,
    event.eventTime,
    event.metadata.creationTimestamp,
  ].map((time) => (time === undefined || time === null ? 0 : (parseTime(time) ?? 0)));
  return Math.max(...times);
};
