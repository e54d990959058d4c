import { isJsonObject } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import { withoutNullFields } from "../merge-patch.js";
import { unclassifiedError } from "../refusals.js";
import { expectObject, mergeKeyOf, PATCH_DIRECTIVE, unknownPatchType } from "./directives.js";
import { holdsObjects, orderElements } from "./element-order.js";

export interface ListMerge {
  readonly original: JsonList;
  readonly patch: JsonList;
  /** '' for lists of scalars. */
  readonly mergeKey: string;
  /** Go's name of the element's kind, for the message when there is no merge key. */
  readonly elementKind: string;
  readonly mergeElement: (original: JsonObject, patch: JsonObject) => JsonObject;
}

/** Merges two lists whose patch strategy is `merge`. Source: apimachinery pkg/util/strategicpatch/patch.go mergeSlice, 1.34. */
export function mergeLists(merge: ListMerge): JsonList {
  const { original, patch, mergeKey } = merge;
  if (original.length === 0 && patch.length === 0) {
    return original;
  }
  if (!holdsObjects(original, patch)) {
    return orderElements([...new Set([...original, ...patch])], patch, original, "");
  }
  if (mergeKey === "") {
    throw unclassifiedError(`cannot merge lists without merge key for ${merge.elementKind}`);
  }
  const special = carryOutDirectives(original, patch, mergeKey);
  const merged = mergeByKey(special.original, special.patch, merge);
  return orderElements(merged, special.patch, special.original, mergeKey);
}

/** `$deleteFromPrimitiveList`: what is left of the list. */
export function deleteFromList(original: JsonList, toDelete: JsonList): JsonList {
  if (original.length + toDelete.length > 0 && holdsObjects(original, toDelete)) {
    throw unclassifiedError("cannot merge lists without merge key for map");
  }
  const deleted = new Set(toDelete);
  const kept = original.filter((element) => !deleted.has(element));
  return kept.length === original.length ? original : kept;
}

/** Elements with `$patch`: `delete` takes the one with that key away, `replace` makes the rest of the patch the whole list. */
function carryOutDirectives(
  original: JsonList,
  patch: JsonList,
  mergeKey: string,
): { original: JsonList; patch: JsonList } {
  const plain: JsonValue[] = [];
  let remaining = original;
  let replace = false;
  for (const element of patch) {
    const object = expectObject(element);
    if (!Object.hasOwn(object, PATCH_DIRECTIVE)) {
      plain.push(element);
      continue;
    }
    const directive = object[PATCH_DIRECTIVE] ?? null;
    switch (directive) {
      case "delete": {
        const key = mergeKeyOf(object, mergeKey);
        remaining = remaining.filter((other) => !hasKey(other, mergeKey, key));
        break;
      }
      case "replace":
        replace = true;
        break;
      case "merge":
        throw unclassifiedError("merging lists cannot yet be specified in the patch");
      default:
        throw unknownPatchType(directive, object);
    }
  }
  return replace ? { original: plain, patch: [] } : { original: remaining, patch: plain };
}

function mergeByKey(original: JsonList, patch: JsonList, merge: ListMerge): JsonList {
  const merged = [...original];
  for (const element of patch) {
    const object = expectObject(element);
    const key = mergeKeyOf(object, merge.mergeKey);
    const place = merged.findIndex((other) => hasKey(other, merge.mergeKey, key));
    const found = merged[place];
    if (isJsonObject(found)) {
      merged[place] = merge.mergeElement(found, object);
    } else {
      merged.push(withoutNullFields(element));
    }
  }
  const changed =
    merged.length !== original.length || merged.some((element, i) => element !== original[i]);
  return changed ? merged : original;
}

function hasKey(element: JsonValue, mergeKey: string, key: JsonValue): boolean {
  return isJsonObject(element) && Object.hasOwn(element, mergeKey) && element[mergeKey] === key;
}
