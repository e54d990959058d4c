import type { ObjectMeta } from "../api/index.js";
import type { ApiResponse, UpdateRequest } from "./api-request.js";
import { createObject } from "./create-object.js";
import { readChangedObject, readNewObject } from "./incoming.js";
import { withMetadata } from "./object-metadata.js";
import { objectNotFound, wrongUid } from "./refusals.js";
import type { RegistryCore } from "./registry-core.js";
import { updateSubresource } from "./subresources/index.js";
import { checkName, updateObject } from "./update-object.js";
import { asServed } from "./versions.js";

/** PUT. apiserver endpoints/handlers/update.go, 1.34 */
export const update = (core: RegistryCore, request: UpdateRequest): ApiResponse => {
  const { subresource } = request;
  if (subresource !== undefined && subresource !== "status") {
    return updateSubresource(core, request);
  }
  const context = core.contextOf(request);
  const { resource } = context;
  const existing = core.store.get(resource.storage, context.namespace, request.name);
  if (existing === undefined) {
    const mayCreate = core.strategyOf(resource).createsOnUpdate === true;
    if (!mayCreate || subresource !== undefined) throw objectNotFound(resource, request.name);
    const incoming = readNewObject(request.body, request.options, context);
    checkName(incoming, request.name);
    const { uid = "" } = incoming.metadata as Partial<ObjectMeta>;
    if (uid !== "") throw wrongUid(resource, withMetadata(incoming, { uid: "" }), uid);
    const created = createObject(core, incoming, context);
    return { code: 201, body: asServed(created, resource), warnings: context.warnings };
  }
  const object = updateObject(core, request.name, context, (current) =>
    readChangedObject(request.body, current, request.options, context),
  );
  return { code: 200, body: asServed(object, resource), warnings: context.warnings };
};
