import type { PatchType } from "../api-request.js";
import type { ResourceDefinition } from "../../api/index.js";
import { applyJsonPatch, unknownFieldsOfJsonPatch } from "./json-patch.js";
import type { JsonObject, JsonValue } from "./json-value.js";
import { isJsonObject } from "./json-value.js";
import { applyMergePatch } from "./merge-patch.js";
import { unprocessablePatch } from "./refusals.js";
import { applyStrategicMergePatch } from "./strategic/strategic-merge-patch.js";
import { structuralTypeOf } from "./structural-type.js";

export { applyConfiguration } from "./managed/apply-configuration.js";
export { managersAfterScale, managersOfScale } from "./managed/scale-managers.js";
export { updateManagedFields } from "./managed/update-managed-fields.js";

/**
 * The object after a patch, not yet decoded, defaulted or validated; `current` itself when the patch changes nothing. Neither argument is
 * changed, and what stays the same is shared.
 *
 * Throws StatusError: 400 malformed, 413 too many operations, 422 (JSON patch) or 500 (strategic) when it does not fit the object.
 */
export function applyPatch(
  resource: ResourceDefinition,
  patchType: Exclude<PatchType, "apply">,
  current: object,
  patchBody: unknown,
): object {
  const document = current as JsonObject;
  const patch = (patchBody ?? null) as JsonValue;
  switch (patchType) {
    case "json":
      return objectOf(applyJsonPatch(document, patch));
    case "merge":
      return applyMergePatch(document, patch);
    case "strategic":
      return applyStrategicMergePatch(document, patch, structuralTypeOf(resource.schema));
  }
}

/** What strict field validation finds in the patch itself, beside what decoding the patched object finds: texts of errors or warnings. */
export function strictPatchErrors(patchType: PatchType, patchBody: unknown): string[] {
  return patchType === "json" ? unknownFieldsOfJsonPatch((patchBody ?? null) as JsonValue) : [];
}

function objectOf(patched: JsonValue): JsonObject {
  if (isJsonObject(patched)) {
    return patched;
  }
  throw unprocessablePatch();
}
