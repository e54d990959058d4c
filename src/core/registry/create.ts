import type { ApiResponse, CreateRequest } from "./api-request.js";
import { createObject } from "./create-object.js";
import { readNewObject } from "./incoming.js";
import type { RegistryCore } from "./registry-core.js";
import { createSubresource } from "./subresources/index.js";
import { asServed } from "./versions.js";

/** POST. apiserver endpoints/handlers/create.go and registry/generic/registry/store.go Create, 1.34 */
export const create = (core: RegistryCore, request: CreateRequest): ApiResponse => {
  if (request.subresource !== undefined) return createSubresource(core, request);
  const context = core.contextOf(request);
  const incoming = readNewObject(request.body, request.options, context);
  const object = createObject(core, incoming, context);
  return { code: 201, body: asServed(object, context.resource), warnings: context.warnings };
};
