import { groupResourceOf, methodNotSupported } from "../api/index.js";
import type { ApiResponse, PatchRequest } from "./api-request.js";
import type { RegistryCore } from "./registry-core.js";

/** PATCH. apiserver endpoints/handlers/patch.go, 1.34 */
export const patch = (_core: RegistryCore, request: PatchRequest): ApiResponse => {
  throw methodNotSupported(groupResourceOf(request.resource), "patch");
};
