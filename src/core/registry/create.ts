import type { KubeObject } from "../api/index.js";
import { admitCreate } from "./admission/index.js";
import type { ApiResponse, CreateRequest } from "./api-request.js";
import { validateNew } from "./incoming-checks.js";
import { readNewObject } from "./incoming.js";
import { hasName, inNamespace, withoutSystemFields, withSystemFields } from "./object-metadata.js";
import { nameIsTaken, refuseInvalid } from "./refusals.js";
import type { RegistryCore } from "./registry-core.js";
import type { WriteContext } from "./strategy.js";
import { createSubresource } from "./subresources/index.js";
import { asStored, asServed } from "./versions.js";

/** POST. apiserver endpoints/handlers/create.go and registry/generic/registry/store.go Create, 1.34 */
export const create = (core: RegistryCore, request: CreateRequest): ApiResponse => {
  if (request.subresource !== undefined) return createSubresource(core, request);
  const context = core.contextOf(request);
  const incoming = readNewObject(request, context);
  const object = createObject(core, incoming, context);
  return { code: 201, body: asServed(object, context.resource), warnings: context.warnings };
};

/** From a decoded object to a stored one; also how apply makes what is not there. */
export const createObject = (
  core: RegistryCore,
  incoming: KubeObject,
  context: WriteContext,
): KubeObject => {
  const { resource, namespace } = context;
  const strategy = core.strategyOf(resource);
  const wiped = withoutSystemFields(inNamespace(incoming, namespace));
  const admitted = admitCreate(wiped, context);
  const named = withSystemFields(admitted, context);
  const prepared = strategy.prepareForCreate?.(named, context) ?? named;
  refuseInvalid(resource, prepared.metadata.name, validateNew(prepared, strategy, context));
  const object = strategy.beginCreate?.(prepared, context) ?? prepared;
  if (!hasName(object)) throw new Error("validation let an object without a name pass");
  const existing = core.store.get(resource.storage, namespace, object.metadata.name);
  if (existing !== undefined) throw nameIsTaken(resource, object, existing);
  const stored = asStored(object, resource);
  if (context.dryRun) return stored;
  const outcome = core.store.create(resource.storage, stored);
  if (outcome.kind !== "written") throw new Error(`create of a free name gave ${outcome.kind}`);
  core.afterCreate(resource, outcome.object);
  return outcome.object;
};
