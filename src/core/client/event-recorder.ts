import { formatTime, isStatusError, type Event, type ObjectReference } from "../api/index.js";
import type { Call, Engine, RandomStream } from "../engine/index.js";
import type { Client } from "./client.js";
import { EventCorrelator, type Correlation, type NewEvent } from "./event-correlator.js";
import { eventName } from "./event-name.js";
import { EventWriter, spawnOn, type Spawn } from "./event-writer.js";

export type EventType = "Normal" | "Warning";

export interface EventRecorderOptions {
  readonly engine: Engine;
  readonly client: EventClient;
  /** `kubelet`, `taint-eviction-controller`. */
  readonly component: string;
  /** The node, for what runs on one. */
  readonly host?: string;
  /** In what its writing runs; it ends with that. The engine by default. */
  readonly spawn?: Spawn;
}

/** Where events go. It throws ConnectionLost when it gets no answer. */
export type EventClient = Pick<Client, "create" | "patch">;

/**
 * Records core/v1 Events as most components do (client-go tools/record, 1.34): repeated ones are counted, similar ones combined, too many
 * dropped.
 */
export class EventRecorder {
  readonly #random: RandomStream;
  readonly #correlator: EventCorrelator;
  readonly #writer: EventWriter;

  constructor(private readonly options: EventRecorderOptions) {
    const { engine, component, host } = options;
    const name = host === undefined ? `events/${component}` : `events/${component}/${host}`;
    this.#random = engine.random(name);
    this.#writer = new EventWriter(name, this.#random, options.spawn ?? spawnOn(engine));
    this.#correlator = new EventCorrelator((object) => this.#nameOf(object));
  }

  /** @param about what it happened to; `fieldPath` names a part of it. Returns at once: the writing is a process of its own. */
  emit(
    about: ObjectReference,
    type: EventType,
    reason: string,
    message: string,
    annotations?: Readonly<Record<string, string>>,
  ): void {
    const plain = this.#newEvent(about, type, reason, message);
    const event: NewEvent =
      annotations === undefined
        ? plain
        : { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations } } };
    this.#writer.write(() => this.#prepare(event));
  }

  #newEvent(about: ObjectReference, type: EventType, reason: string, message: string): NewEvent {
    const { component, host, engine } = this.options;
    const now = formatTime(engine.nowMs);
    const source = host === undefined ? { component } : { component, host };
    // In the order in which Go writes it, so that decoding leaves it as it is.
    return {
      kind: "Event",
      apiVersion: "v1",
      metadata: {
        name: this.#nameOf(about.name ?? ""),
        namespace: namespaceOf(about),
      } as Event["metadata"],
      count: 1,
      eventTime: null,
      firstTimestamp: now,
      involvedObject: about,
      lastTimestamp: now,
      message,
      reason,
      reportingComponent: component,
      reportingInstance: host ?? "",
      source,
      type,
    };
  }

  /** Counted once, however often it is then tried to be written. */
  #prepare(event: NewEvent): (() => Call<void>) | null {
    const correlation = this.#correlator.correlate(event, this.options.engine.nowMs);
    if (correlation.action === "skip") return null;
    return () => this.#write(correlation);
  }

  *#write({ action, event }: Exclude<Correlation, { action: "skip" }>): Call<void> {
    const written = yield* action === "create" ? this.#create(event) : this.#patch(event);
    this.#correlator.remember(written);
  }

  *#create(event: Event): Call<Event> {
    return yield* this.options.client.create<Event>("events", event.metadata.namespace, event);
  }

  /** The event may have expired meanwhile: then it is made again, with its count. */
  *#patch(event: Event): Call<Event> {
    const { count, lastTimestamp, message } = event;
    const { namespace, name } = event.metadata;
    try {
      const body = { count, lastTimestamp, message };
      return yield* this.options.client.patch<Event>("events", namespace, name, {
        type: "strategic",
        body,
      });
    } catch (error) {
      if (!isStatusError(error, "NotFound")) throw error;
      return yield* this.#create(event);
    }
  }

  #nameOf(object: string): string {
    return eventName(object, this.options.engine.nowMs, this.#random);
  }
}

/** Events about cluster-scoped objects are in `default`. */
export const namespaceOf = (about: ObjectReference): string =>
  about.namespace === undefined || about.namespace === "" ? "default" : about.namespace;
