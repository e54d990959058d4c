import { field, type FieldError, type StatusError } from "../../api/index.js";
import type { ApiResponse } from "../api-request.js";
import { plainError } from "../refusals.js";
import type { WriteContext } from "../strategy.js";

/** What a POST to a subresource answers when it makes no object of its own. */
export const created = ({ warnings }: WriteContext): ApiResponse => ({
  code: 201,
  body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
  warnings,
});

/** Field errors that Kubernetes gives back as a plain error: apiserver endpoints/handlers/responsewriters/status.go, 1.34. */
export const aggregated = (errors: readonly FieldError[]): StatusError =>
  plainError(field.aggregateText(errors));
