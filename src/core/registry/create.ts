import type { KubeObject, ObjectMeta } from "../api/index.js";
import type { ApiResponse, CreateRequest } from "./api-request.js";
import { createObject } from "./create-object.js";
import { readNewObject } from "./incoming.js";
import { plainError } from "./refusals.js";
import type { RegistryCore } from "./registry-core.js";
import { createSubresource } from "./subresources/index.js";
import { asServed } from "./versions.js";

/** POST. apiserver endpoints/handlers/create.go and registry/generic/registry/store.go Create, 1.34 */
export const create = (core: RegistryCore, request: CreateRequest): ApiResponse => {
  if (request.subresource !== undefined) return createSubresource(core, request);
  const context = core.contextOf(request);
  const incoming = readNewObject(request.body, request.options, context);
  refuseVersion(incoming);
  const object = createObject(core, incoming, context);
  return { code: 201, body: asServed(object, context.resource), warnings: context.warnings };
};

/** apiserver storage/etcd3/store.go Create, 1.34: an error without a reason. */
const refuseVersion = ({ metadata }: KubeObject): void => {
  const { resourceVersion = "" } = metadata as Partial<ObjectMeta>;
  if (resourceVersion === "" || resourceVersion === "0") return;
  throw plainError("resourceVersion should not be set on objects to be created");
};
