import { childrenOf, hasElement, isEmptySet } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import { fieldElement, listElement } from "../fields/path-element.js";
import { ObjectEdit } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import type { ListStructure, MapStructure, StructuralType } from "../structural-type.js";
import { asList, asObject, fieldTypeOf, isLeafType } from "./walk.js";

/**
 * The object without the fields and elements of a set. What is emptied becomes null: decoding leaves it out.
 * Source: structured-merge-diff typed/remove.go, v6.
 */
export function removeItems(object: JsonObject, items: FieldSet, type: MapStructure): JsonObject {
  return isEmptySet(items) ? object : removeFields(object, items, type);
}

function removeBelow(value: JsonValue, items: FieldSet, type: StructuralType): JsonValue {
  if (type.kind === "scalar") {
    return value;
  }
  if (isLeafType(type)) {
    return null;
  }
  const object = asObject(value);
  const list = asList(value);
  if (type.kind === "map" && object !== null) {
    const left = removeFields(object, items, type);
    return Object.keys(left).length === 0 ? null : left;
  }
  return type.kind === "list" && list !== null ? removeElements(list, items, type) : null;
}

function removeFields(object: JsonObject, items: FieldSet, type: MapStructure): JsonObject {
  const edit = new ObjectEdit(object);
  for (const [key, value] of Object.entries(object)) {
    const element = fieldElement(key);
    if (hasElement(items, element)) {
      edit.remove(key);
      continue;
    }
    const below = childrenOf(items, element);
    if (!isEmptySet(below)) {
      edit.set(key, removeBelow(value, below, fieldTypeOf(type, key)));
    }
  }
  return edit.result();
}

function removeElements(list: JsonList, items: FieldSet, type: ListStructure): JsonValue {
  const left: JsonValue[] = [];
  for (const item of list) {
    const element = listElement(type, item);
    if (hasElement(items, element)) {
      continue;
    }
    const below = childrenOf(items, element);
    left.push(isEmptySet(below) ? item : removeBelow(item, below, type.element));
  }
  return left.length === 0 ? null : left;
}
