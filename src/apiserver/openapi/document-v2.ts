import type { ApiGroup } from "../discovery/api-groups.js";
import { SERVER_VERSION } from "../discovery/server-version.js";
import { definitionsFor, referencesIn, type JsonSchema } from "./definitions.js";
import {
  corePath,
  groupListPath,
  groupPath,
  groupVersionPath,
  versionInfoPath,
} from "./discovery-paths.js";
import type { ApiContent, ApiOperation, ApiParameter, ApiPath } from "./operation.js";
import { resourcePaths } from "./resource-paths.js";

const PREFIX = "#/definitions/";

/** The whole API as one OpenAPI 2 document (Swagger). */
export function openApiV2(groups: readonly ApiGroup[]): JsonSchema {
  const paths = Object.fromEntries(
    allPaths(groups)
      .sort((left, right) => (left.path < right.path ? -1 : 1))
      .map((path) => [path.path, pathItem(path)]),
  );
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: SERVER_VERSION.gitVersion },
    paths,
    definitions: definitionsFor(referencesIn(paths, PREFIX), PREFIX),
    securityDefinitions: {
      BearerToken: {
        description: "Bearer Token authentication",
        in: "header",
        name: "authorization",
        type: "apiKey",
      },
    },
    security: [{ BearerToken: [] }],
  };
}

function allPaths(groups: readonly ApiGroup[]): ApiPath[] {
  const paths = [versionInfoPath(), corePath(), groupListPath()];
  for (const group of groups) {
    if (group.name !== "") paths.push(groupPath(group));
    for (const { version, resources } of group.versions)
      paths.push(groupVersionPath(group.name, version), ...resources.flatMap(resourcePaths));
  }
  return paths;
}

function pathItem({ parameters, operations }: ApiPath): JsonSchema {
  return {
    ...Object.fromEntries(operations.map((entry) => [entry.method, operationOf(entry)])),
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterOf) }),
  };
}

function operationOf(operation: ApiOperation): JsonSchema {
  const { body, action, kind } = operation;
  const parameters = [
    ...(body === undefined
      ? []
      : [
          {
            in: "body",
            name: "body",
            ...(body.required ? { required: true } : {}),
            schema: { $ref: PREFIX + body.schema },
          },
        ]),
    ...operation.parameters.map(parameterOf),
  ];
  return {
    consumes: body?.consumes ?? ["*/*"],
    description: operation.description,
    operationId: operation.operationId,
    ...(parameters.length === 0 ? {} : { parameters }),
    produces: operation.produces,
    responses: responsesOf(operation.responses),
    schemes: ["http"],
    tags: [operation.tag],
    ...(action === undefined ? {} : { "x-kubernetes-action": action }),
    ...(kind === undefined ? {} : { "x-kubernetes-group-version-kind": kind }),
  };
}

/** Kubernetes says of all its parameters that their items are unique. */
function parameterOf({ name, in: place, type, description }: ApiParameter): JsonSchema {
  return {
    description,
    in: place,
    name,
    ...(place === "path" ? { required: true } : {}),
    type,
    uniqueItems: true,
  };
}

export const RESPONSE_TEXTS: Readonly<Record<string, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  401: "Unauthorized",
};

function responsesOf(responses: Readonly<Record<string, ApiContent>>): JsonSchema {
  const answers = Object.entries(responses).map(([code, content]): [string, unknown] => [
    code,
    {
      description: RESPONSE_TEXTS[code] ?? code,
      schema: "text" in content ? { type: "string" } : { $ref: PREFIX + content.schema },
    },
  ]);
  return { ...Object.fromEntries(answers), 401: { description: RESPONSE_TEXTS[401] } };
}
