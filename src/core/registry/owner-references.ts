import type { KubeObject } from "../api/index.js";
import { isSameValue } from "../store/index.js";
import { withMetadata } from "./object-metadata.js";
import type { WriteContext } from "./strategy.js";

/** Owners that are named twice are kept once, with a warning. apiserver endpoints/handlers/rest.go dedupOwnerReferences, 1.34 */
export const withOwnersOnce = (
  object: KubeObject,
  { warnings }: WriteContext,
  when: "" | " after mutating admission happens",
): KubeObject => {
  const references = object.metadata.ownerReferences ?? [];
  if (references.length < 2) return object;
  const kept = references.filter(
    (reference, index) =>
      references.findIndex((earlier) => isSameValue(earlier, reference)) === index,
  );
  if (kept.length === references.length) return object;
  const repeated = references.filter((reference) => !kept.includes(reference));
  warnings.push(
    `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.map(({ uid }) => uid).join(", ")}`,
  );
  return withMetadata(object, { ownerReferences: kept });
};
