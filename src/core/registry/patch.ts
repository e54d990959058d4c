import {
  field,
  isStatusError,
  groupResourceOf,
  invalid,
  methodNotSupported,
  notFound,
  type KubeObject,
} from "../api/index.js";
import type { ApiResponse, PatchRequest } from "./api-request.js";
import { createObject } from "./create-object.js";
import { readAppliedObject, readChangedObject } from "./incoming.js";
import { applyConfiguration, applyPatch, strictPatchErrors } from "./patch/index.js";
import { formatGoValue } from "./patch/go-format.js";
import type { RegistryCore } from "./registry-core.js";
import type { WriteContext } from "./strategy.js";
import { subresourcePreparation } from "./subresources/index.js";
import { isScale, updateScale } from "./subresources/scale.js";
import { updateObject, type Change } from "./update-object.js";
import { asServed } from "./versions.js";

/** PATCH. apiserver endpoints/handlers/patch.go, 1.34 */
export const patch = (core: RegistryCore, request: PatchRequest): ApiResponse => {
  const context = core.contextOf(request);
  const { resource, namespace, warnings } = context;
  const { name, subresource } = request;
  if (isScale(resource, subresource)) return patchScale(core, request);
  const prepare = subresourcePreparation(resource, subresource);
  if (prepare === null) throw methodNotSupported(groupResourceOf(resource), "patch");
  const existing = core.store.get(resource.storage, namespace, name);
  if (existing === undefined) {
    const mayCreate = request.patchType === "apply" && subresource === undefined;
    if (!mayCreate) throw notFound(groupResourceOf(resource), name);
    const created = createObject(core, applied(request, null, context), context);
    return { code: 201, body: asServed(created, resource), warnings };
  }
  const { patchType } = request;
  const change: Change =
    patchType === "apply"
      ? (current) => applied(request, current, context)
      : (current) => patched(request, patchType, current, context);
  const object = updateObject(core, name, context, change, prepare);
  return { code: 200, body: asServed(object, resource), warnings };
};

const patchScale = (core: RegistryCore, request: PatchRequest): ApiResponse => {
  const { patchType } = request;
  return updateScale(core, request, (current, context) =>
    patchType === "apply"
      ? applied(request, current, context)
      : patched(request, patchType, current, context),
  );
};

const applied = (
  request: PatchRequest,
  live: KubeObject | null,
  context: WriteContext,
): KubeObject => {
  const { resource, subresource = "", nowMs } = context;
  const { fieldManager = "", force = false } = request.options;
  const { object } = applyConfiguration({
    resource,
    live,
    applied: request.body,
    manager: fieldManager,
    force,
    subresource,
    nowMs,
  });
  return readAppliedObject(object, live, request.options, context);
};

const patched = (
  request: PatchRequest,
  patchType: Exclude<PatchRequest["patchType"], "apply">,
  current: KubeObject,
  context: WriteContext,
): KubeObject => {
  const { body, options } = request;
  const result = applyPatch(context.resource, patchType, current, body);
  const shown = patchType === "strategic" ? formatGoValue(body as never) : null;
  const refuse = (text: string): Error =>
    invalid({ group: "", kind: "" }, "", [
      field.invalid("patch", shown ?? JSON.stringify(result), text),
    ]);
  try {
    return readChangedObject(result, current, options, context, {
      strictErrors: strictPatchErrors(patchType, body),
      refuseStrict: (texts) => refuse(`strict decoding error: ${texts.join(", ")}`),
    });
  } catch (error) {
    // What does not decode is a fault of the patch, and is said to be one.
    const text = isStatusError(error, "BadRequest") ? decodingProblem(error.message) : null;
    throw text === null ? error : refuse(text);
  }
};

/** The decoder's own words, without the preamble that a body would get. */
const decodingProblem = (message: string): string | null =>
  / cannot be handled as a \w+: (.*)$/s.exec(message)?.[1] ?? null;
