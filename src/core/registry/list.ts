import {
  apiVersionOf,
  badRequest,
  field,
  resourceExpired,
  StatusError,
  type FieldError,
  type KubeObject,
  type ListMeta,
} from "../api/index.js";
import type { ApiResponse, ListOptions, ListRequest } from "./api-request.js";
import { decodeContinue, encodeContinue, type ContinueToken } from "./continue-token.js";
import { checkMinimumVersion, parseVersion } from "./read-object.js";
import { refuseInvalid } from "./refusals.js";
import type { RegistryCore } from "./registry-core.js";
import { keyOfObject, selectionOf, selectNow, type Selection } from "./selection.js";
import { asServed } from "./versions.js";

/** GET of a collection (API-9). apiserver endpoints/handlers/get.go, storage/interfaces.go and storage/etcd3/store.go GetList, 1.34 */
export const list = (core: RegistryCore, request: ListRequest): ApiResponse => {
  const { resource, options } = request;
  refuseInvalid(LIST_OPTIONS, "", validateListOptions(options));
  const selection = selectionOf(resource, request.namespace, options);
  const { objects, metadata } = readPage(core, selection, options);
  const body = {
    kind: resource.listKind,
    apiVersion: apiVersionOf(resource),
    metadata,
    items: objects.map((object) => asServed(object, resource)),
  };
  return { code: 200, body, warnings: [] };
};

interface Page {
  readonly objects: readonly KubeObject[];
  readonly metadata: ListMeta;
}

export const readPage = (core: RegistryCore, selection: Selection, options: ListOptions): Page => {
  const token = continueOf(options);
  const version = versionToRead(core, options, token);
  const all = readAt(core, selection, version, token);
  const rest = token === null ? all : all.slice(firstAfter(all, token.after));
  const limit = options.limit ?? 0;
  const resourceVersion = String(version ?? core.store.lastSequence);
  if (limit <= 0 || rest.length <= limit) return { objects: rest, metadata: { resourceVersion } };
  const objects = rest.slice(0, limit);
  const last = objects.at(-1);
  if (last === undefined) throw new Error("a page with a limit above zero has a last object");
  const after = keyOfObject(last);
  const metadata: ListMeta = {
    resourceVersion,
    continue: encodeContinue({ resourceVersion: Number(resourceVersion), after }),
  };
  // How many of the rest a selector will match is not known without looking.
  if (selection.matches === undefined) metadata.remainingItemCount = rest.length - limit;
  return { objects, metadata };
};

/** @throws StatusError 400 */
const continueOf = (options: ListOptions): ContinueToken | null => {
  if (options.continue === undefined || options.continue === "") return null;
  const token = decodeContinue(options.continue);
  const version = options.resourceVersion ?? "";
  if (version !== "" && version !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  return token;
};

/** The exact version that is asked for; null for what is there now. */
const versionToRead = (
  core: RegistryCore,
  options: ListOptions,
  token: ContinueToken | null,
): number | null => {
  if (token !== null) return token.resourceVersion > 0 ? token.resourceVersion : null;
  const asked = options.resourceVersion ?? "";
  if (options.resourceVersionMatch === "Exact") return parseVersion(asked);
  const minimum = checkMinimumVersion(core.store, asked);
  const isLegacyExact =
    (options.resourceVersionMatch ?? "") === "" && (options.limit ?? 0) > 0 && minimum > 0;
  return isLegacyExact ? minimum : null;
};

const readAt = (
  core: RegistryCore,
  selection: Selection,
  version: number | null,
  token: ContinueToken | null,
): KubeObject[] => {
  const { store } = core;
  if (version === null || version === store.lastSequence) return selectNow(store, selection);
  checkMinimumVersion(store, String(version));
  const { resource, namespace, matches } = selection;
  const objects = store.listAt(resource.storage, namespace, version);
  if (objects === null) throw expired(token);
  return matches === undefined ? objects : objects.filter(matches);
};

/** API-9: whoever was paging gets a token to go on with what is there now. apiserver storage/etcd3/errors.go, 1.34 */
const expired = (token: ContinueToken | null): StatusError => {
  if (token === null) {
    return resourceExpired("The resourceVersion for the provided list is too old.");
  }
  const { status } = resourceExpired(
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
  );
  const metadata = { continue: encodeContinue({ resourceVersion: -1, after: token.after }) };
  return new StatusError({ ...status, metadata });
};

const firstAfter = (objects: readonly KubeObject[], after: string): number => {
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const object = objects[middle];
    if (object !== undefined && keyOfObject(object) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
};

const LIST_OPTIONS = { group: "meta.k8s.io", kind: "ListOptions" };

/** apimachinery apis/meta/internalversion/validation/validation.go, 1.34 */
export const validateListOptions = (options: ListOptions): FieldError[] => {
  const match = options.resourceVersionMatch ?? "";
  if (match === "") return [];
  const errors: FieldError[] = [];
  const forbid = (detail: string): void => {
    errors.push(field.forbidden("resourceVersionMatch", `resourceVersionMatch ${detail}`));
  };
  if ((options.resourceVersion ?? "") === "") {
    forbid("is forbidden unless resourceVersion is provided");
  }
  if ((options.continue ?? "") !== "") forbid("is forbidden when continue is provided");
  if (match !== "Exact" && match !== "NotOlderThan") {
    errors.push(field.notSupported("resourceVersionMatch", match, ["Exact", "NotOlderThan", ""]));
  }
  if (match === "Exact" && options.resourceVersion === "0") {
    forbid('"exact" is forbidden for resourceVersion "0"');
  }
  return errors;
};
