import type { ApiResponse, DeleteCollectionRequest } from "./api-request.js";
import { checkDeleteOptions, deleteObject } from "./delete.js";
import { list } from "./list.js";
import { isNotFound } from "./refusals.js";
import type { RegistryCore } from "./registry-core.js";

/** DELETE of a collection: answers with what it found. apiserver registry/generic/registry/store.go DeleteCollection, 1.34 */
export const removeCollection = (
  core: RegistryCore,
  request: DeleteCollectionRequest,
): ApiResponse => {
  const { resource, namespace } = request;
  checkDeleteOptions(request.options);
  const context = core.contextOf(request);
  const listed = list(core, { verb: "list", resource, namespace, options: request.list });
  if (!("items" in listed.body)) throw new Error("a list has items");
  for (const { metadata } of listed.body.items) {
    const own = { ...context, namespace: metadata.namespace ?? "" };
    try {
      deleteObject(core, metadata.name, request.options, own);
    } catch (error) {
      // The end of one object may have been the end of another.
      if (!isNotFound(error)) throw error;
    }
  }
  return { ...listed, warnings: context.warnings };
};
