import { formatGoValue, goTypeName } from "../go-format.js";
import { isJsonList, isJsonObject } from "../json-value.js";
import type { JsonList, JsonValue } from "../json-value.js";
import { unclassifiedError, unprocessablePatch } from "../refusals.js";
import { expectObject, mergeKeyOf, PATCH_DIRECTIVE } from "./directives.js";

/**
 * What is in the list of the server and in the wished order, in an order that keeps both: the wished one among the elements it names, the
 * server's among the rest, and the server's again where the two meet. `mergeKey` is '' for lists of scalars.
 * Source: apimachinery pkg/util/strategicpatch/patch.go normalizeElementOrder, 1.34.
 */
export function orderElements(
  merged: JsonList,
  wishedOrder: JsonList,
  serverOrder: JsonList,
  mergeKey: string,
): JsonList {
  const keyOf = (element: JsonValue): JsonValue =>
    mergeKey === "" ? element : mergeKeyOf(element, mergeKey);
  const wishedPlaces = placesOf(wishedOrder, keyOf);
  const serverPlaces = placesOf(serverOrder, keyOf);
  const wished: JsonValue[] = [];
  const serverOnly: JsonValue[] = [];
  for (const element of merged) {
    (wishedPlaces.has(keyOf(element)) ? wished : serverOnly).push(element);
  }
  return interleave(
    sortByPlace(serverOnly, serverPlaces, keyOf),
    sortByPlace(wished, wishedPlaces, keyOf),
    (element) => serverPlaces.get(keyOf(element)),
  );
}

type Places = ReadonlyMap<JsonValue, number>;

function placesOf(order: JsonList, keyOf: (element: JsonValue) => JsonValue): Places {
  const places = new Map<JsonValue, number>();
  order.forEach((element, place) => {
    const key = keyOf(element);
    if (!places.has(key)) {
      places.set(key, place);
    }
  });
  return places;
}

function sortByPlace(
  elements: JsonValue[],
  places: Places,
  keyOf: (element: JsonValue) => JsonValue,
): JsonList {
  const placeOf = (element: JsonValue): number => places.get(keyOf(element)) ?? 0;
  return elements.sort((left, right) => placeOf(left) - placeOf(right));
}

/** Keeps the order within both lists; the left one goes first only where the server had it before the right one. */
function interleave(
  left: JsonList,
  right: JsonList,
  placeOf: (element: JsonValue) => number | undefined,
): JsonList {
  const all: JsonValue[] = [];
  let nextLeft = 0;
  for (const element of right) {
    const rightPlace = placeOf(element);
    while (nextLeft < left.length && isBefore(placeOf(left[nextLeft] ?? null), rightPlace)) {
      all.push(left[nextLeft] ?? null);
      nextLeft += 1;
    }
    all.push(element);
  }
  return [...all, ...left.slice(nextLeft)];
}

function isBefore(left: number | undefined, right: number | undefined): boolean {
  return left !== undefined && right !== undefined && left < right;
}

/** Refuses a patch whose elements are not, in this order, among those of `$setElementOrder`. Deletions do not count. */
export function checkAgainstOrder(patch: JsonList, order: JsonList, mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) {
    return;
  }
  const elements = mergeKey === "" ? patch : patch.filter((element) => !isDirective(element));
  const keyOf = (element: JsonValue | undefined): JsonValue | undefined =>
    mergeKey === "" ? element : mergeKeyOf(element, mergeKey);
  let matched = 0;
  for (const wished of order) {
    if (matched < elements.length && keyOf(elements[matched]) === keyOf(wished)) {
      matched += 1;
    }
  }
  if (matched < elements.length) {
    throw unclassifiedError(
      `The order in patch list:\n${formatGoValue(patch)}\n doesn't match $setElementOrder list:\n${formatGoValue(order)}\n`,
    );
  }
}

function isDirective(element: JsonValue): boolean {
  return Object.hasOwn(expectObject(element), PATCH_DIRECTIVE);
}

/** Whether the elements of the lists are objects; refuses lists of lists and mixed ones. */
export function holdsObjects(...lists: readonly JsonList[]): boolean {
  const elements = lists.flat();
  const [first] = elements;
  if (elements.length === 0 || first === undefined) {
    throw unclassifiedError("no elements in any of the given slices");
  }
  if (isJsonList(first)) {
    throw unprocessablePatch();
  }
  const goType = goTypeName(first);
  if (elements.some((element) => goTypeName(element) !== goType)) {
    throw unclassifiedError(`list element types are not identical: ${formatGoValue(lists)}`);
  }
  return isJsonObject(first);
}
