import { formatTime, type Event } from "../api/index.js";
import {
  AGGREGATE_INTERVAL_MS,
  AGGREGATE_MAX_MESSAGES,
  MAX_REMEMBERED_EVENTS,
  SPAM_BURST,
  SPAM_PER_SECOND,
} from "./limits.js";
import { LruCache } from "./lru-cache.js";
import { TokenBucket } from "./token-bucket.js";

/** What is to be written for an event: nothing, a new object, or a higher count of one that is there. */
export type Correlation =
  { readonly action: "skip" } | { readonly action: "create" | "patch"; readonly event: Event };

/** A core/v1 Event on its way out: nothing of it is known to the server yet. */
export type NewEvent = Event & { readonly count: number };

interface Group {
  readonly messages: Set<string>;
  lastMs: number;
}

interface Observation {
  readonly count: number;
  readonly firstTimestamp: string;
  readonly name: string;
}

/** EVT-2, EVT-3, EVT-4: keeps a source from flooding the server. client-go tools/record/events_cache.go, 1.34 */
export class EventCorrelator {
  readonly #groups = new LruCache<Group>(MAX_REMEMBERED_EVENTS);
  readonly #observations = new LruCache<Observation>(MAX_REMEMBERED_EVENTS);
  readonly #spam = new LruCache<TokenBucket>(MAX_REMEMBERED_EVENTS);

  /** @param nameOf makes the name of an aggregated event. */
  constructor(private readonly nameOf: (object: string) => string) {}

  correlate(event: NewEvent, nowMs: number): Correlation {
    const origin = originOf(event);
    const { event: grouped, key } = this.#aggregate(event, origin, nowMs);
    const observed = this.#observe(grouped, key);
    if (this.#isSpam(spamKey(observed, origin), nowMs)) return { action: "skip" };
    return { action: observed.count > 1 ? "patch" : "create", event: observed };
  }

  /** What the server has now is what later events are counted on. */
  remember(event: Event): void {
    this.#observations.set(eventKey(event, originOf(event)), {
      count: event.count ?? 0,
      firstTimestamp: event.firstTimestamp ?? "",
      name: event.metadata.name,
    });
  }

  /** EVT-3: the tenth message of a group stands for all that follow. */
  #aggregate(
    event: NewEvent,
    origin: string,
    nowMs: number,
  ): { readonly event: NewEvent; readonly key: string } {
    const groupKey = aggregateKey(event, origin);
    let group = this.#groups.get(groupKey);
    if (group === undefined || nowMs - group.lastMs > AGGREGATE_INTERVAL_MS) {
      group = { messages: new Set(), lastMs: nowMs };
    }
    group.messages.add(event.message ?? "");
    group.lastMs = nowMs;
    this.#groups.set(groupKey, group);
    if (group.messages.size < AGGREGATE_MAX_MESSAGES) {
      return { event, key: eventKey(event, origin) };
    }
    const [oldest] = group.messages;
    if (oldest !== undefined) group.messages.delete(oldest);
    return { event: this.#combined(event, nowMs), key: groupKey };
  }

  #combined(event: NewEvent, nowMs: number): NewEvent {
    const { apiVersion, kind, involvedObject, type, reason, source } = event;
    const now = formatTime(nowMs);
    const { namespace } = event.metadata;
    const name = this.nameOf(event.involvedObject.name ?? "");
    // The reporting component is left out, as upstream does.
    return {
      apiVersion,
      kind,
      involvedObject,
      ...(type === undefined ? {} : { type }),
      ...(reason === undefined ? {} : { reason }),
      ...(source === undefined ? {} : { source }),
      metadata: { namespace, name } as Event["metadata"],
      message: `(combined from similar events): ${event.message ?? ""}`,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
    };
  }

  /** EVT-2: the same event again is the first one, once more. */
  #observe(event: NewEvent, key: string): NewEvent {
    const last = this.#observations.get(key);
    const observed =
      last === undefined || last.count === 0
        ? event
        : {
            ...event,
            metadata: { ...event.metadata, name: last.name },
            firstTimestamp: last.firstTimestamp,
            count: last.count + 1,
          };
    this.#observations.set(key, {
      count: observed.count,
      firstTimestamp: observed.firstTimestamp ?? "",
      name: observed.metadata.name,
    });
    return observed;
  }

  #isSpam(key: string, nowMs: number): boolean {
    const bucket = this.#spam.get(key) ?? new TokenBucket(SPAM_BURST, SPAM_PER_SECOND, nowMs);
    this.#spam.set(key, bucket);
    return !bucket.tryTake(nowMs);
  }
}

/** Upstream joins without a separator; one keeps different parts from reading alike. */
const joined = (...parts: (string | undefined)[]): string => parts.join("\n");

/** Where an event comes from and what it is about: what all keys begin with. */
const originOf = ({ source, involvedObject }: Event): string =>
  joined(
    source?.component,
    source?.host,
    involvedObject.kind,
    involvedObject.namespace,
    involvedObject.name,
    involvedObject.uid,
    involvedObject.apiVersion,
  );

const spamKey = (event: Event, origin: string): string => joined(origin, event.type);

const aggregateKey = (event: Event, origin: string): string =>
  joined(origin, event.type, event.reason, event.reportingComponent, event.reportingInstance);

const eventKey = (event: Event, origin: string): string =>
  joined(origin, event.involvedObject.fieldPath, event.type, event.reason, event.message);
