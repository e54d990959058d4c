import type { KubeObject } from "../../core/api/index.js";
import type { FeedBatch } from "../cluster-port.js";

export type WatchEventType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

type RevisionEntry = Extract<FeedBatch["entries"][number], { kind: "revision" }>;

/**
 * What one change is to a watch with a selector (API-7): an object that starts to match is added, one that stops is deleted, in the state
 * in which it last matched. Null: nothing of it is to be seen. storage/cacher/cache_watcher.go `convertToWatchEvent`, 1.34.
 */
export function watchEventOf(
  entry: RevisionEntry,
  matches: (object: KubeObject) => boolean,
): WatchEvent | null {
  const { change, object, previous } = entry;
  const isIn = change !== "DELETED" && matches(object);
  const wasIn = previous !== null && matches(previous);
  if (isIn) return { type: wasIn ? "MODIFIED" : "ADDED", object };
  if (!wasIn) return null;
  return change === "DELETED"
    ? { type: "DELETED", object }
    : { type: "DELETED", object: atVersion(previous, entry.sequence) };
}

function atVersion(object: KubeObject, sequence: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(sequence) } };
}
