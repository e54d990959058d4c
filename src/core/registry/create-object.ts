import { validateCreate, type KubeObject } from "../api/index.js";
import { admitCreate, checkCreate } from "./admission/index.js";
import {
  hasName,
  inNamespace,
  nameOf,
  withoutSystemFields,
  withSystemFields,
} from "./object-metadata.js";
import { nameIsTaken, refuseInvalid } from "./refusals.js";
import type { RegistryCore } from "./registry-core.js";
import type { WriteContext } from "./strategy.js";
import { asStored } from "./versions.js";

/** From a decoded object, in the version of the request, to a stored one; also how apply makes what is not there. */
export const createObject = (
  core: RegistryCore,
  incoming: KubeObject,
  context: WriteContext,
): KubeObject => {
  const { resource, namespace } = context;
  const strategy = core.strategyOf(resource);
  const wiped = withoutSystemFields(inNamespace(asStored(incoming, resource), namespace));
  const admitted = admitCreate(wiped, context);
  const named = withSystemFields(admitted, context);
  const prepared = strategy.prepareForCreate?.(named, context) ?? named;
  refuseInvalid(resource, nameOf(prepared), validateCreate(resource, prepared));
  context.warnings.push(...(strategy.warningsOnCreate?.(prepared) ?? []));
  checkCreate(prepared, context);
  const object = strategy.beginCreate?.(prepared, context) ?? prepared;
  if (!hasName(object)) throw new Error("validation let an object without a name pass");
  const existing = core.store.get(resource.storage, namespace, object.metadata.name);
  if (existing !== undefined) throw nameIsTaken(resource, object, existing);
  if (context.dryRun) return object;
  const outcome = core.store.create(resource.storage, object);
  if (outcome.kind !== "written") throw new Error(`create of a free name gave ${outcome.kind}`);
  return outcome.object;
};
