import { badRequest } from "../../../api/index.js";
import type { StatusError } from "../../../api/index.js";
import { formatGoValue, goTypeName } from "../go-format.js";
import { isJsonList, isJsonObject, setField } from "../json-value.js";
import type { JsonList, JsonObject, JsonObjectDraft, JsonValue } from "../json-value.js";
import { unclassifiedError } from "../refusals.js";

/** Directives of a strategic merge patch. Source: apimachinery pkg/util/strategicpatch/patch.go, 1.34. */
export const PATCH_DIRECTIVE = "$patch";
export const RETAIN_KEYS_DIRECTIVE = "$retainKeys";
export const DELETE_FROM_LIST_PREFIX = "$deleteFromPrimitiveList";
export const ELEMENT_ORDER_PREFIX = "$setElementOrder";

/** Which key a directive such as `$setElementOrder/containers` is about. */
export function directiveTarget(directive: string, prefix: string, refusal: string): string {
  const slash = directive.indexOf("/");
  if (slash < 0 || directive.slice(0, slash) !== prefix) {
    throw badRequest(refusal);
  }
  return directive.slice(slash + 1);
}

export function unknownPatchType(directive: JsonValue, holder: JsonObject): StatusError {
  const holderText = formatGoValue(holder);
  return unclassifiedError(`unknown patch type: ${formatGoValue(directive)} in map: ${holderText}`);
}

export function missingMergeKey(element: JsonObject, mergeKey: string): StatusError {
  return unclassifiedError(
    `map: ${formatGoValue(element)} does not contain declared merge key: ${mergeKey}`,
  );
}

export function expectList(value: JsonValue): JsonList {
  if (isJsonList(value)) {
    return value;
  }
  throw unclassifiedError(`expected a []interface {}, but received a ${goTypeName(value)}`);
}

export function expectObject(value: JsonValue | undefined): JsonObject {
  if (isJsonObject(value)) {
    return value;
  }
  throw unclassifiedError(
    `expected a map[string]interface {}, but received a ${goTypeName(value)}`,
  );
}

/** The merge key's value in an element that must have one. */
export function mergeKeyOf(element: JsonValue | undefined, mergeKey: string): JsonValue {
  const object = expectObject(element);
  const key = object[mergeKey];
  if (!Object.hasOwn(object, mergeKey) || key === undefined) {
    throw missingMergeKey(object, mergeKey);
  }
  return key;
}

/** What is left of a value that nothing is merged into: undefined when it was only a directive. */
export function withoutDirectives(value: JsonValue): JsonValue | undefined {
  if (isJsonList(value)) {
    const kept = value.map(withoutDirectives).filter((item) => item !== undefined);
    return kept.length === value.length && kept.every((item, index) => item === value[index])
      ? value
      : kept;
  }
  if (!isJsonObject(value)) {
    return value;
  }
  return Object.hasOwn(value, PATCH_DIRECTIVE) ? undefined : fieldsWithoutDirectives(value);
}

function fieldsWithoutDirectives(object: JsonObject): JsonObject {
  const draft: JsonObjectDraft = {};
  let changed = false;
  for (const [key, field] of Object.entries(object)) {
    const kept = withoutDirectives(field);
    changed ||= kept !== field;
    if (kept !== undefined) {
      setField(draft, key, kept);
    }
  }
  return changed ? draft : object;
}

/**
 * The keys that `$retainKeys` keeps, or null without that directive.
 *
 * Throws StatusError 400 when it is no list, or does not name a field that the patch sets.
 */
export function retainedKeys(patch: JsonObject): ReadonlySet<JsonValue> | null {
  if (!Object.hasOwn(patch, RETAIN_KEYS_DIRECTIVE)) {
    return null;
  }
  const list = patch[RETAIN_KEYS_DIRECTIVE];
  const retained = new Set(isJsonList(list) ? list : []);
  const unnamed = Object.entries(patch).some(
    ([key, value]) => value !== null && !isParallelDirective(key) && !retained.has(key),
  );
  if (!isJsonList(list) || unnamed) {
    throw badRequest("invalid patch format of retainKeys");
  }
  return retained;
}

function isParallelDirective(key: string): boolean {
  return (
    key === RETAIN_KEYS_DIRECTIVE ||
    key.startsWith(DELETE_FROM_LIST_PREFIX) ||
    key.startsWith(ELEMENT_ORDER_PREFIX)
  );
}
