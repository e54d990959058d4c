import { formatTime } from "../../../api/index.js";
import type { ManagedFieldsEntry, ObjectMeta, ResourceDefinition } from "../../../api/index.js";
import { difference, isEmptySet, union } from "../fields/field-set.js";
import { PathElementError } from "../fields/path-element.js";
import type { JsonObject } from "../json-value.js";
import { structuralTypeOf } from "../structural-type.js";
import { compareObjects } from "../typed/compare.js";
import type { Comparison } from "../typed/compare.js";
import { capUpdateManagers } from "./cap-managers.js";
import {
  apiVersionOf,
  fieldsOf,
  isEntryOf,
  isReset,
  newEntry,
  readEntries,
  sortEntries,
  withFields,
} from "./entries.js";
import type { Entries, Manager } from "./entries.js";
import { resetFilterOf } from "./reset-fields.js";
import { withoutUnownable } from "./strip-fields.js";

/** A write that is no apply: create, update, or a patch of another kind. */
export interface FieldUpdate {
  readonly resource: ResourceDefinition;
  /** The stored object; null when the write creates it. */
  readonly previous: object | null;
  /** The object with its defaults, before admission changes it. */
  readonly next: object;
  /** The field manager, or the first part of the user agent; '' counts as `unknown`. */
  readonly manager: string;
  /** '' for the object itself. */
  readonly subresource: string;
  readonly nowMs: number;
}

/**
 * metadata.managedFields after a write: its manager owns what it changed, and nobody else does any more. Returns the previous entries
 * themselves when nothing changed hands. Entries in `next` are heeded (a client may rewrite or, with `[]`, reset them), but not on a
 * subresource. An object that nobody tracked stays so.
 * Source: apimachinery pkg/util/managedfields/internal/fieldmanager.go, 1.34; structured-merge-diff merge/update.go.
 */
export function updateManagedFields(update: FieldUpdate): ManagedFieldsEntry[] {
  const previousEntries = metadataOf(update.previous)?.managedFields ?? [];
  const entries = entriesBefore(update, previousEntries);
  if (entries.length === 0 && update.previous !== null) {
    return [];
  }
  const manager: Manager = {
    name: update.manager === "" ? "unknown" : update.manager,
    operation: "Update",
    apiVersion: apiVersionOf(update.resource),
    subresource: update.subresource,
  };
  try {
    const after = trackUpdate(entries, update, manager);
    return after === previousEntries ? previousEntries : [...after];
  } catch (error) {
    if (error instanceof PathElementError) {
      // The object does not fit its type, which validation says better; ownership stays as it was.
      return previousEntries;
    }
    throw error;
  }
}

/** The metadata of an object on its way in, which may be none. */
function metadataOf(object: object | null): Partial<ObjectMeta> | undefined {
  return (object as { readonly metadata?: Partial<ObjectMeta> } | null)?.metadata;
}

function entriesBefore(update: FieldUpdate, previous: Entries): Entries {
  const sent = metadataOf(update.next)?.managedFields;
  if (update.subresource !== "" || sent === previous || sent === undefined) {
    return previous;
  }
  if (isReset(sent)) {
    return [];
  }
  const read = readEntries(sent, previous);
  return read.kind === "entries" ? read.entries : previous;
}

/** Entries after the manager changed `previous` into `next`. */
export function trackUpdate(
  entries: Entries,
  update: Pick<FieldUpdate, "resource" | "previous" | "next" | "nowMs">,
  manager: Manager,
): Entries {
  const comparison = compareVersions(update);
  const filter = resetFilterOf(update.resource, manager.subresource);
  const changed = filter(union(comparison.modified, comparison.added));
  const removed = filter(comparison.removed);
  const left = surrender(entries, union(changed, removed), manager.apiVersion);
  const owned = withoutUnownable(changed);
  if (isEmptySet(owned)) {
    return sortEntries(left);
  }
  const own = left.find((entry) => isEntryOf(entry, manager));
  const fields = own === undefined ? owned : union(fieldsOf(own), owned);
  const others = own === undefined ? left : left.filter((entry) => entry !== own);
  const entry = newEntry(manager, fields, formatTime(update.nowMs));
  return sortEntries(capUpdateManagers([...others, entry]));
}

/** The entries without these fields. Entries of another version of the kind are left alone: nothing is converted here. */
export function surrender(
  entries: Entries,
  fields: Comparison["added"],
  apiVersion: string,
): Entries {
  const left: ManagedFieldsEntry[] = [];
  let changed = false;
  for (const entry of entries) {
    const kept =
      entry.apiVersion === apiVersion
        ? withFields(entry, difference(fieldsOf(entry), fields))
        : entry;
    changed ||= kept !== entry;
    if (kept !== null) {
      left.push(kept);
    }
  }
  return changed ? left : entries;
}

/** managedFields themselves are not compared: nobody owns them. */
function compareVersions(update: Pick<FieldUpdate, "resource" | "previous" | "next">): Comparison {
  const type = structuralTypeOf(update.resource.schema);
  const previous = (update.previous ?? {}) as JsonObject;
  const next = update.next as JsonObject;
  return compareObjects(withoutManagedFields(previous), withoutManagedFields(next), type);
}

function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = object["metadata"];
  if (metadata === undefined || metadata === null || typeof metadata !== "object") {
    return object;
  }
  if (!("managedFields" in metadata)) {
    return object;
  }
  const { managedFields, ...rest } = metadata;
  return managedFields === undefined ? object : { ...object, metadata: rest };
}
