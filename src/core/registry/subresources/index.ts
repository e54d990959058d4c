import { groupResourceOf, methodNotSupported } from "../../api/index.js";
import type { ApiResponse, CreateRequest, GetRequest, UpdateRequest } from "../api-request.js";
import type { RegistryCore } from "../registry-core.js";
import { bind } from "./binding.js";

/** POST to a subresource. @throws StatusError 405 for one that is not served here. */
export const createSubresource = (core: RegistryCore, request: CreateRequest): ApiResponse => {
  if (request.resource.storage === "pods" && request.subresource === "binding") {
    return bind(core, request);
  }
  throw methodNotSupported(groupResourceOf(request.resource), "create");
};

/** GET of a subresource other than status. */
export const getSubresource = (_core: RegistryCore, request: GetRequest): ApiResponse => {
  throw methodNotSupported(groupResourceOf(request.resource), "get");
};

/** PUT of a subresource other than status. */
export const updateSubresource = (_core: RegistryCore, request: UpdateRequest): ApiResponse => {
  throw methodNotSupported(groupResourceOf(request.resource), "update");
};
