import type { ApiParameter } from "./operation.js";

/** The parameters of Kubernetes' operations, by what they belong to. The texts are ours, the names and types Kubernetes'. */

const query = (name: string, type: ApiParameter["type"], description: string): ApiParameter => ({
  name,
  in: "query",
  type,
  description,
});

const path = (name: string, description: string): ApiParameter => ({
  name,
  in: "path",
  type: "string",
  description,
});

export const NAMESPACE = path("namespace", "the namespace of the objects");
export const nameOf = (kind: string): ApiParameter => path("name", `name of the ${kind}`);
export const PRETTY = query("pretty", "string", "If 'true', the answer is indented.");

const DRY_RUN = query("dryRun", "string", "With 'All', the request is carried out but not kept.");
const FIELD_MANAGER = query(
  "fieldManager",
  "string",
  "The name that the changed fields are owned under.",
);
const FIELD_VALIDATION = query(
  "fieldValidation",
  "string",
  "What happens to unknown and duplicate fields: 'Ignore', 'Warn' or 'Strict'.",
);
const FORCE = query("force", "boolean", "Apply takes over fields that others own.");

export const WRITE: readonly ApiParameter[] = [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION];
export const PATCH: readonly ApiParameter[] = [...WRITE, FORCE];

const ALLOW_BOOKMARKS = query(
  "allowWatchBookmarks",
  "boolean",
  "The watch may send BOOKMARK events.",
);
const CONTINUE = query("continue", "string", "Where to go on: the token of the previous page.");
const FIELD_SELECTOR = query("fieldSelector", "string", "Only objects with these field values.");
const LABEL_SELECTOR = query("labelSelector", "string", "Only objects with these labels.");
const LIMIT = query("limit", "integer", "How many objects one page has at most.");
const RESOURCE_VERSION = query(
  "resourceVersion",
  "string",
  "How new the answer must be, or where a watch begins.",
);
const RESOURCE_VERSION_MATCH = query(
  "resourceVersionMatch",
  "string",
  "How resourceVersion is meant: 'NotOlderThan' or 'Exact'.",
);
const SEND_INITIAL_EVENTS = query(
  "sendInitialEvents",
  "boolean",
  "The watch begins with the present state.",
);
const TIMEOUT_SECONDS = query("timeoutSeconds", "integer", "When the watch ends.");
const WATCH = query("watch", "boolean", "Changes are sent as they happen.");

export const LIST: readonly ApiParameter[] = [
  ALLOW_BOOKMARKS,
  CONTINUE,
  FIELD_SELECTOR,
  LABEL_SELECTOR,
  LIMIT,
  RESOURCE_VERSION,
  RESOURCE_VERSION_MATCH,
  SEND_INITIAL_EVENTS,
  TIMEOUT_SECONDS,
  WATCH,
];

const GRACE_PERIOD = query("gracePeriodSeconds", "integer", "How long the object may take to end.");
const ORPHAN_DEPENDENTS = query(
  "orphanDependents",
  "boolean",
  "Deprecated: use propagationPolicy.",
);
const PROPAGATION_POLICY = query(
  "propagationPolicy",
  "string",
  "What happens to dependents: 'Orphan', 'Background' or 'Foreground'.",
);

export const DELETE: readonly ApiParameter[] = [
  DRY_RUN,
  GRACE_PERIOD,
  ORPHAN_DEPENDENTS,
  PROPAGATION_POLICY,
];

export const DELETE_COLLECTION: readonly ApiParameter[] = [
  CONTINUE,
  DRY_RUN,
  FIELD_SELECTOR,
  GRACE_PERIOD,
  LABEL_SELECTOR,
  LIMIT,
  ORPHAN_DEPENDENTS,
  PROPAGATION_POLICY,
  RESOURCE_VERSION,
  RESOURCE_VERSION_MATCH,
  SEND_INITIAL_EVENTS,
  TIMEOUT_SECONDS,
];

const CONTAINER = query(
  "container",
  "string",
  "The container; may be left out where there is one.",
);
const STREAMS: readonly ApiParameter[] = [
  query("stderr", "boolean", "Connect standard error."),
  query("stdin", "boolean", "Connect standard input."),
  query("stdout", "boolean", "Connect standard output."),
  query("tty", "boolean", "Give the process a terminal."),
];

/** Parameters of subresources that are not like those of their kind. */
export const SUBRESOURCE_PARAMETERS: Readonly<Record<string, readonly ApiParameter[]>> = {
  log: [
    CONTAINER,
    query("follow", "boolean", "Go on with what is logged from now on."),
    query("insecureSkipTLSVerifyBackend", "boolean", "Has no effect here."),
    query("limitBytes", "integer", "How many bytes are sent at most."),
    PRETTY,
    query("previous", "boolean", "The log of the instance before."),
    query("sinceSeconds", "integer", "Only what is younger than this."),
    query("stream", "string", "'All', 'Stdout' or 'Stderr'."),
    query("tailLines", "integer", "How many lines from the end."),
    query("timestamps", "boolean", "Each line begins with its time."),
  ],
  exec: [query("command", "string", "The program and its arguments."), CONTAINER, ...STREAMS],
  attach: [CONTAINER, ...STREAMS],
  portforward: [query("ports", "integer", "The ports to forward.")],
  proxy: [query("path", "string", "The path to ask for.")],
};
