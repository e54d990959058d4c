import { groupResourceOf, methodNotSupported, type ResourceDefinition } from "../../api/index.js";
import type { ApiResponse, CreateRequest, GetRequest, UpdateRequest } from "../api-request.js";
import { readObject } from "../read-object.js";
import { readChangedObject } from "../incoming.js";
import type { RegistryCore } from "../registry-core.js";
import { strategyOf } from "../strategies/index.js";
import { preparationOf, updateObject, type Preparation } from "../update-object.js";
import { bind } from "./binding.js";
import { prepareEphemeralContainers } from "./ephemeral-containers.js";
import { evict } from "./eviction.js";
import { prepareFinalization } from "./finalize.js";
import { prepareResize } from "./resize.js";
import { getScale, isScale, putScale } from "./scale.js";
import { requestToken } from "./token.js";

type Poster = (core: RegistryCore, request: CreateRequest) => ApiResponse;

const POSTERS: Readonly<Record<string, Poster>> = {
  "pods/binding": bind,
  "pods/eviction": evict,
  "serviceaccounts/token": requestToken,
};

const PREPARATIONS: Readonly<Record<string, Preparation>> = {
  "namespaces/finalize": prepareFinalization,
  "pods/ephemeralcontainers": prepareEphemeralContainers,
  "pods/resize": prepareResize,
};

/** How a part of an object is written; null when there is no such part, or it can not be written. */
export const subresourcePreparation = (
  resource: ResourceDefinition,
  subresource: string | undefined,
): Preparation | null => {
  if (subresource === undefined) return preparationOf(strategyOf(resource), undefined);
  if (!resource.subresources.some(({ name }) => name === subresource)) return null;
  if (subresource === "status") return preparationOf(strategyOf(resource), subresource);
  return PREPARATIONS[`${resource.storage}/${subresource}`] ?? null;
};

/** POST to a subresource. @throws StatusError 405 for one that is not served here. */
export const createSubresource: Poster = (core, request) => {
  const poster = POSTERS[`${request.resource.storage}/${request.subresource ?? ""}`];
  if (poster === undefined) throw methodNotSupported(groupResourceOf(request.resource), "create");
  return poster(core, request);
};

/** GET of a subresource that has the form of its object. */
export const getSubresource = (core: RegistryCore, request: GetRequest): ApiResponse => {
  const { resource, namespace, name, subresource } = request;
  if (isScale(resource, subresource)) return getScale(core, request);
  if (subresourcePreparation(resource, subresource) === null) {
    throw methodNotSupported(groupResourceOf(resource), "get");
  }
  return { code: 200, body: readObject(core.store, resource, namespace, name), warnings: [] };
};

/** PUT of a subresource. */
export const updateSubresource = (core: RegistryCore, request: UpdateRequest): ApiResponse => {
  if (isScale(request.resource, request.subresource)) return putScale(core, request);
  if (isScale(request.resource, request.subresource)) return putScale(core, request);
  const context = core.contextOf(request);
  const prepare = subresourcePreparation(context.resource, request.subresource);
  if (prepare === null) throw methodNotSupported(groupResourceOf(context.resource), "update");
  const object = updateObject(
    core,
    request.name,
    context,
    (current) => readChangedObject(request.body, current, request.options, context),
    prepare,
  );
  return { code: 200, body: object, warnings: context.warnings };
};
