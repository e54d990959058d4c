import { badRequest, requestEntityTooLarge } from "../../api/index.js";
import type { StatusError } from "../../api/index.js";
import { jsonKindName } from "./go-format.js";
import {
  draftOf,
  fieldOf,
  isJsonList,
  isJsonObject,
  jsonEquals,
  setField,
  withoutField,
} from "./json-value.js";
import type { JsonList, JsonObject, JsonValue } from "./json-value.js";
import { MAX_JSON_PATCH_COPY_BYTES, MAX_JSON_PATCH_OPERATIONS } from "./limits.js";
import { cannotUnmarshal, unprocessablePatch } from "./refusals.js";

/**
 * JSON patch (RFC 6902) as the server's library reads it: negative indexes count from the end, what stands before the first slash of a
 * path is ignored, and a missing value is null. Returns a new document that shares all that was not touched.
 *
 * Throws StatusError: 400 when it is no JSON patch, 413 for too many operations, 422 when an operation cannot be applied.
 * Source: apiserver pkg/endpoints/handlers/patch.go, 1.34; evanphx/json-patch v4 patch.go.
 */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  const operations = decodeOperations(patch);
  let patched = document;
  let copiedBytes = 0;
  for (const operation of operations) {
    if (operation.op === "copy") {
      copiedBytes += sizeOfCopy(patched, operation);
      if (copiedBytes > MAX_JSON_PATCH_COPY_BYTES) {
        throw unprocessablePatch();
      }
    }
    patched = applyOperation(patched, operation);
  }
  return patched;
}

/** What a strict server also says of a JSON patch. Source: the same file, strict decoding of jsonPatchOp. */
export function unknownFieldsOfJsonPatch(patch: JsonValue): string[] {
  if (!isJsonList(patch)) {
    return [];
  }
  return patch.flatMap((operation, index) =>
    isJsonObject(operation)
      ? Object.keys(operation)
          .filter((key) => !OPERATION_FIELDS.has(key))
          .map((key) => `json patch unknown field "[${index}].${key}"`)
      : [],
  );
}

const OPERATION_FIELDS: ReadonlySet<string> = new Set(["op", "path", "from", "value"]);

interface Operation {
  readonly op: string;
  readonly path: string | null;
  readonly from: string | null;
  readonly value: JsonValue;
}

function decodeOperations(patch: JsonValue): Operation[] {
  if (patch === null) {
    return [];
  }
  if (!isJsonList(patch)) {
    throw undecodable(cannotUnmarshal(patch, "[]handlers.jsonPatchOp"));
  }
  const operations = patch.map(decodeOperation);
  if (operations.length > MAX_JSON_PATCH_OPERATIONS) {
    throw requestEntityTooLarge(
      `The allowed maximum operations in a JSON patch is ${MAX_JSON_PATCH_OPERATIONS}, got ${operations.length}`,
    );
  }
  return operations;
}

function decodeOperation(operation: JsonValue): Operation {
  if (operation === null) {
    return { op: "unknown", path: null, from: null, value: null };
  }
  if (!isJsonObject(operation)) {
    throw undecodable(cannotUnmarshal(operation, "handlers.jsonPatchOp"));
  }
  return {
    op: textField(operation, "op") ?? "unknown",
    path: textField(operation, "path"),
    from: textField(operation, "from"),
    value: fieldOf(operation, "value") ?? null,
  };
}

function textField(operation: JsonObject, name: string): string | null {
  const value = fieldOf(operation, name);
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value !== "string") {
    const kind = jsonKindName(value);
    throw undecodable(
      `json: cannot unmarshal ${kind} into Go struct field jsonPatchOp.${name} of type string`,
    );
  }
  return value;
}

function undecodable(message: string): StatusError {
  return badRequest(`error decoding patch: ${message}`);
}

function applyOperation(document: JsonValue, operation: Operation): JsonValue {
  switch (operation.op) {
    case "add":
      return change(document, operation.path, (container, key) =>
        addTo(container, key, operation.value),
      );
    case "remove":
      return change(document, operation.path, removeFrom);
    case "replace":
      return replaceAt(document, operation);
    case "move": {
      const moved = valueAt(document, operation.from);
      const without = change(document, operation.from, removeFrom);
      return change(without, operation.path, (container, key) => addTo(container, key, moved));
    }
    case "copy": {
      const copied = valueAt(document, operation.from);
      return change(document, operation.path, (container, key) => addTo(container, key, copied));
    }
    case "test":
      return test(document, operation);
    default:
      throw unprocessablePatch();
  }
}

function replaceAt(document: JsonValue, operation: Operation): JsonValue {
  if (operation.path === "") {
    if (typeof operation.value !== "object" || operation.value === null) {
      throw unprocessablePatch();
    }
    return operation.value;
  }
  return change(document, operation.path, (container, key) => {
    memberOf(container, key);
    return setIn(container, key, operation.value);
  });
}

function test(document: JsonValue, operation: Operation): JsonValue {
  const found = operation.path === "" ? document : testedValue(document, operation.path);
  if (!jsonEquals(found, operation.value)) {
    throw unprocessablePatch();
  }
  return document;
}

/** A field that is not there counts as null; an index outside of its list is an error. */
function testedValue(document: JsonValue, path: string | null): JsonValue {
  const { parents, key } = splitPath(path);
  const container = parents.reduce<JsonValue>(memberOf, document);
  return isJsonObject(container) ? (fieldOf(container, key) ?? null) : memberOf(container, key);
}

function valueAt(document: JsonValue, path: string | null): JsonValue {
  const { parents, key } = splitPath(path);
  return [...parents, key].reduce<JsonValue>(memberOf, document);
}

function sizeOfCopy(document: JsonValue, operation: Operation): number {
  return JSON.stringify(valueAt(document, operation.from)).length;
}

type Container = JsonList | JsonObject;

/** Rebuilds the containers from the document down to the one that the path's last step is in. */
function change(
  document: JsonValue,
  path: string | null,
  step: (container: Container, key: string) => Container,
): JsonValue {
  const { parents, key } = splitPath(path);
  const containers: JsonValue[] = [document];
  for (const parent of parents) {
    containers.push(memberOf(containers[containers.length - 1] ?? null, parent));
  }
  let changed: JsonValue = step(containerOf(containers[parents.length]), key);
  for (let depth = parents.length - 1; depth >= 0; depth -= 1) {
    changed = setIn(containerOf(containers[depth]), parents[depth] ?? "", changed);
  }
  return changed;
}

function splitPath(path: string | null): { parents: string[]; key: string } {
  const [, ...steps] = (path ?? "").split("/").map(decodeStep);
  const key = steps.pop();
  if (key === undefined) {
    throw unprocessablePatch();
  }
  return { parents: steps, key };
}

/** RFC 6901: `~1` is a slash, `~0` a tilde. */
function decodeStep(step: string): string {
  return step.includes("~") ? step.replaceAll("~1", "/").replaceAll("~0", "~") : step;
}

function containerOf(value: JsonValue | undefined): Container {
  if (isJsonList(value) || isJsonObject(value)) {
    return value;
  }
  throw unprocessablePatch();
}

function memberOf(value: JsonValue, key: string): JsonValue {
  const container = containerOf(value);
  const member = isJsonList(container)
    ? container[indexIn(key, container.length)]
    : fieldOf(container, key);
  if (member === undefined) {
    throw unprocessablePatch();
  }
  return member;
}

/** Where in a list of this length the key points; throws when that is outside of it. */
function indexIn(key: string, length: number): number {
  if (!/^[+-]?[0-9]+$/.test(key)) {
    throw unprocessablePatch();
  }
  const index = Number(key);
  const fromStart = index < 0 ? index + length : index;
  if (fromStart < 0 || fromStart >= length) {
    throw unprocessablePatch();
  }
  return fromStart;
}

function addTo(container: Container, key: string, value: JsonValue): Container {
  if (!isJsonList(container)) {
    return setIn(container, key, value);
  }
  if (key === "-") {
    return [...container, value];
  }
  return container.toSpliced(indexIn(key, container.length + 1), 0, value);
}

function removeFrom(container: Container, key: string): Container {
  if (isJsonList(container)) {
    return container.toSpliced(indexIn(key, container.length), 1);
  }
  if (!Object.hasOwn(container, key)) {
    throw unprocessablePatch();
  }
  return withoutField(container, key);
}

function setIn(container: Container, key: string, value: JsonValue): Container {
  if (isJsonList(container)) {
    return container.with(indexIn(key, container.length), value);
  }
  const draft = draftOf(container);
  setField(draft, key, value);
  return draft;
}
