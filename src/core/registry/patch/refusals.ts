import { StatusError } from "../../api/index.js";
import { jsonKindName } from "./go-format.js";
import type { JsonValue } from "./json-value.js";

/**
 * 422 of a patch that is well formed and cannot be applied: a failed `test`, a missing path. A real server gives no more away.
 * Source: apimachinery pkg/api/errors/errors.go NewGenericServerResponse, 1.34.
 */
export function unprocessablePatch(): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "the server rejected our request due to an error in our request",
    reason: "Invalid",
    details: {},
    code: 422,
  });
}

/** 500 without a reason: what an error that is no Status becomes. Source: apiserver responsewriters/status.go, 1.34. */
export function unclassifiedError(message: string): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    code: 500,
  });
}

/** The text of Go's encoding/json for a value of the wrong kind. */
export function cannotUnmarshal(value: JsonValue, goType: string): string {
  return `json: cannot unmarshal ${jsonKindName(value)} into Go value of type ${goType}`;
}
