import type { ManagedFieldsEntry } from "../../../api/index.js";
import { union } from "../fields/field-set.js";
import { compareText } from "../json-value.js";
import { MAX_UPDATE_MANAGERS } from "../limits.js";
import { fieldsOf, identifierOf, isEntryOf, newEntry, secondOf } from "./entries.js";
import type { Entries, Manager } from "./entries.js";

/** Who owns what the oldest of too many managers owned. */
const ANCIENT_CHANGES = "ancient-changes";

/**
 * Keeps the number of managers with operation Update within its limit: the oldest of one version are merged into one entry.
 * Source: managedfields/internal/capmanagers.go, 1.34.
 */
export function capUpdateManagers(entries: Entries): Entries {
  const updaters = entries.filter((entry) => entry.operation === "Update");
  if (updaters.length <= MAX_UPDATE_MANAGERS) {
    return entries;
  }
  const kept = new Set(entries);
  const buckets = new Map<string, Bucket>();
  let count = updaters.length;
  for (const updater of [...updaters].sort(oldestFirst)) {
    if (count <= MAX_UPDATE_MANAGERS) {
      break;
    }
    const version = updater.apiVersion ?? "";
    const bucket = buckets.get(version);
    if (bucket === undefined) {
      buckets.set(version, bucketFor(entries, updater, version));
    } else if (updater !== bucket.entry) {
      [bucket.entry, updater].forEach((entry) => kept.delete(entry));
      bucket.entry = mergedEntry(bucket, updater);
      kept.add(bucket.entry);
      count -= 1;
    }
  }
  return [...kept];
}

interface Bucket {
  readonly manager: Manager;
  entry: ManagedFieldsEntry;
}

/** The entry of earlier ancient changes, else the first of its version: it becomes that entry when another joins it. */
function bucketFor(entries: Entries, first: ManagedFieldsEntry, apiVersion: string): Bucket {
  const manager: Manager = {
    name: ANCIENT_CHANGES,
    operation: "Update",
    apiVersion,
    subresource: "",
  };
  return { manager, entry: entries.find((entry) => isEntryOf(entry, manager)) ?? first };
}

/** Takes the time of the one that joins, since it is the younger. */
function mergedEntry(bucket: Bucket, joining: ManagedFieldsEntry): ManagedFieldsEntry {
  const fields = union(fieldsOf(bucket.entry), fieldsOf(joining));
  return newEntry(bucket.manager, fields, joining.time ?? null);
}

function oldestFirst(left: ManagedFieldsEntry, right: ManagedFieldsEntry): number {
  return secondOf(left) - secondOf(right) || compareText(identifierOf(left), identifierOf(right));
}
