import { apiVersionOf, formatTime } from "../../../api/index.js";
import type { ManagedFieldsEntry, ObjectMeta, ResourceDefinition } from "../../../api/index.js";
import { difference, EMPTY_SET, inOrder, isEmptySet, union } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import { PathElementError } from "../fields/path-element.js";
import type { JsonObject } from "../json-value.js";
import { structuralTypeOf } from "../structural-type.js";
import { compareObjects } from "../typed/compare.js";
import type { Comparison } from "../typed/compare.js";
import { capUpdateManagers } from "./cap-managers.js";
import {
  fieldsOf,
  isEntryOf,
  isReset,
  newEntry,
  readEntries,
  sortEntries,
  withFields,
} from "./entries.js";
import type { Entries, Manager } from "./entries.js";
import { fieldsOfNewObject } from "./fields-of-new.js";
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
  if (update.previous === null && entries.length === 0) {
    return entriesOfNew(update, manager);
  }
  const { changed, removed } = changeOf(update, manager);
  const own = entries.find((entry) => isEntryOf(entry, manager));
  const others = own === undefined ? entries : entries.filter((entry) => entry !== own);
  const left = surrender(surrender(others, changed, manager), removed, manager);
  const owned = withoutUnownable(changed);
  const kept = own === undefined ? EMPTY_SET : difference(fieldsOf(own), removed);
  if (isEmptySet(owned)) {
    const rest = own === undefined ? null : withFields(own, kept);
    if (left === others && rest === (own ?? null)) {
      return entries;
    }
    return sortEntries(rest === null ? left : [...left, rest]);
  }
  const fields = isEmptySet(kept) ? inOrder(owned) : union(kept, owned);
  const entry = newEntry(manager, fields, formatTime(update.nowMs));
  return sortEntries(capUpdateManagers([...left, entry]));
}

function entriesOfNew(
  update: Pick<FieldUpdate, "resource" | "next" | "nowMs">,
  manager: Manager,
): Entries {
  const fields = fieldsOfNewObject(update.next as JsonObject, update.resource, manager.subresource);
  return isEmptySet(fields) ? [] : [newEntry(manager, fields, formatTime(update.nowMs))];
}

/** The entries without these fields. Entries of another version of the kind are left alone: nothing is converted here. */
export function surrender(entries: Entries, fields: FieldSet, manager: Manager): Entries {
  if (isEmptySet(fields)) {
    return entries;
  }
  const left: ManagedFieldsEntry[] = [];
  let changed = false;
  for (const entry of entries) {
    const isComparable = entry.apiVersion === manager.apiVersion;
    const kept = isComparable ? withFields(entry, difference(fieldsOf(entry), fields)) : entry;
    changed ||= kept !== entry;
    if (kept !== null) {
      left.push(kept);
    }
  }
  return changed ? left : entries;
}

function changeOf(
  update: Pick<FieldUpdate, "resource" | "previous" | "next">,
  manager: Manager,
): Comparison {
  const type = structuralTypeOf(update.resource.schema);
  const previous = (update.previous ?? {}) as JsonObject;
  const comparison = compareObjects(previous, update.next as JsonObject, type);
  const filter = resetFilterOf(update.resource, manager.subresource);
  return { changed: filter(comparison.changed), removed: filter(comparison.removed) };
}
