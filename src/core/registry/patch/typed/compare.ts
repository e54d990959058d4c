import { EMPTY_SET, FieldSetBuilder, nodeOf } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import { fieldElement, listElement } from "../fields/path-element.js";
import type { PathElement } from "../fields/path-element.js";
import { jsonEquals } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import type { ListStructure, MapStructure, StructuralType } from "../structural-type.js";
import { areEmpty, asList, asObject, fieldTypeOf, isLeafType } from "./walk.js";
import type { Side } from "./walk.js";

/** Which fields differ between two objects of a type; no field is in two of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/**
 * Compares two objects of a type, looking only at what the two do not share by reference.
 *
 * Throws PathElementError when an element of a list has no identity.
 * Source: structured-merge-diff typed/compare.go, v6.
 */
export function compareObjects(
  before: JsonObject,
  after: JsonObject,
  type: MapStructure,
): Comparison {
  const difference = new Difference();
  if (before !== after) {
    compareMaps(before, after, type, difference);
  }
  return {
    added: difference.added?.build() ?? EMPTY_SET,
    modified: difference.modified?.build() ?? EMPTY_SET,
    removed: difference.removed?.build() ?? EMPTY_SET,
  };
}

type Kind = "added" | "modified" | "removed";
const KINDS: readonly Kind[] = ["added", "modified", "removed"];

/** The differences below one path; builders are made when there is something to put in. */
class Difference {
  added: FieldSetBuilder | null = null;
  modified: FieldSetBuilder | null = null;
  removed: FieldSetBuilder | null = null;

  addMember(kind: Kind, element: PathElement): void {
    this.builder(kind).addMember(element);
  }

  addBelow(element: () => PathElement, below: Difference): void {
    for (const kind of KINDS) {
      const children = below[kind]?.build();
      if (children !== undefined) {
        this.builder(kind).add(element(), nodeOf(false, children));
      }
    }
  }

  private builder(kind: Kind): FieldSetBuilder {
    return (this[kind] ??= new FieldSetBuilder());
  }
}

function compareSides(
  element: () => PathElement,
  before: Side,
  after: Side,
  type: StructuralType,
  into: Difference,
): void {
  if (before === after) {
    return;
  }
  const isLeaf = isLeafType(type) || areEmpty(before, after);
  if (!isLeaf) {
    const below = new Difference();
    if (type.kind === "map") {
      compareMaps(before, after, type, below);
    } else if (type.kind === "list") {
      compareLists(asList(before) ?? [], asList(after) ?? [], type, below);
    }
    into.addBelow(element, below);
  }
  if (before === undefined) {
    into.addMember("added", element());
  } else if (after === undefined) {
    into.addMember("removed", element());
  } else if (isLeaf && !jsonEquals(before, after)) {
    into.addMember("modified", element());
  }
}

function compareMaps(
  beforeSide: Side,
  afterSide: Side,
  type: MapStructure,
  into: Difference,
): void {
  const before = asObject(beforeSide);
  const after = asObject(afterSide);
  const compareField = (key: string): void => {
    const element = (): PathElement => fieldElement(key);
    const fieldType = fieldTypeOf(type, key);
    compareSides(element, fieldIn(before, key, type), fieldIn(after, key, type), fieldType, into);
  };
  if (before !== null) {
    Object.keys(before).forEach(compareField);
  }
  if (after !== null) {
    Object.keys(after)
      .filter((key) => before === null || !Object.hasOwn(before, key))
      .forEach(compareField);
  }
}

/** A Go struct has some of its fields even when nobody set them. */
function fieldIn(object: JsonObject | null, key: string, type: MapStructure): Side {
  if (object === null) {
    return undefined;
  }
  return Object.hasOwn(object, key) ? object[key] : type.fields.get(key)?.zero;
}

function compareLists(
  before: JsonList,
  after: JsonList,
  type: ListStructure,
  into: Difference,
): void {
  const beforeItems = itemsByElement(before, type);
  const afterItems = itemsByElement(after, type);
  for (const element of new Set([...beforeItems.keys(), ...afterItems.keys()])) {
    compareItems(
      element,
      beforeItems.get(element) ?? [],
      afterItems.get(element) ?? [],
      type.element,
      into,
    );
  }
}

function itemsByElement(
  list: JsonList,
  type: ListStructure,
): ReadonlyMap<PathElement, readonly JsonValue[]> {
  const items = new Map<PathElement, JsonValue[]>();
  for (const item of list) {
    const element = listElement(type, item);
    const same = items.get(element);
    if (same === undefined) {
      items.set(element, [item]);
    } else {
      same.push(item);
    }
  }
  return items;
}

/** Elements that occur more than once have no fields of their own: they are one leaf. */
function compareItems(
  element: PathElement,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  type: StructuralType,
  into: Difference,
): void {
  const [wereMany, areMany] = [before.length >= 2, after.length >= 2];
  if (wereMany && areMany) {
    if (!jsonEquals(before, after)) {
      into.addMember("modified", element);
    }
    return;
  }
  if (!wereMany && !areMany) {
    compareSides(() => element, before[0], after[0], type, into);
    return;
  }
  compareSides(
    () => element,
    wereMany ? undefined : before[0],
    areMany ? undefined : after[0],
    type,
    into,
  );
  into.addMember(wereMany ? "removed" : "added", element);
}
