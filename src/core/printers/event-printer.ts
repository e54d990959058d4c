import type { Event, EventSource, EventsV1Event, ObjectReference } from "../api/index.js";
import { since } from "./formats.js";
import { column, NAME_COLUMN, wideColumn } from "./table.js";
import type { Cell, KindPrinter, TableColumn } from "./table.js";

const COLUMNS: readonly TableColumn[] = [
  column("Last Seen", "Time since it happened last."),
  column("Type", "Normal or Warning."),
  column("Reason", "Why it happened, in one word."),
  column("Object", "What it happened to."),
  wideColumn("Subobject", "Which part of the object."),
  wideColumn("Source", "Who reports it."),
  column("Message", "What happened."),
  wideColumn("First Seen", "Time since it happened first."),
  wideColumn("Count", "How often it happened."),
  { ...NAME_COLUMN, priority: 1 },
];

/** What both forms of an Event have, under one name each. */
interface PlainEvent {
  readonly name: string;
  readonly type: string | undefined;
  readonly reason: string | undefined;
  readonly object: ObjectReference | undefined;
  readonly source: EventSource | undefined;
  readonly controller: string | undefined;
  readonly instance: string | undefined;
  readonly message: string | undefined;
  readonly firstTime: string | null | undefined;
  readonly lastTime: string | null | undefined;
  readonly eventTime: string | null | undefined;
  readonly count: number | undefined;
  readonly series:
    { readonly count?: number; readonly lastObservedTime?: string | null } | undefined;
}

/** Source: kubernetes pkg/printers/internalversion/printers.go printEvent, 1.34. */
export const eventPrinter: KindPrinter<Event> = {
  columns: COLUMNS,
  cells: (event, nowMs) =>
    printEvent(
      {
        name: event.metadata.name,
        type: event.type,
        reason: event.reason,
        object: event.involvedObject,
        source: event.source,
        controller: event.reportingComponent,
        instance: event.reportingInstance,
        message: event.message,
        firstTime: event.firstTimestamp,
        lastTime: event.lastTimestamp,
        eventTime: event.eventTime,
        count: event.count,
        series: event.series,
      },
      nowMs,
    ),
};

/** events.k8s.io: printed as the same internal type. */
export const eventsV1Printer: KindPrinter<EventsV1Event> = {
  columns: COLUMNS,
  cells: (event, nowMs) =>
    printEvent(
      {
        name: event.metadata.name,
        type: event.type,
        reason: event.reason,
        object: event.regarding,
        source: event.deprecatedSource,
        controller: event.reportingController,
        instance: event.reportingInstance,
        message: event.note,
        firstTime: event.deprecatedFirstTimestamp,
        lastTime: event.deprecatedLastTimestamp,
        eventTime: event.eventTime,
        count: event.deprecatedCount,
        series: event.series,
      },
      nowMs,
    ),
};

function printEvent(event: PlainEvent, nowMs: number): readonly Cell[] {
  const firstSeen = since(event.firstTime ?? event.eventTime, nowMs);
  return [
    lastSeen(event, firstSeen, nowMs),
    event.type ?? "",
    event.reason ?? "",
    formatObject(event.object ?? {}),
    event.object?.fieldPath ?? "",
    formatSource(event),
    (event.message ?? "").trim(),
    firstSeen,
    countOf(event),
    event.name,
  ];
}

/** Of a series it is the last observation that counts. */
function lastSeen({ series, lastTime }: PlainEvent, firstSeen: string, nowMs: number): string {
  if (series !== undefined) {
    return since(series.lastObservedTime, nowMs);
  }
  return typeof lastTime === "string" ? since(lastTime, nowMs) : firstSeen;
}

/** Single events of the newer API have no count. */
function countOf({ series, count }: PlainEvent): number {
  return series === undefined ? count || 1 : (series.count ?? 0);
}

function formatObject({ kind = "", name = "" }: ObjectReference): string {
  return name === "" ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

function formatSource({ source, controller, instance }: PlainEvent): string {
  const component = source?.component || controller || "";
  const host = source?.host || instance || "";
  return host === "" ? component : `${component}, ${host}`;
}
