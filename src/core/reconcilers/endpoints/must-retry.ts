import { isStatusError } from "../../api/index.js";
import { ENDPOINT_RETRIES } from "../limits.js";

/** Whether a sync of a Service is tried again: not in a namespace that goes away, nor for ever. Broken invariants are always thrown on. */
export const mustRetry = (error: unknown, retries: number): boolean => {
  if (!isStatusError(error)) return true;
  const { reason } = error.status;
  return reason !== "Forbidden" && reason !== "NotFound" && retries < ENDPOINT_RETRIES;
};
