import type { ApiResponse, GetRequest } from "./api-request.js";
import { checkMinimumVersion, readObject } from "./read-object.js";
import type { RegistryCore } from "./registry-core.js";
import { getSubresource } from "./subresources/index.js";
import { asServed } from "./versions.js";

const NO_WARNINGS: readonly string[] = [];

/** GET of one object. A resourceVersion only asks for an object not older than it, and there is none newer than ours. */
export const get = (core: RegistryCore, request: GetRequest): ApiResponse => {
  const { resource, namespace, name, subresource } = request;
  if (request.resourceVersion !== undefined) {
    checkMinimumVersion(core.store, request.resourceVersion);
  }
  if (subresource !== undefined && subresource !== "status") return getSubresource(core, request);
  const object = readObject(core.store, resource, namespace, name);
  return { code: 200, body: asServed(object, resource), warnings: NO_WARNINGS };
};
