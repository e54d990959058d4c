import { badRequest } from "../../api/index.js";
import { isJsonList, isJsonObject, jsonEquals, ObjectEdit, setField } from "./json-value.js";
import type { JsonObject, JsonObjectDraft, JsonValue } from "./json-value.js";
import { cannotUnmarshal } from "./refusals.js";

/**
 * JSON merge patch (RFC 7386). A field whose value does not change keeps its identity; so does the whole document.
 *
 * Throws StatusError 400 when the patch is not an object.
 * Source: apiserver pkg/endpoints/handlers/patch.go, 1.34; evanphx/json-patch v4 merge.go.
 */
export function applyMergePatch(document: JsonObject, patch: JsonValue): JsonObject {
  if (patch === null) {
    throw badRequest("Invalid JSON Patch");
  }
  if (!isJsonObject(patch)) {
    throw badRequest(`error decoding patch: ${cannotUnmarshal(patch, "map[string]interface {}")}`);
  }
  return mergeObjects(document, patch);
}

function mergeObjects(document: JsonObject, patch: JsonObject): JsonObject {
  const edit = new ObjectEdit(document);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      edit.remove(key);
    } else {
      edit.set(key, mergeValue(edit.get(key), value));
    }
  }
  return edit.result();
}

function mergeValue(before: JsonValue | undefined, value: JsonValue): JsonValue {
  if (isJsonObject(before) && isJsonObject(value)) {
    return mergeObjects(before, value);
  }
  // A list that replaces an object is taken as it is, nulls and all; everything else that is new loses the nulls of its objects.
  const after = isJsonObject(before) ? value : withoutNullFields(value);
  return before !== undefined && jsonEquals(before, after) ? before : after;
}

/** The value without the fields that are null, at any depth; nulls that are elements of lists stay. */
export function withoutNullFields(value: JsonValue): JsonValue {
  if (isJsonList(value)) {
    const kept = value.map(withoutNullFields);
    return kept.every((item, index) => item === value[index]) ? value : kept;
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const draft: JsonObjectDraft = {};
  let changed = false;
  for (const [key, field] of Object.entries(value)) {
    const kept = withoutNullFields(field);
    changed ||= field === null || kept !== field;
    if (kept !== null) {
      setField(draft, key, kept);
    }
  }
  return changed ? draft : value;
}
