import { formatMilliTime, type Event, type KubeObject, type Pod } from "../core/api/index.js";
import type { FeedEntry } from "../simulation/index.js";
import type { RecordType } from "./messages.js";

/** What an entry is about: what filters ask, and what an entry without a record type of the stream does not have. */
export interface RecordSubject {
  readonly type: RecordType;
  readonly namespace: string;
  /** '' when it is about no pod. */
  readonly pod: string;
  /** Of the pod, when it is about one. */
  readonly uid: string;
  /** '' when it is not known. */
  readonly node: string;
  /** Containers that it is about: all of a Pod's, one, or none. */
  readonly containers: readonly string[];
}

/** Null for what the stream does not carry. */
export const subjectOf = (entry: FeedEntry): RecordSubject | null => {
  if (entry.kind === "record") {
    const { type, namespace, pod, uid, node, container } = entry.record;
    return { type, namespace, pod, uid, node, containers: [container] };
  }
  if (entry.resource === "pods") return podSubject(entry.object as Pod);
  // That an old Event is cleared away is no news.
  if (entry.resource === "events" && entry.change !== "DELETED")
    return eventSubject(entry.object as Event);
  return null;
};

const podSubject = (pod: Pod): RecordSubject => {
  const { initContainers = [], containers, ephemeralContainers = [], nodeName } = pod.spec;
  return {
    type: "pod",
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    uid: pod.metadata.uid,
    node: nodeName ?? "",
    containers: [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name),
  };
};

const eventSubject = (event: Event): RecordSubject => {
  const { kind, name = "", uid = "", fieldPath = "" } = event.involvedObject;
  const container = /^spec\.\w*[cC]ontainers\{(.+)\}$/.exec(fieldPath)?.[1];
  return {
    type: "event",
    namespace: event.metadata.namespace,
    pod: kind === "Pod" ? name : "",
    uid,
    node: kind === "Node" ? name : (event.source?.host ?? ""),
    containers: container === undefined ? [] : [container],
  };
};

/** Rendered once for all who get it: an entry is shared by all readers of the feed. */
const rendered = new WeakMap<FeedEntry, string>();

/** The record as JSON, without `op` and `id`. @param subject of the same entry. */
export const renderRecord = (entry: FeedEntry, subject: RecordSubject): string => {
  let text = rendered.get(entry);
  if (text === undefined) {
    text = JSON.stringify(viewOf(entry, subject));
    rendered.set(entry, text);
  }
  return text;
};

/** The record as the body of a stream message that begins with `op` and `id`. */
export const recordMessage = (id: string, record: string): string =>
  `{"op":"record","id":${JSON.stringify(id)},${record.slice(1)}`;

const viewOf = (entry: FeedEntry, subject: RecordSubject): Record<string, unknown> => {
  const head = { cursor: entry.sequence, time: formatMilliTime(entry.timeMs) };
  if (entry.kind === "record") return { ...head, ...entry.record };
  const { type, namespace, pod, uid, node, containers } = subject;
  const [container] = containers;
  return {
    ...head,
    type,
    namespace,
    ...(pod === "" ? {} : { pod }),
    uid,
    ...(node === "" ? {} : { node }),
    ...(type === "event" && container !== undefined ? { container } : {}),
    change: entry.change,
    object: withoutManagedFields(entry.object),
  };
};

/** Who set which field is half of an object and for nobody who watches: kubectl leaves it out as well. */
const withoutManagedFields = (object: KubeObject): unknown => {
  const { managedFields, ...metadata } = object.metadata;
  return managedFields === undefined ? object : { ...object, metadata };
};
