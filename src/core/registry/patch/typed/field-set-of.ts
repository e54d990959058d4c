import { EMPTY_SET, FieldSetBuilder, MEMBER, nodeOf } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import { fieldElement, listElement } from "../fields/path-element.js";
import type { PathElement } from "../fields/path-element.js";
import { isJsonObject } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import type { ListStructure, MapStructure, StructuralType } from "../structural-type.js";
import { asList, asObject, fieldTypeOf, isLeafType } from "./walk.js";

/**
 * Every field that an object mentions: what its applier owns.
 *
 * Throws PathElementError when an element of a list has no identity.
 * Source: structured-merge-diff typed/tofieldset.go, v6.
 */
export function fieldSetOf(object: JsonObject, type: MapStructure): FieldSet {
  return fieldsOfMap(object, type);
}

/** The set below a value that is no leaf. */
function fieldsBelow(value: JsonValue, type: StructuralType): FieldSet {
  const object = asObject(value);
  const list = asList(value);
  if (type.kind === "map" && object !== null) {
    return fieldsOfMap(object, type);
  }
  return type.kind === "list" && list !== null ? fieldsOfList(list, type) : EMPTY_SET;
}

function fieldsOfMap(object: JsonObject, type: MapStructure): FieldSet {
  const builder = new FieldSetBuilder();
  for (const [key, value] of Object.entries(object)) {
    const fieldType = fieldTypeOf(type, key);
    const isLeaf = isLeafType(fieldType);
    const isMember = isLeaf || isNothing(value) || !type.fields.has(key);
    const below = isLeaf ? EMPTY_SET : fieldsBelow(value, fieldType);
    builder.add(fieldElement(key), nodeOf(isMember, below));
  }
  return builder.build();
}

function isNothing(value: JsonValue): boolean {
  return value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

function fieldsOfList(list: JsonList, type: ListStructure): FieldSet {
  const items = new Map<PathElement, JsonValue>();
  const duplicates = new Set<PathElement>();
  for (const item of list) {
    const element = listElement(type, item);
    if (items.has(element)) {
      duplicates.add(element);
    }
    items.set(element, item);
  }
  const builder = new FieldSetBuilder();
  for (const [element, item] of items) {
    const isLeaf = duplicates.has(element) || isLeafType(type.element);
    builder.add(element, nodeOf(true, isLeaf ? EMPTY_SET : fieldsBelow(item, type.element)));
  }
  return builder.build();
}

/** The set with every named field of a struct that has something below it. Source: fieldpath/set.go EnsureNamedFieldsAreMembers, v6. */
export function withNamedFields(set: FieldSet, type: StructuralType): FieldSet {
  const builder = new FieldSetBuilder();
  for (const [element, node] of Object.entries(set)) {
    if (element === MEMBER) {
      continue;
    }
    builder.add(element, node);
    const isNamed =
      element.startsWith("f:") && type.kind === "map" && type.fields.has(element.slice(2));
    const below = withNamedFields(node, typeBelow(type, element));
    builder.add(element, nodeOf(isNamed, below));
  }
  return builder.build();
}

function typeBelow(type: StructuralType, element: PathElement): StructuralType {
  if (type.kind === "map" && element.startsWith("f:")) {
    return fieldTypeOf(type, element.slice(2));
  }
  return type.kind === "list" ? type.element : { kind: "untyped" };
}
