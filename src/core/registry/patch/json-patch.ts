import { badRequest, requestEntityTooLarge } from "../../api/index.js";
import type { StatusError } from "../../api/index.js";
import { jsonKindName } from "./go-format.js";
import { fieldOf, isJsonList, isJsonObject, jsonEquals } from "./json-value.js";
import type { JsonObject, JsonValue } from "./json-value.js";
import { MAX_JSON_PATCH_OPERATIONS } from "./limits.js";
import { cannotUnmarshal, unprocessablePatch } from "./refusals.js";
import { WorkingDocument } from "./working-document.js";

/**
 * JSON patch (RFC 6902) as the server's library reads it: negative indexes count from the end, what stands before the first slash of a
 * path is ignored, and a missing value is null. Returns a new document that shares all that was not touched.
 *
 * Throws StatusError: 400 when it is no JSON patch, 413 for too many operations, 422 when an operation cannot be applied.
 * Source: apiserver pkg/endpoints/handlers/patch.go, 1.34; evanphx/json-patch v4 patch.go.
 */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  const operations = decodeOperations(patch);
  const working = new WorkingDocument(document);
  operations.forEach((operation) => carryOut(operation, working));
  return working.result();
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

function carryOut(operation: Operation, document: WorkingDocument): void {
  const { path, from, value } = operation;
  switch (operation.op) {
    case "add":
      document.add(path, value);
      return;
    case "remove":
      document.remove(path);
      return;
    case "replace":
      document.replace(path, value);
      return;
    case "move": {
      const moved = document.valueAt(from);
      document.remove(from);
      document.add(path, moved);
      return;
    }
    case "copy":
      document.add(path, document.cloneOf(from));
      return;
    case "test":
      if (!jsonEquals(document.testedValue(path), value)) {
        throw unprocessablePatch();
      }
      return;
    default:
      throw unprocessablePatch();
  }
}
