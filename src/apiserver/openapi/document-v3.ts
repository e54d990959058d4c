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
import { RESPONSE_TEXTS } from "./document-v2.js";
import type { ApiContent, ApiOperation, ApiParameter, ApiPath } from "./operation.js";
import { resourcePaths } from "./resource-paths.js";

const PREFIX = "#/components/schemas/";

/** The documents of OpenAPI 3, one for each group-version, made when they are first asked for. */
export function openApiV3Builders(
  groups: readonly ApiGroup[],
): ReadonlyMap<string, () => JsonSchema> {
  const builders = new Map<string, () => JsonSchema>([
    ["api", () => documentOf([corePath()])],
    ["apis", () => documentOf([groupListPath()])],
    ["version", () => documentOf([versionInfoPath()])],
  ]);
  for (const group of groups) {
    if (group.name !== "") builders.set(`apis/${group.name}`, () => documentOf([groupPath(group)]));
    for (const { version, resources } of group.versions) {
      const key = group.name === "" ? `api/${version}` : `apis/${group.name}/${version}`;
      builders.set(key, () =>
        documentOf([
          groupVersionPath(group.name, version),
          ...resources.flatMap(resourcePaths).sort((a, b) => (a.path < b.path ? -1 : 1)),
        ]),
      );
    }
  }
  return builders;
}

function documentOf(apiPaths: readonly ApiPath[]): JsonSchema {
  const paths = Object.fromEntries(apiPaths.map((path) => [path.path, pathItem(path)]));
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: SERVER_VERSION.gitVersion },
    paths,
    components: {
      schemas: definitionsFor(referencesIn(paths, PREFIX), PREFIX),
      securitySchemes: {
        BearerToken: {
          type: "apiKey",
          description: "Bearer Token authentication",
          name: "authorization",
          in: "header",
        },
      },
    },
  };
}

function pathItem({ parameters, operations }: ApiPath): JsonSchema {
  return {
    ...Object.fromEntries(operations.map((entry) => [entry.method, operationOf(entry)])),
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterOf) }),
  };
}

function operationOf(operation: ApiOperation): JsonSchema {
  const { body, action, kind, produces } = operation;
  return {
    tags: [operation.tag],
    description: operation.description,
    operationId: operation.operationId,
    ...(operation.parameters.length === 0
      ? {}
      : { parameters: operation.parameters.map(parameterOf) }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            content: contentOf(body.consumes, { schema: body.schema }),
            ...(body.required ? { required: true } : {}),
          },
        }),
    responses: responsesOf(operation.responses, produces),
    ...(action === undefined ? {} : { "x-kubernetes-action": action }),
    ...(kind === undefined ? {} : { "x-kubernetes-group-version-kind": kind }),
  };
}

function parameterOf({ name, in: place, type, description }: ApiParameter): JsonSchema {
  return {
    name,
    in: place,
    description,
    ...(place === "path" ? { required: true } : {}),
    schema: { type, uniqueItems: true },
  };
}

function responsesOf(
  responses: Readonly<Record<string, ApiContent>>,
  produces: readonly string[],
): JsonSchema {
  const answers = Object.entries(responses).map(([code, content]): [string, unknown] => [
    code,
    { description: RESPONSE_TEXTS[code] ?? code, content: contentOf(produces, content) },
  ]);
  return { ...Object.fromEntries(answers), 401: { description: RESPONSE_TEXTS[401] } };
}

function contentOf(types: readonly string[], content: ApiContent): JsonSchema {
  const schema = "text" in content ? { type: "string" } : { $ref: PREFIX + content.schema };
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}
