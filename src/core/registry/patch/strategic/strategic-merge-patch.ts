import { badRequest } from "../../../api/index.js";
import { goTypeName } from "../go-format.js";
import { isJsonList, isJsonObject, ObjectEdit, withoutField } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import { withoutNullFields } from "../merge-patch.js";
import { cannotUnmarshal, unclassifiedError } from "../refusals.js";
import type { StructuralField, StructuralType } from "../structural-type.js";
import {
  DELETE_FROM_LIST_PREFIX,
  directiveTarget,
  ELEMENT_ORDER_PREFIX,
  expectList,
  PATCH_DIRECTIVE,
  RETAIN_KEYS_DIRECTIVE,
  retainedKeys,
  unknownPatchType,
  withoutDirectives,
} from "./directives.js";
import { checkAgainstOrder, holdsObjects, orderElements } from "./element-order.js";
import { deleteFromList, mergeLists } from "./list-merge.js";

/**
 * Strategic merge patch: a merge patch that merges lists by the merge keys of the type, and obeys directives (`$patch`, `$retainKeys`,
 * `$setElementOrder/…`, `$deleteFromPrimitiveList/…`). What does not change keeps its identity.
 *
 * Throws StatusError: 400 for a malformed patch, 500 with the library's own words for one that does not fit the object.
 * Source: apimachinery pkg/util/strategicpatch/patch.go; apiserver pkg/endpoints/handlers/patch.go, 1.34.
 */
export function applyStrategicMergePatch(
  document: JsonObject,
  patch: JsonValue,
  type: StructuralType,
): JsonObject {
  if (patch === null) {
    return document;
  }
  if (!isJsonObject(patch)) {
    throw badRequest(cannotUnmarshal(patch, "map[string]interface {}"));
  }
  return mergeMap(document, patch, type);
}

function mergeMap(original: JsonObject, patch: JsonObject, type: StructuralType): JsonObject {
  if (Object.hasOwn(patch, PATCH_DIRECTIVE)) {
    return carryOutDirective(patch);
  }
  const edit = new ObjectEdit(original);
  const retained = retainedKeys(patch);
  if (retained !== null) {
    edit
      .keys()
      .filter((key) => !retained.has(key))
      .forEach((key) => edit.remove(key));
  }
  const ordered = mergeOrderedLists(edit, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    if (key === RETAIN_KEYS_DIRECTIVE || key.startsWith(ELEMENT_ORDER_PREFIX) || ordered.has(key)) {
      continue;
    }
    if (key.startsWith(DELETE_FROM_LIST_PREFIX)) {
      deleteListElements(edit, key, value);
    } else {
      mergeField(edit, key, value, type);
    }
  }
  return edit.result();
}

function carryOutDirective(patch: JsonObject): JsonObject {
  const directive = patch[PATCH_DIRECTIVE] ?? null;
  switch (directive) {
    case "replace":
      return withoutField(patch, PATCH_DIRECTIVE);
    case "delete":
      return {};
    default:
      throw unknownPatchType(directive, patch);
  }
}

/** Carries out `$setElementOrder/<list>` together with the patch of that list; returns the lists that are done. */
function mergeOrderedLists(
  edit: ObjectEdit,
  patch: JsonObject,
  type: StructuralType,
): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [directive, value] of Object.entries(patch)) {
    if (!directive.startsWith(ELEMENT_ORDER_PREFIX)) {
      continue;
    }
    const order = expectList(value);
    const key = directiveTarget(
      directive,
      ELEMENT_ORDER_PREFIX,
      "invalid patch format of setElementOrder list",
    );
    const original = listOrNothing(edit.get(key));
    const elements = listOrNothing(patch[key]);
    const field = fieldOfStruct(type, key);
    checkAgainstOrder(elements ?? [], order, field.mergeKey);
    if (original === undefined && elements === undefined) {
      continue;
    }
    holdsObjects(original ?? [], elements ?? []);
    const merged = mergeOrAdd(original, elements, field);
    const inOrder = orderElements(merged, order, original ?? [], field.mergeKey);
    edit.set(key, keepingIdentity(original, inOrder));
    done.add(key);
  }
  return done;
}

function listOrNothing(value: JsonValue | undefined): JsonList | undefined {
  return value === undefined ? undefined : expectList(value);
}

function mergeOrAdd(
  original: JsonList | undefined,
  elements: JsonList | undefined,
  field: StructuralField,
): JsonList {
  if (elements === undefined) {
    return original ?? [];
  }
  if (original === undefined) {
    return expectList(withoutDirectives(elements) ?? []);
  }
  return mergeListField(original, elements, field);
}

function deleteListElements(edit: ObjectEdit, directive: string, value: JsonValue): void {
  const key = directiveTarget(
    directive,
    DELETE_FROM_LIST_PREFIX,
    "invalid patch format of primitive list",
  );
  if (value === null) {
    edit.remove(key);
    return;
  }
  const original = edit.get(key);
  if (isJsonList(original) && isJsonList(value)) {
    edit.set(key, deleteFromList(original, value));
  }
}

function mergeField(edit: ObjectEdit, key: string, value: JsonValue, type: StructuralType): void {
  if (value === null) {
    edit.remove(key);
    return;
  }
  const original = edit.get(key);
  const merged = mergeValue(original, value, () => fieldOfStruct(type, key));
  if (merged === undefined) {
    edit.remove(key);
  } else {
    edit.set(key, merged);
  }
}

/** Undefined when nothing but a directive stood there. */
function mergeValue(
  original: JsonValue | undefined,
  value: JsonValue,
  lookup: () => StructuralField,
): JsonValue | undefined {
  if (original === undefined || goTypeName(original) !== goTypeName(value)) {
    return withoutDirectives(withoutNullFields(value));
  }
  if (isJsonObject(original) && isJsonObject(value)) {
    const field = lookup();
    return field.patchStrategy === "replace" ? value : mergeMap(original, value, field.type);
  }
  if (isJsonList(original) && isJsonList(value)) {
    return keepingIdentity(original, mergeListField(original, value, lookup()));
  }
  return value;
}

function mergeListField(original: JsonList, patch: JsonList, field: StructuralField): JsonList {
  if (field.patchStrategy !== "merge") {
    return patch;
  }
  const element = field.type.kind === "list" ? field.type.element : field.type;
  return mergeLists({
    original,
    patch,
    mergeKey: field.mergeKey,
    elementKind: element.kind === "map" ? "struct" : "string",
    mergeElement: (before, elementPatch) => mergeMap(before, elementPatch, element),
  });
}

function keepingIdentity(original: JsonList | undefined, list: JsonList): JsonList {
  return original?.length === list.length && list.every((item, i) => item === original[i])
    ? original
    : list;
}

/** Source of the messages: apimachinery third_party/forked/golang/json/fields.go, 1.34. */
function fieldOfStruct(type: StructuralType, key: string): StructuralField {
  if (type.kind !== "map" || type.typeName === "") {
    throw unclassifiedError(
      `merging an object in json but data type is not struct, instead is: ${type.kind === "scalar" ? "string" : type.kind}`,
    );
  }
  const field = type.fields.get(key);
  if (field === undefined) {
    throw unclassifiedError(
      `unable to find api field in struct ${type.typeName} for the json field ${JSON.stringify(key)}`,
    );
  }
  return field;
}
