import { isJsonList, isJsonObject } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import type { MapStructure, StructuralType } from "../structural-type.js";

/** What the walks over a typed value share. A side that is `undefined` is not there; `null` is a value without a type of its own. */
export type Side = JsonValue | undefined;

/** Type of what is in a field; a field that the schema does not know is owned and replaced as a whole. */
export function fieldTypeOf(type: MapStructure, key: string): StructuralType {
  return type.fields.get(key)?.type ?? type.element ?? UNTYPED;
}

const UNTYPED: StructuralType = { kind: "untyped" };

/** The side as an object; null where there is none or another kind of value. */
export function asObject(side: Side): JsonObject | null {
  return isJsonObject(side) ? side : null;
}

export function asList(side: Side): JsonList | null {
  return isJsonList(side) ? side : null;
}

/** A list that is told apart by its elements, and an object that is told apart by its fields; else the value is one leaf. */
export function isLeafType(type: StructuralType): boolean {
  switch (type.kind) {
    case "scalar":
    case "untyped":
      return true;
    case "list":
      return type.relationship === "atomic";
    case "map":
      return type.atomic;
  }
}

/** No side has anything in it: `{}`, `[]` and null are then told apart as leaves. */
export function areEmpty(left: Side, right: Side): boolean {
  return isEmpty(left) && isEmpty(right);
}

function isEmpty(side: Side): boolean {
  if (isJsonList(side)) {
    return side.length === 0;
  }
  return !isJsonObject(side) || Object.keys(side).length === 0;
}
