import type { ResourceDefinition } from "../../../api/index.js";
import { inOrder } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";
import { listElement } from "../fields/path-element.js";
import { isJsonList, isJsonObject } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import { MAX_REMEMBERED_SHAPES, MAX_SHAPE_LENGTH } from "../limits.js";
import { structuralTypeOf } from "../structural-type.js";
import type { ListStructure, MapStructure, StructuralType } from "../structural-type.js";
import { compareObjects } from "../typed/compare.js";
import { fieldTypeOf, isLeafType } from "../typed/walk.js";
import { resetFilterOf } from "./reset-fields.js";
import { withoutUnownable } from "./strip-fields.js";

/** By what was written and its shape. Emptied when full: what is still in use comes back at once. */
const remembered = new Map<string, FieldSet>();

/**
 * What the maker of an object owns of it. The set follows from the object's shape alone, and what controllers and clients make has few
 * shapes: objects of one share one set, which is worked out once.
 *
 * Throws PathElementError when an element of a list has no identity.
 */
export function fieldsOfNewObject(
  object: JsonObject,
  resource: ResourceDefinition,
  subresource: string,
): FieldSet {
  const type = structuralTypeOf(resource.schema);
  const shape = `${resource.schema}/${subresource}${shapeOfMap(object, type)}`;
  const known = remembered.get(shape);
  if (known !== undefined) return known;
  const { changed } = compareObjects({}, object, type);
  const filter = resetFilterOf(resource, subresource);
  const fields = inOrder(withoutUnownable(filter(changed)));
  if (shape.length <= MAX_SHAPE_LENGTH) {
    if (remembered.size >= MAX_REMEMBERED_SHAPES) remembered.clear();
    remembered.set(shape, fields);
  }
  return fields;
}

/** Everything of a value that its field set depends on: which fields and elements it has, and which of them are as good as not set. */
function shapeOf(value: JsonValue | undefined, type: StructuralType): string {
  if (value === undefined) return "?";
  if (isUnset(value)) return "0";
  if (isLeafType(type)) return "";
  if (type.kind === "map" && isJsonObject(value)) return shapeOfMap(value, type);
  return type.kind === "list" && isJsonList(value) ? shapeOfList(value, type) : "!";
}

function shapeOfMap(object: JsonObject, type: MapStructure): string {
  let shape = "{";
  for (const key of Object.keys(object)) {
    const below = key === "managedFields" ? "" : shapeOf(object[key], fieldTypeOf(type, key));
    shape += `${type.element === null ? key : JSON.stringify(key)}${below},`;
  }
  return `${shape}}`;
}

function shapeOfList(list: JsonList, type: ListStructure): string {
  let shape = "[";
  for (const item of list) shape += `${listElement(type, item)}${shapeOf(item, type.element)},`;
  return `${shape}]`;
}

/** What may equal the zero value of its Go type. */
function isUnset(value: JsonValue): boolean {
  if (typeof value !== "object") return value === "" || value === 0 || value === false;
  return value === null || (isJsonList(value) ? value.length : Object.keys(value).length) === 0;
}
