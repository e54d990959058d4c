import { fieldOf, isJsonObject } from "../json-value.js";
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
  const deleted = new Set<JsonValue>();
  let replace = false;
  for (const element of patch) {
    const object = expectObject(element);
    if (!Object.hasOwn(object, PATCH_DIRECTIVE)) {
      plain.push(element);
      continue;
    }
    const directive = object[PATCH_DIRECTIVE] ?? null;
    switch (directive) {
      case "delete":
        deleted.add(mergeKeyOf(object, mergeKey));
        break;
      case "replace":
        replace = true;
        break;
      case "merge":
        throw unclassifiedError("merging lists cannot yet be specified in the patch");
      default:
        throw unknownPatchType(directive, object);
    }
  }
  if (replace) {
    return { original: plain, patch: [] };
  }
  const isKept = (element: JsonValue): boolean => {
    const key = keyIn(element, mergeKey);
    return key === undefined || !deleted.has(key);
  };
  return { original: deleted.size === 0 ? original : original.filter(isKept), patch: plain };
}

function mergeByKey(original: JsonList, patch: JsonList, merge: ListMerge): JsonList {
  const merged = [...original];
  const places = new Map<JsonValue, number>();
  merged.forEach((element, place) => rememberPlace(places, keyIn(element, merge.mergeKey), place));
  for (const element of patch) {
    const object = expectObject(element);
    const key = mergeKeyOf(object, merge.mergeKey);
    const place = places.get(key);
    const found = place === undefined ? undefined : merged[place];
    if (place !== undefined && isJsonObject(found)) {
      merged[place] = merge.mergeElement(found, object);
    } else {
      rememberPlace(places, key, merged.length);
      merged.push(withoutNullFields(element));
    }
  }
  return merged;
}

/** Of several elements with one key it is the first that counts. */
function rememberPlace(
  places: Map<JsonValue, number>,
  key: JsonValue | undefined,
  place: number,
): void {
  if (key !== undefined && !places.has(key)) {
    places.set(key, place);
  }
}

function keyIn(element: JsonValue, mergeKey: string): JsonValue | undefined {
  return isJsonObject(element) ? fieldOf(element, mergeKey) : undefined;
}
