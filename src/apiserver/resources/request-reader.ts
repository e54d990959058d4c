import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { badRequest } from "../../core/api/index.js";
import type { ApiRequest, DeleteOptions, PatchType, WriteOptions } from "../cluster-port.js";
import {
  bodyTypeOf,
  parseBody,
  parseObjectBody,
  readBody,
  UnreadableBody,
  type ParsedBody,
} from "../http/request-body.js";
import { yamlWarnings } from "../http/yaml-text.js";
import { PATCH_TYPES, unknownPatchType } from "../refusals.js";
import { withCheckedKind } from "./body-kind.js";
import { parseListParameters } from "./list-parameters.js";
import { booleanParameter, textParameter } from "./query-values.js";
import type { Route } from "./resource-routes.js";
import {
  parseDeleteBody,
  parseDeleteParameters,
  parsePatchParameters,
  parseWriteParameters,
} from "./write-parameters.js";

/** What of an HTTP request the API request is made from. */
export interface RawRequest {
  readonly message: IncomingMessage;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** Reads a request into the registry's form; a watch is not one of them. @throws StatusError */
export async function readApiRequest(route: Route, raw: RawRequest): Promise<ApiRequest> {
  switch (route.verb) {
    case "get":
      return readGet(route, raw.query);
    case "list": {
      const { list } = parseListParameters(raw.query, false);
      return { verb: "list", ...targetOf(route), options: list };
    }
    case "create":
      return readCreate(route, raw);
    case "update":
      return readUpdate(route, raw);
    case "patch":
      return readPatch(route, raw);
    case "delete": {
      const options = await readDeleteOptions(raw);
      return { verb: "delete", ...namedTargetOf(route), options };
    }
    case "deletecollection": {
      const { list } = parseListParameters(raw.query, false);
      return {
        verb: "deletecollection",
        ...targetOf(route),
        list,
        options: await readDeleteOptions(raw),
      };
    }
    case "watch":
      throw new Error("a watch is not a request of the registry");
  }
}

function readGet(route: Route, query: URLSearchParams): ApiRequest {
  if (booleanParameter(query, "export") === true)
    throw badRequest("the export parameter, deprecated since v1.14, is no longer supported");
  const resourceVersion = textParameter(query, "resourceVersion");
  return {
    verb: "get",
    ...namedTargetOf(route),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

async function readCreate(route: Route, raw: RawRequest): Promise<ApiRequest> {
  const type = bodyTypeOf(raw.headers["content-type"]);
  const bytes = await readBody(raw.message);
  const options = parseWriteParameters(raw.query, userAgentOf(raw), "CreateOptions");
  const { value, strictErrors } = parseObjectBody(bytes, type, kindOf(route));
  const body = withCheckedKind(value, route.definition, route.subresource);
  return {
    verb: "create",
    ...targetOf(route),
    ...(route.subresource === null
      ? {}
      : { name: route.name, subresource: route.subresource.name }),
    body,
    options: withStrictErrors(options, strictErrors),
  };
}

async function readUpdate(route: Route, raw: RawRequest): Promise<ApiRequest> {
  const bytes = await readBody(raw.message);
  const options = parseWriteParameters(raw.query, userAgentOf(raw), "UpdateOptions");
  const type = bodyTypeOf(raw.headers["content-type"]);
  const { value, strictErrors } = parseObjectBody(bytes, type, kindOf(route));
  const body = withCheckedKind(value, route.definition, route.subresource);
  return {
    verb: "update",
    ...namedTargetOf(route),
    body,
    options: withStrictErrors(options, strictErrors),
  };
}

async function readPatch(route: Route, raw: RawRequest): Promise<ApiRequest> {
  const [contentType = ""] = (raw.headers["content-type"] ?? "").split(";", 1);
  const patchType = PATCH_TYPES[contentType.trim()];
  if (patchType === undefined) throw unknownPatchType();
  const bytes = await readBody(raw.message);
  const options = parsePatchParameters(raw.query, userAgentOf(raw), patchType);
  const { value, strictErrors } = parsePatch(bytes, patchType);
  return {
    verb: "patch",
    ...namedTargetOf(route),
    patchType,
    body: value,
    options: withStrictErrors(options, strictErrors),
  };
}

/** handlers/patch.go: the words differ by the type of the patch. */
function parsePatch(bytes: Buffer, patchType: PatchType): ParsedBody {
  try {
    return parseBody(bytes, patchType === "apply" ? "yaml" : "json");
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    if (patchType === "strategic") throw badRequest(error.message);
    const what = patchType === "apply" ? "error decoding YAML" : "error decoding patch";
    throw badRequest(`${what}: ${error.message}`);
  }
}

/** A body wins over the query, as a whole. handlers/delete.go, 1.34. */
async function readDeleteOptions(raw: RawRequest): Promise<DeleteOptions> {
  const bytes = await readBody(raw.message);
  if (bytes.length === 0) return parseDeleteParameters(raw.query);
  const type = bodyTypeOf(raw.headers["content-type"]);
  try {
    return parseDeleteBody(parseBody(bytes, type).value);
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    throw badRequest(`couldn't get version/kind; json parse error: ${error.message}`);
  }
}

function withStrictErrors<T extends WriteOptions>(options: T, errors: readonly string[]): T {
  if (errors.length === 0) return options;
  const isWarning = options.fieldValidation === "Warn";
  return { ...options, strictErrors: isWarning ? errors.flatMap(yamlWarnings) : errors };
}

function targetOf({ definition, namespace }: Route) {
  return { resource: definition, namespace };
}

function namedTargetOf(route: Route) {
  const subresource = route.subresource?.name;
  return {
    ...targetOf(route),
    name: route.name,
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function kindOf({ definition, subresource }: Route): string {
  return subresource?.kind ?? definition.kind;
}

function userAgentOf(raw: RawRequest): string {
  return raw.headers["user-agent"] ?? "";
}
