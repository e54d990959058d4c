import { difference, intersection, isEmptySet, union } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import type { JsonObject } from "../json-value.js";
import type { MapStructure } from "../structural-type.js";
import { fieldSetOf, withNamedFields } from "../typed/field-set-of.js";
import { removeItems } from "../typed/remove-items.js";

/**
 * Takes from the merged object what its applier applied last time, no longer applies, and nobody else owns.
 *
 * @param last what the applier owned before
 * @param owned what all managers own now, the applier's new configuration included
 * Source: structured-merge-diff merge/update.go prune, v6.
 */
export function prune(
  merged: JsonObject,
  last: FieldSet,
  owned: FieldSet,
  type: MapStructure,
): JsonObject {
  if (isEmptySet(difference(last, owned))) {
    return merged;
  }
  const named = (set: FieldSet): FieldSet => withNamedFields(set, type);
  const lastNamed = named(last);
  const all = named(fieldSetOf(merged, type));
  const withoutLast = removeItems(merged, lastNamed, type);
  const kept = union(named(fieldSetOf(withoutLast, type)), named(owned));
  const withOwned = removeItems(merged, difference(all, kept), type);
  // What nobody owns, such as a default, was never the applier's to remove.
  const gone = difference(all, named(fieldSetOf(withOwned, type)));
  return removeItems(merged, intersection(gone, lastNamed), type);
}
