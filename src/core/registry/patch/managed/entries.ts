import { parseTime } from "../../../api/index.js";
import type { ManagedFieldsEntry } from "../../../api/index.js";
import { EMPTY_SET, isEmptySet, readFieldSet } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import { PathElementError } from "../fields/path-element.js";
import { compareText, jsonEquals } from "../json-value.js";
import type { JsonValue } from "../json-value.js";

/** metadata.managedFields: who owns what. Entries are immutable, in the order in which Kubernetes writes them. */
export type Entries = readonly ManagedFieldsEntry[];

/** Who does something: one entry each. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

/** The fields of an entry that was written by this folder, or read by `readEntries`. */
export function fieldsOf(entry: ManagedFieldsEntry): FieldSet {
  // Sets are stored as they are used; foreign ones went through readEntries.
  return (entry.fieldsV1 as FieldSet | undefined) ?? EMPTY_SET;
}

/** An appliers' entry is the same whatever version it applied last. Source: managedfields/internal/managedfields.go, 1.34. */
export function isEntryOf(entry: ManagedFieldsEntry, manager: Manager): boolean {
  return (
    (entry.manager ?? "") === manager.name &&
    entry.operation === manager.operation &&
    (entry.subresource ?? "") === manager.subresource &&
    (manager.operation === "Apply" || (entry.apiVersion ?? "") === manager.apiVersion)
  );
}

export function newEntry(
  manager: Manager,
  fields: FieldSet,
  time: string | null,
): ManagedFieldsEntry {
  return {
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(time === null ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: fields,
    ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
  };
}

/** The entry with other fields: itself when they are the same, null when none are left. */
export function withFields(entry: ManagedFieldsEntry, fields: FieldSet): ManagedFieldsEntry | null {
  if (fields === entry.fieldsV1) {
    return entry;
  }
  return isEmptySet(fields) ? null : { ...entry, fieldsV1: fields };
}

/** Order of entries: appliers first, then by second, manager, version and subresource. Source: the same file. */
export function sortEntries(entries: Entries): Entries {
  return entries.every((entry, i) => i === 0 || compareEntries(entries[i - 1] ?? entry, entry) <= 0)
    ? entries
    : [...entries].sort(compareEntries);
}

function compareEntries(left: ManagedFieldsEntry, right: ManagedFieldsEntry): number {
  return (
    compareText(left.operation ?? "", right.operation ?? "") ||
    secondOf(left) - secondOf(right) ||
    compareText(left.manager ?? "", right.manager ?? "") ||
    compareText(left.apiVersion ?? "", right.apiVersion ?? "") ||
    compareText(left.subresource ?? "", right.subresource ?? "")
  );
}

/** Unix second of an entry; 0 without a time. */
export function secondOf(entry: ManagedFieldsEntry): number {
  return entry.time === undefined ? 0 : Math.floor((parseTime(entry.time) ?? 0) / 1000);
}

/** Identity of a manager as upstream writes it, which is also the order of managers in a tie. */
export function identifierOf(entry: ManagedFieldsEntry): string {
  return JSON.stringify({
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.operation === "Apply" ? undefined : entry.apiVersion,
    subresource: entry.subresource,
  });
}

/** Entries that a client sent, or why they are none. */
export type ReadEntries =
  | { readonly kind: "entries"; readonly entries: Entries }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Brings entries that came from outside into the form that this folder works with; those it knows keep their identity.
 * Source: managedfields/internal/managedfields.go DecodeManagedFields, 1.34.
 */
export function readEntries(foreign: Entries, known: Entries): ReadEntries {
  const entries = new Map<string, ManagedFieldsEntry>();
  for (const [index, entry] of foreign.entries()) {
    const why = whyRefused(entry, index);
    if (why !== null) {
      return { kind: "refused", why };
    }
    const same = known.find((other) => jsonEquals(other as JsonValue, entry as JsonValue));
    try {
      entries.set(identifierOf(entry), same ?? canonicalEntry(entry));
    } catch (error) {
      if (error instanceof PathElementError) {
        return { kind: "refused", why: `error decoding set: ${error.message}` };
      }
      throw error;
    }
  }
  return { kind: "entries", entries: [...entries.values()] };
}

function whyRefused(entry: ManagedFieldsEntry, index: number): string | null {
  if (entry.operation !== "Apply" && entry.operation !== "Update") {
    return "operation must be `Apply` or `Update`";
  }
  if ((entry.apiVersion ?? "") === "") {
    return "apiVersion must not be empty";
  }
  const fieldsType: string = entry.fieldsType ?? "";
  if (fieldsType === "FieldsV1") {
    return null;
  }
  return fieldsType === ""
    ? `missing fieldsType in managed fields entry ${index}`
    : `invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`;
}

function canonicalEntry(entry: ManagedFieldsEntry): ManagedFieldsEntry {
  return { ...entry, fieldsV1: readFieldSet((entry.fieldsV1 ?? {}) as JsonValue) };
}

/** A client asks to forget all managers with an empty list, or a list of one empty entry. */
export function isReset(entries: Entries | undefined): boolean {
  const [only] = entries ?? [];
  return (
    entries !== undefined &&
    (only === undefined || (entries.length === 1 && Object.keys(only).length === 0))
  );
}
