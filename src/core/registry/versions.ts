import {
  apiVersionOf,
  type Event,
  type EventsV1Event,
  type KubeObject,
  type ResourceDefinition,
} from "../api/index.js";

/** An object in the form in which the store keeps it. Events are the one kind that is served in two group-versions: kept as core/v1. */
export const asStored = (object: KubeObject, resource: ResourceDefinition): KubeObject =>
  isEventsV1(resource) && object.apiVersion === EVENTS_V1
    ? toCoreEvent(object as EventsV1Event)
    : object;

/** A stored object in the version that `resource` serves. */
export const asServed = (object: KubeObject, resource: ResourceDefinition): KubeObject =>
  isEventsV1(resource) && object.apiVersion !== EVENTS_V1 ? toEventsV1(object as Event) : object;

const EVENTS_V1 = "events.k8s.io/v1";

const isEventsV1 = (resource: ResourceDefinition): boolean =>
  resource.storage === "events" && apiVersionOf(resource) === EVENTS_V1;

/** events.k8s.io/v1 name → core/v1 name. pkg/apis/events/v1/conversion.go, 1.34 */
const RENAMED = [
  ["regarding", "involvedObject"],
  ["note", "message"],
  ["reportingController", "reportingComponent"],
  ["deprecatedSource", "source"],
  ["deprecatedFirstTimestamp", "firstTimestamp"],
  ["deprecatedLastTimestamp", "lastTimestamp"],
  ["deprecatedCount", "count"],
] as const;

const TO_CORE: ReadonlyMap<string, string> = new Map(RENAMED);
const TO_EVENTS: ReadonlyMap<string, string> = new Map(
  RENAMED.map(([eventsName, coreName]) => [coreName, eventsName]),
);

const toCoreEvent = (event: EventsV1Event): KubeObject => ({
  ...renamed(event, TO_CORE),
  apiVersion: "v1",
});

const toEventsV1 = (event: Event): KubeObject => ({
  ...renamed(event, TO_EVENTS),
  apiVersion: EVENTS_V1,
});

const renamed = (object: KubeObject, names: ReadonlyMap<string, string>): KubeObject =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [names.get(key) ?? key, value as unknown]),
  ) as unknown as KubeObject;
