import {
  formatMicroTime,
  isStatusError,
  parseTime,
  type EventsV1Event,
  type ObjectReference,
} from "../api/index.js";
import type { Call, Engine, RandomStream } from "../engine/index.js";
import type { Client } from "./client.js";
import { eventName } from "./event-name.js";
import { namespaceOf, type EventType } from "./event-recorder.js";
import { EventWriter, spawnOn } from "./event-writer.js";
import { SERIES_FINISH_MS, SERIES_REFRESH_MS } from "./limits.js";

export interface SeriesEventRecorderOptions {
  readonly engine: Engine;
  readonly client: Client;
  /** `default-scheduler`. */
  readonly reportingController: string;
  /** Where it runs: becomes the end of reportingInstance. */
  readonly hostname: string;
}

export interface SeriesEvent {
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly type: EventType;
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

const RESOURCE = "events.events.k8s.io";

/**
 * Records events.k8s.io/v1 Events as kube-scheduler does (client-go tools/events/event_broadcaster.go, 1.34): the second one alike makes a
 * series, whose count is written when it starts, now and then while it goes on, and when it ends.
 */
export class SeriesEventRecorder {
  readonly #random: RandomStream;
  readonly #writer: EventWriter;
  readonly #cache = new Map<string, EventsV1Event>();
  readonly #startedAtMs: number;
  #isTicking = false;

  constructor(private readonly options: SeriesEventRecorderOptions) {
    const { engine, reportingController } = options;
    const name = `events/${reportingController}`;
    this.#random = engine.random(name);
    this.#writer = new EventWriter(name, this.#random, spawnOn(engine));
    this.#startedAtMs = engine.nowMs;
  }

  /** Returns at once: the writing is a process of its own. */
  emit(seen: SeriesEvent): void {
    const key = keyOf(seen);
    const known = this.#cache.get(key);
    const now = formatMicroTime(this.options.engine.nowMs);
    if (known?.series !== undefined) {
      const series = { count: known.series.count + 1, lastObservedTime: now };
      this.#cache.set(key, { ...known, series });
      return;
    }
    const event =
      known === undefined
        ? this.#newEvent(seen, now)
        : { ...known, series: { count: 2, lastObservedTime: now } };
    this.#cache.set(key, event);
    this.#writer.write(() => () => this.#record(event));
    this.#tick();
  }

  #newEvent(seen: SeriesEvent, now: string): EventsV1Event {
    const { engine, reportingController, hostname } = this.options;
    const { regarding, related, type, reason, action, note } = seen;
    return {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: {
        name: eventName(regarding.name ?? "", engine.nowMs, this.#random),
        namespace: namespaceOf(regarding),
      } as EventsV1Event["metadata"],
      eventTime: now,
      reportingController,
      reportingInstance: `${reportingController}-${hostname}`,
      action,
      reason,
      regarding,
      ...(related === undefined ? {} : { related }),
      note,
      type,
    };
  }

  *#record(event: EventsV1Event): Call<void> {
    const { client } = this.options;
    const { namespace, name } = event.metadata;
    if (event.series !== undefined) {
      try {
        const body = { series: event.series };
        yield* client.patch(RESOURCE, namespace, name, { type: "strategic", body });
        return;
      } catch (error) {
        if (!isStatusError(error, "NotFound")) throw error;
      }
    }
    yield* client.create(RESOURCE, namespace, event);
  }

  /** Looks after the series at fixed steps from the start, but only while there are any. */
  #tick(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    const { engine } = this.options;
    const elapsedMs = engine.nowMs - this.#startedAtMs;
    engine.after(SERIES_FINISH_MS - (elapsedMs % SERIES_FINISH_MS), () => {
      this.#isTicking = false;
      const isRefreshTime = (engine.nowMs - this.#startedAtMs) % SERIES_REFRESH_MS === 0;
      this.#finishOrRefresh(isRefreshTime);
      if (this.#cache.size > 0) this.#tick();
    });
  }

  #finishOrRefresh(isRefreshTime: boolean): void {
    const latestMs = this.options.engine.nowMs - SERIES_FINISH_MS;
    for (const [key, event] of this.#cache) {
      const seenAt = event.series?.lastObservedTime ?? event.eventTime ?? "";
      const isOver = (parseTime(seenAt) ?? 0) < latestMs;
      if (isOver) this.#cache.delete(key);
      if (event.series !== undefined && (isOver || isRefreshTime)) {
        this.#writer.write(() => () => this.#record(event));
      }
    }
  }
}

/** Upstream's eventKey: all but the note. */
const keyOf = ({ regarding, related, type, reason, action }: SeriesEvent): string =>
  JSON.stringify([type, action, reason, regarding, related]);
