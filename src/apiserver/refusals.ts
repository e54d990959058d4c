import {
  invalid,
  notAcceptable,
  resourceExpired,
  StatusError,
  timeout,
  unsupportedMediaType,
  type FieldError,
} from "../core/api/index.js";
import type { PatchType } from "./cluster-port.js";
import { SUPPORTED_MEDIA_TYPES } from "./negotiation/media-type.js";

/** The refusals that are the HTTP side's own, in the words of k8s.io/apiserver, 1.34. */

/** @param kind `CreateOptions`, `ListOptions`, … */
export function invalidOptions(kind: string, errors: readonly FieldError[]): StatusError {
  return invalid({ group: "meta.k8s.io", kind }, "", errors);
}

export function noAcceptableType(): StatusError {
  return notAcceptable(SUPPORTED_MEDIA_TYPES);
}

/** A watch can't be had as YAML. negotiate.go `NegotiateOutputMediaTypeStream` */
export function noStreamType(): StatusError {
  return notAcceptable(["application/json;stream=watch"]);
}

/** Protobuf is read, though not written. */
const BODY_TYPES: readonly string[] = [
  ...SUPPORTED_MEDIA_TYPES,
  "application/vnd.kubernetes.protobuf",
];

export function unknownBodyType(): StatusError {
  return unsupportedMediaType(BODY_TYPES);
}

/** Patches by the type of their body, in the order of the refusal. */
export const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
};

export function unknownPatchType(): StatusError {
  return unsupportedMediaType(Object.keys(PATCH_TYPES));
}

/** handlers/response.go: the answer can't become what the client asked for. */
export function notConvertible(message: string): StatusError {
  return failure(406, "NotAcceptable", message);
}

/** go-restful found the path but not the method. server/handler.go `serviceErrorHandler`. */
export function methodNotAllowed(): StatusError {
  const message = "the server does not allow this method on the requested resource";
  return failure(405, "MethodNotAllowed", message);
}

/** storage/errors.go `NewTooLargeResourceVersionError` (API-6). */
export function resourceVersionTooLarge(wanted: number, current: number): StatusError {
  const message = `Too large resource version: ${wanted}, current: ${current}`;
  const cause = { reason: "ResourceVersionTooLarge", message: "Too large resource version" };
  return timeout(message, 1, [cause]);
}

/** storage/cacher/watch_cache.go `getAllEventsSinceLocked` (API-6). */
export function resourceVersionExpired(wanted: number, oldest: number): StatusError {
  return resourceExpired(`too old resource version: ${wanted} (${oldest - 1})`);
}

function failure(
  code: number,
  reason: "MethodNotAllowed" | "NotAcceptable",
  message: string,
): StatusError {
  const details = reason === "MethodNotAllowed" ? { details: {} } : {};
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...details,
    code,
  });
}
