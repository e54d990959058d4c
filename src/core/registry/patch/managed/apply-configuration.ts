import { apiVersionOf, badRequest, formatTime } from "../../../api/index.js";
import type { ManagedFieldsEntry, ResourceDefinition } from "../../../api/index.js";
import { EMPTY_SET, isEmptySet, union } from "../fields/field-set.js";
import { PathElementError } from "../fields/path-element.js";
import { isJsonObject, jsonEquals, ObjectEdit } from "../json-value.js";
import type { JsonObject, JsonValue } from "../json-value.js";
import { withoutNullFields } from "../merge-patch.js";
import { cannotUnmarshal, unclassifiedError } from "../refusals.js";
import { structuralTypeOf } from "../structural-type.js";
import type { MapStructure } from "../structural-type.js";
import { compareObjects } from "../typed/compare.js";
import { fieldSetOf } from "../typed/field-set-of.js";
import { mergeConfiguration } from "../typed/merge.js";
import { shapeErrorsOf, shapeErrorText } from "../typed/validate.js";
import { conflictError, conflictsOutside, conflictsOver } from "./conflicts.js";
import type { FieldConflict, PathConflict } from "./conflicts.js";
import { fieldsOf, isEntryOf, newEntry, readEntries, sortEntries } from "./entries.js";
import type { Entries, Manager } from "./entries.js";
import { fieldsLastApplied, KUBECTL_MANAGER, withLastApplied } from "./last-applied.js";
import { prune } from "./prune.js";
import { resetFilterOf } from "./reset-fields.js";
import { withoutUnownable } from "./strip-fields.js";
import { surrender, trackUpdate } from "./update-managed-fields.js";

/** A server-side apply. */
export interface Application {
  readonly resource: ResourceDefinition;
  /** The stored object; null when there is none yet and the configuration makes it. */
  readonly live: object | null;
  /** The parsed configuration. */
  readonly applied: unknown;
  readonly manager: string;
  /** Take fields over from other managers instead of refusing. */
  readonly force: boolean;
  /** '' for the object itself. */
  readonly subresource: string;
  readonly nowMs: number;
}

export interface AppliedConfiguration {
  /** The merged object with its managedFields, before defaults: the live object itself when nothing changed at all. */
  readonly object: JsonObject;
  /** What `force`, or kubectl's move from client-side apply, took over from others. */
  readonly conflicts: readonly FieldConflict[];
}

/** Owns what was there before anybody applied. Source: managedfields/internal/skipnonapplied.go, 1.34. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/**
 * Server-side apply: merges the configuration into the live object, takes away what its manager no longer applies, and keeps the books.
 *
 * Throws StatusError: 409 with a cause for each field that others own, 400 for a configuration of another kind, 500 with the library's words
 * for one that does not fit the type.
 * Source: apimachinery pkg/util/managedfields/internal, 1.34; structured-merge-diff merge/update.go.
 */
export function applyConfiguration(application: Application): AppliedConfiguration {
  const { resource, live } = application;
  const type = structuralTypeOf(resource.schema);
  const applied = checkedConfiguration(application, type);
  const liveObject = (live ?? {}) as JsonObject;
  const manager: Manager = {
    name: application.manager === "" ? "unknown" : application.manager,
    operation: "Apply",
    apiVersion: apiVersionOf(resource),
    subresource: application.subresource,
  };
  try {
    const entries = entriesBefore(application, liveObject, manager);
    const work: Work = { application, type, live: liveObject, applied, entries, manager };
    const merged = mergeWithConsent(work);
    const annotated =
      manager.name === KUBECTL_MANAGER ? withLastApplied(merged.object, applied) : merged.object;
    return {
      object: withManagedFields(annotated, merged.entries),
      conflicts: merged.conflicts.map(({ manager: other, field }) => ({ manager: other, field })),
    };
  } catch (error) {
    if (error instanceof PathElementError) {
      const subject = printSubject(liveObject, printKind(manager.apiVersion, resource.kind));
      throw unclassifiedError(`failed to create typed live object (${subject}): ${error.message}`);
    }
    throw error;
  }
}

/** The live entries; what nobody tracked belongs to a manager of its own from the first apply on. */
function entriesBefore(application: Application, live: JsonObject, manager: Manager): Entries {
  const entries = liveEntries(live);
  if (entries.length > 0 || application.live === null) {
    return entries;
  }
  const { resource, nowMs } = application;
  const earlier: Manager = { ...manager, name: BEFORE_FIRST_APPLY, operation: "Update" };
  return trackUpdate([], { resource, previous: null, next: live, nowMs }, earlier);
}

interface Work {
  readonly application: Application;
  readonly type: MapStructure;
  readonly live: JsonObject;
  readonly applied: JsonObject;
  readonly entries: Entries;
  readonly manager: Manager;
}

interface Merged {
  readonly object: JsonObject;
  readonly entries: Entries;
  readonly conflicts: readonly PathConflict[];
}

function checkedConfiguration(application: Application, type: MapStructure): JsonObject {
  const { resource } = application;
  const applied = application.applied as JsonValue;
  if (!isJsonObject(applied)) {
    throw badRequest(
      `error decoding patch: ${cannotUnmarshal(applied, "map[string]interface {}")}`,
    );
  }
  const apiVersion = textOf(applied["apiVersion"]);
  const kind = printKind(apiVersion, textOf(applied["kind"]));
  if (kind !== printKind(apiVersionOf(resource), resource.kind)) {
    throw badRequest(`invalid object type: ${kind}`);
  }
  const metadata = isJsonObject(applied["metadata"]) ? applied["metadata"] : {};
  if (Array.isArray(metadata["managedFields"])) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const errors = shapeErrorsOf(applied, type);
  if (errors.length > 0) {
    throw unclassifiedError(
      `failed to create typed patch object (${printSubject(applied, kind)}): ${shapeErrorText(errors)}`,
    );
  }
  return applied;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function printSubject(object: JsonObject, kind: string): string {
  const metadata = isJsonObject(object["metadata"]) ? object["metadata"] : {};
  return `${textOf(metadata["namespace"])}/${textOf(metadata["name"])}; ${kind}`;
}

/** As Go prints a GroupVersionKind: `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`. */
function printKind(apiVersion: string, kind: string): string {
  return `${apiVersion.includes("/") ? "" : "/"}${apiVersion}, Kind=${kind}`;
}

function liveEntries(live: JsonObject): Entries {
  const metadata = live["metadata"];
  const stored = isJsonObject(metadata) ? metadata["managedFields"] : undefined;
  const entries = (stored ?? []) as Entries;
  const read = readEntries(entries, entries);
  if (read.kind === "refused") {
    throw unclassifiedError(`failed to decode managed fields: ${read.why}`);
  }
  return read.entries;
}

/** Merges; where others own a field, asks `force`, and for kubectl what client-side apply set last. */
function mergeWithConsent(work: Work): Merged {
  const merged = mergeInto(work);
  const { conflicts } = merged;
  if (conflicts.length === 0 || work.application.force) {
    return merged;
  }
  const allowed =
    work.manager.name === KUBECTL_MANAGER
      ? fieldsLastApplied(work.live, work.manager.apiVersion, work.type)
      : null;
  const refused = conflictsOutside(conflicts, allowed ?? EMPTY_SET);
  if (refused.length > 0) {
    throw conflictError(refused);
  }
  return merged;
}

/** The merge as if it were forced. */
function mergeInto(work: Work): Merged {
  const { application, type, live, applied, entries, manager } = work;
  const filter = resetFilterOf(application.resource, manager.subresource);
  const last = entries.find((entry) => isEntryOf(entry, manager));
  const others = entries.filter((entry) => entry !== last);
  const appliedFields = filter(fieldSetOf(applied, type));
  const owned = others.map(fieldsOf).reduce(union, appliedFields);
  const merged = mergeConfiguration(live, applied, type);
  const lastFields = last === undefined ? EMPTY_SET : fieldsOf(last);
  const object = prune(merged, lastFields, owned, type);
  const comparison = compareObjects(live, object, type);
  const changed = filter(comparison.changed);
  const removed = filter(comparison.removed);
  const sameVersion = others.filter((entry) => entry.apiVersion === manager.apiVersion);
  const isNoop = jsonEquals(live, object);
  const time = isNoop ? (last?.time ?? null) : formatTime(application.nowMs);
  return {
    object: isNoop ? live : withoutNullFieldsBut(live, object),
    conflicts: conflictsOver(changed, sameVersion),
    entries: entriesAfter(
      surrender(surrender(others, changed, manager), removed, manager),
      newEntry(manager, withoutUnownable(appliedFields), time),
      last,
    ),
  };
}

function entriesAfter(
  others: Entries,
  own: ManagedFieldsEntry,
  last: ManagedFieldsEntry | undefined,
): Entries {
  if (isEmptySet(fieldsOf(own))) {
    return sortEntries(others);
  }
  const kept = last !== undefined && jsonEquals(last as JsonValue, own as JsonValue) ? last : own;
  return sortEntries([...others, kept]);
}

/** Decoding leaves nulls out; here only what changed can have any. */
function withoutNullFieldsBut(live: JsonObject, object: JsonObject): JsonObject {
  const edit = new ObjectEdit(object);
  for (const [key, value] of Object.entries(object)) {
    if (value === null) {
      edit.remove(key);
    } else if (value !== live[key]) {
      edit.set(key, withoutNullFields(value));
    }
  }
  return edit.result();
}

function withManagedFields(object: JsonObject, entries: Entries): JsonObject {
  const metadata = new ObjectEdit(isJsonObject(object["metadata"]) ? object["metadata"] : {});
  const before = metadata.get("managedFields") as Entries | undefined;
  if (entries.length === 0) {
    metadata.remove("managedFields");
  } else if (!sameEntries(before, entries)) {
    metadata.set("managedFields", entries as unknown as JsonValue);
  }
  const edit = new ObjectEdit(object);
  edit.set("metadata", metadata.result());
  return edit.result();
}

function sameEntries(before: Entries | undefined, after: Entries): boolean {
  return before?.length === after.length && after.every((entry, i) => entry === before[i]);
}
