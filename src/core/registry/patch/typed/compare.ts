import { EMPTY_SET, LEAF, MEMBER } from "../fields/field-set.js";
import type { FieldSet, FieldSetDraft } from "../fields/field-set.js";
import { fieldElement, listElement } from "../fields/path-element.js";
import type { PathElement } from "../fields/path-element.js";
import { jsonEquals } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import type { ListStructure, MapStructure, StructuralType } from "../structural-type.js";
import { areEmpty, asList, asObject, fieldTypeOf, isLeafType } from "./walk.js";
import type { Side } from "./walk.js";

/** Which fields differ between two objects of a type; no field is in both sets, and neither is in order. */
export interface Comparison {
  /** Added, or there before with another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/**
 * Compares two objects of a type, looking only at what the two do not share by reference. managedFields are left out.
 *
 * Throws PathElementError when an element of a list has no identity.
 * Source: structured-merge-diff typed/compare.go, v6.
 */
export function compareObjects(
  before: JsonObject,
  after: JsonObject,
  type: MapStructure,
): Comparison {
  const difference = before === after ? null : compareMaps(before, after, type);
  return {
    changed: difference?.changed ?? EMPTY_SET,
    removed: difference?.removed ?? EMPTY_SET,
  };
}

/** What differs below one path, or at it; null stands for nothing. This is the hot path of every status write: it makes little. */
interface Difference {
  readonly changed: FieldSet | null;
  readonly removed: FieldSet | null;
}

const CHANGED: Difference = { changed: LEAF, removed: null };
const REMOVED: Difference = { changed: null, removed: LEAF };

/** Collects the differences of the fields or elements of one value. */
class Collector implements Difference {
  changed: FieldSetDraft | null = null;
  removed: FieldSetDraft | null = null;

  add(element: PathElement, difference: Difference): void {
    if (difference.changed !== null) {
      (this.changed ??= {})[element] = difference.changed;
    }
    if (difference.removed !== null) {
      (this.removed ??= {})[element] = difference.removed;
    }
  }
}

function compareSides(before: Side, after: Side, type: StructuralType): Difference | null {
  if (before === after) {
    return null;
  }
  if (isLeafType(type) || areEmpty(before, after)) {
    return compareLeaves(before, after);
  }
  const below = compareBelow(before, after, type);
  if (before === undefined) {
    return { changed: asMember(below?.changed), removed: below?.removed ?? null };
  }
  if (after === undefined) {
    return { changed: below?.changed ?? null, removed: asMember(below?.removed) };
  }
  return below;
}

function compareBelow(before: Side, after: Side, type: StructuralType): Difference | null {
  if (type.kind === "map") {
    return compareMaps(asObject(before), asObject(after), type);
  }
  return type.kind === "list"
    ? compareLists(asList(before) ?? [], asList(after) ?? [], type)
    : null;
}

function asMember(below: FieldSet | null | undefined): FieldSet {
  return below === null || below === undefined ? LEAF : { [MEMBER]: LEAF, ...below };
}

function compareLeaves(before: Side, after: Side): Difference | null {
  if (after === undefined) {
    return REMOVED;
  }
  return before !== undefined && jsonEquals(before, after) ? null : CHANGED;
}

function compareMaps(
  before: JsonObject | null,
  after: JsonObject | null,
  type: MapStructure,
): Difference | null {
  const collector = new Collector();
  if (before !== null) {
    for (const key of Object.keys(before)) {
      compareField(collector, key, before[key], fieldIn(after, key, type), type);
    }
  }
  if (after !== null) {
    for (const key of Object.keys(after)) {
      if (before === null || !Object.hasOwn(before, key)) {
        compareField(collector, key, fieldIn(before, key, type), after[key], type);
      }
    }
  }
  return collector;
}

function compareField(
  collector: Collector,
  key: string,
  before: Side,
  after: Side,
  type: MapStructure,
): void {
  if (before === after || (key === "managedFields" && type.typeName === "ObjectMeta")) {
    return;
  }
  const difference = compareSides(before, after, fieldTypeOf(type, key));
  if (difference !== null) {
    collector.add(fieldElement(key), difference);
  }
}

/** A Go struct has some of its fields even when nobody set them. */
function fieldIn(object: JsonObject | null, key: string, type: MapStructure): Side {
  if (object === null) {
    return undefined;
  }
  return Object.hasOwn(object, key) ? object[key] : type.fields.get(key)?.zero;
}

function compareLists(before: JsonList, after: JsonList, type: ListStructure): Difference | null {
  const collector = new Collector();
  const beforeItems = itemsByElement(before, type);
  const afterItems = itemsByElement(after, type);
  for (const [element, items] of beforeItems) {
    compareItems(collector, element, items, afterItems.get(element), type.element);
  }
  for (const [element, items] of afterItems) {
    if (!beforeItems.has(element)) {
      compareItems(collector, element, undefined, items, type.element);
    }
  }
  return collector;
}

/** Elements that occur more than once: they have no fields of their own but are one leaf. */
class Duplicates {
  constructor(readonly items: JsonValue[]) {}
}

type Item = JsonValue | Duplicates;

function itemsByElement(list: JsonList, type: ListStructure): ReadonlyMap<PathElement, Item> {
  const items = new Map<PathElement, Item>();
  for (const item of list) {
    const element = listElement(type, item);
    const same = items.get(element);
    if (same === undefined) {
      items.set(element, item);
    } else if (same instanceof Duplicates) {
      same.items.push(item);
    } else {
      items.set(element, new Duplicates([same, item]));
    }
  }
  return items;
}

function compareItems(
  collector: Collector,
  element: PathElement,
  before: Item | undefined,
  after: Item | undefined,
  type: StructuralType,
): void {
  const wereMany = before instanceof Duplicates;
  const areMany = after instanceof Duplicates;
  if (wereMany && areMany) {
    if (!jsonEquals(before.items, after.items)) {
      collector.add(element, CHANGED);
    }
    return;
  }
  const [one, other] = [wereMany ? undefined : before, areMany ? undefined : after];
  const difference =
    one === undefined && other === undefined ? null : compareSides(one, other, type);
  if (wereMany) {
    collector.add(element, { changed: difference?.changed ?? null, removed: LEAF });
  } else if (areMany) {
    collector.add(element, { changed: LEAF, removed: difference?.removed ?? null });
  } else if (difference !== null) {
    collector.add(element, difference);
  }
}
