import { field, type FieldError } from "../../core/api/index.js";
import type { ListOptions } from "../cluster-port.js";
import { invalidOptions } from "../refusals.js";
import { booleanParameter, integerParameter, textParameter } from "./query-values.js";

/** Everything that a list or watch can be asked with. */
export interface ListParameters {
  readonly list: ListOptions;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
}

/** @throws StatusError 400 for a value that can't be read, 422 for a combination that is not allowed. */
export function parseListParameters(query: URLSearchParams, isWatch: boolean): ListParameters {
  const list: Record<string, string | number> = {};
  for (const name of ["labelSelector", "fieldSelector", "resourceVersion", "continue"] as const) {
    const value = textParameter(query, name);
    if (value !== undefined) list[name] = value;
  }
  const match = textParameter(query, "resourceVersionMatch");
  if (match !== undefined) list.resourceVersionMatch = match;
  const timeoutSeconds = integerParameter(query, "timeoutSeconds");
  const limit = integerParameter(query, "limit");
  if (limit !== undefined) list.limit = limit;
  const parameters: ListParameters = {
    list,
    allowWatchBookmarks: booleanParameter(query, "allowWatchBookmarks") ?? false,
    sendInitialEvents: booleanParameter(query, "sendInitialEvents"),
    timeoutSeconds,
  };
  const completed = isWatch ? withInitialEvents(parameters) : parameters;
  const errors = isWatch ? watchErrors(completed) : listErrors(completed);
  if (errors.length > 0) throw invalidOptions("ListOptions", errors);
  return completed;
}

/** A watch from no version, or from "0", begins with the state. apis/meta/internalversion/defaults.go, 1.34. */
function withInitialEvents(parameters: ListParameters): ListParameters {
  const { list, sendInitialEvents } = parameters;
  if (sendInitialEvents !== undefined || list.resourceVersionMatch !== undefined) return parameters;
  if (list.resourceVersion !== undefined && list.resourceVersion !== "0") return parameters;
  return {
    ...parameters,
    list: { ...list, resourceVersionMatch: "NotOlderThan" },
    sendInitialEvents: true,
  };
}

/** apis/meta/internalversion/validation/validation.go `ValidateListOptions`, 1.34. */
function listErrors({ list, sendInitialEvents }: ListParameters): FieldError[] {
  const errors: FieldError[] = [];
  const { resourceVersionMatch: match, resourceVersion, continue: token } = list;
  if (match !== undefined) {
    if (resourceVersion === undefined)
      errors.push(forbiddenMatch("is forbidden unless resourceVersion is provided"));
    if (token !== undefined) errors.push(forbiddenMatch("is forbidden when continue is provided"));
    if (match !== "Exact" && match !== "NotOlderThan")
      errors.push(field.notSupported(MATCH, match, ["Exact", "NotOlderThan", ""]));
    if (match === "Exact" && resourceVersion === "0")
      errors.push(forbiddenMatch('"exact" is forbidden for resourceVersion "0"'));
  }
  if (sendInitialEvents !== undefined)
    errors.push(field.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  return errors;
}

/** The same file's `validateWatchOptions`. */
function watchErrors({ list, sendInitialEvents }: ListParameters): FieldError[] {
  const errors: FieldError[] = [];
  const { resourceVersionMatch: match, continue: token } = list;
  if (sendInitialEvents !== undefined && match !== "NotOlderThan") {
    const detail = `sendInitialEvents requires setting ${MATCH} to NotOlderThan`;
    errors.push(field.forbidden(MATCH, detail));
  }
  if (match === undefined) return errors;
  if (sendInitialEvents === undefined)
    errors.push(forbiddenMatch("is forbidden for watch unless sendInitialEvents is provided"));
  if (match !== "NotOlderThan") errors.push(field.notSupported(MATCH, match, ["NotOlderThan"]));
  if (token !== undefined) errors.push(forbiddenMatch("is forbidden when continue is provided"));
  return errors;
}

const MATCH = "resourceVersionMatch";

function forbiddenMatch(why: string): FieldError {
  return field.forbidden(MATCH, `${MATCH} ${why}`);
}
