import { aggregateText, errorBody } from "./field-error.js";
import type { FieldError } from "./field-error.js";
import { quote } from "./go-format.js";

/** Group-resource as Kubernetes prints it: `pods`, `leases.coordination.k8s.io`. */
type GroupResource = string;

export type StatusReason =
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "AlreadyExists"
  | "Conflict"
  | "Gone"
  | "Invalid"
  | "ServerTimeout"
  | "Timeout"
  | "TooManyRequests"
  | "BadRequest"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "RequestEntityTooLarge"
  | "UnsupportedMediaType"
  | "InternalError"
  | "Expired"
  | "ServiceUnavailable";

export type FailureCause = { reason?: string; message?: string; field?: string };

export type FailureDetails = {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: FailureCause[];
  retryAfterSeconds?: number;
};

/** The Status object that answers a refused request (API-1); keys in the order Kubernetes writes them. */
export type FailureStatus = {
  kind: "Status";
  apiVersion: "v1";
  /** `continue`: where to go on when a list expired (API-9). */
  metadata: { continue?: string };
  status: "Failure";
  message: string;
  /** Absent where Kubernetes' reason is unknown: the code says all. */
  reason?: StatusReason;
  details?: FailureDetails;
  code: number;
};

/** A refused API request. Constructors, codes and texts: apimachinery pkg/api/errors/errors.go, 1.34 (API-2). */
export class StatusError extends Error {
  override readonly name = "StatusError";

  constructor(readonly status: FailureStatus) {
    super(status.message);
  }

  get reason(): StatusReason | undefined {
    return this.status.reason;
  }

  get code(): number {
    return this.status.code;
  }
}

export function isStatusError(error: unknown, reason?: StatusReason): error is StatusError {
  return error instanceof StatusError && (reason === undefined || error.status.reason === reason);
}

export function notFound(resource: GroupResource, name: string): StatusError {
  const message = `${resource} ${quote(name)} not found`;
  return failure(404, "NotFound", message, resourceDetails(resource, name));
}

export function alreadyExists(resource: GroupResource, name: string): StatusError {
  const message = `${resource} ${quote(name)} already exists`;
  return failure(409, "AlreadyExists", message, resourceDetails(resource, name));
}

export function generateNameConflict(
  resource: GroupResource,
  name: string,
  retryAfterSeconds: number,
): StatusError {
  const message = `${resource} ${quote(name)} already exists, the server was not able to generate a unique name for the object`;
  const details = { ...resourceDetails(resource, name), retryAfterSeconds };
  return failure(409, "AlreadyExists", message, details);
}

export function unauthorized(message = "Unauthorized"): StatusError {
  return failure(401, "Unauthorized", message);
}

/** @param resource '' when no resource is meant; @param name '' when no object is meant */
export function forbidden(resource: GroupResource, name: string, why: string): StatusError {
  const subject = resource === "" ? "" : name === "" ? resource : `${resource} ${quote(name)}`;
  const message = subject === "" ? `forbidden: ${why}` : `${subject} is forbidden: ${why}`;
  return failure(403, "Forbidden", message, resourceDetails(resource, name));
}

export function conflict(resource: GroupResource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resource} ${quote(name)}: ${why}`;
  return failure(409, "Conflict", message, resourceDetails(resource, name));
}

/** The 409 of optimistic locking (API-5). apiserver pkg/registry/generic/registry/store.go, 1.34 */
export function modified(resource: GroupResource, name: string): StatusError {
  return conflict(
    resource,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

export function applyConflict(causes: readonly FailureCause[], message: string): StatusError {
  return failure(409, "Conflict", message, { causes: [...causes] });
}

export function gone(message: string): StatusError {
  return failure(410, "Gone", message);
}

export function resourceExpired(message: string): StatusError {
  return failure(410, "Expired", message);
}

/** VAL-1. @param kind group and kind of the refused object */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const qualified = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const because = errors.length === 0 ? "" : `: ${aggregateText(errors)}`;
  const causes = errors.map((error) => ({
    reason: error.type,
    message: errorBody(error),
    ...(error.field === "" ? {} : { field: error.field }),
  }));
  return failure(422, "Invalid", `${qualified} ${quote(name)} is invalid${because}`, {
    name,
    group: kind.group,
    kind: kind.kind,
    causes,
  });
}

export function badRequest(message: string): StatusError {
  return failure(400, "BadRequest", message);
}

/** @param causes what kind of request was refused: an eviction names `DisruptionBudget` (API-20) */
export function tooManyRequests(
  message: string,
  retryAfterSeconds: number,
  causes: readonly FailureCause[] = [],
): StatusError {
  return failure(429, "TooManyRequests", message, { causes: [...causes], retryAfterSeconds });
}

export function serviceUnavailable(message: string): StatusError {
  return failure(503, "ServiceUnavailable", message);
}

export function methodNotSupported(resource: GroupResource, action: string): StatusError {
  const message = `${action} is not supported on resources of kind ${quote(resource)}`;
  return failure(405, "MethodNotAllowed", message, resourceDetails(resource, ""));
}

export function serverTimeout(
  resource: GroupResource,
  operation: string,
  retryAfterSeconds: number,
): StatusError {
  const message = `The ${operation} operation against ${resource} could not be completed at this time, please try again.`;
  const details = { ...resourceDetails(resource, operation), retryAfterSeconds };
  return failure(500, "ServerTimeout", message, details);
}

export function internalError(message: string): StatusError {
  return failure(500, "InternalError", `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

export function timeout(
  message: string,
  retryAfterSeconds: number,
  causes: readonly FailureCause[] = [],
): StatusError {
  return failure(504, "Timeout", `Timeout: ${message}`, { causes: [...causes], retryAfterSeconds });
}

export function requestEntityTooLarge(message: string): StatusError {
  return failure(413, "RequestEntityTooLarge", `Request entity too large: ${message}`);
}

/** apiserver pkg/endpoints/handlers/negotiation/errors.go, 1.34 */
export function notAcceptable(accepted: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${accepted.join(", ")}`;
  return failure(406, "NotAcceptable", message);
}

/** apiserver pkg/endpoints/handlers/negotiation/errors.go, 1.34 */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return failure(415, "UnsupportedMediaType", message);
}

/** apiserver's answer to a path it does not know. pkg/api/errors NewGenericServerResponse, 1.34 */
export function unknownPath(): StatusError {
  return failure(404, "NotFound", "the server could not find the requested resource", {});
}

function resourceDetails(resource: GroupResource, name: string): FailureDetails {
  const dot = resource.indexOf(".");
  const kind = dot < 0 ? resource : resource.slice(0, dot);
  return { name, group: dot < 0 ? "" : resource.slice(dot + 1), kind };
}

function failure(
  code: number,
  reason: StatusReason,
  message: string,
  details?: FailureDetails,
): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...(details === undefined ? {} : { details: withoutEmpty(details) }),
    code,
  });
}

/** Go leaves empty values out (omitempty). */
function withoutEmpty(details: FailureDetails): FailureDetails {
  const kept = Object.entries(details).filter(
    ([, value]) => value !== "" && value !== 0 && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept);
}
