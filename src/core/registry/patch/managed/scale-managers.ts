import type { ManagedFieldsEntry } from "../../../api/index.js";
import { difference, hasPath, isEmptySet, singlePath } from "../fields/field-set.js";
import { fieldsOf, identifierOf, sortEntries, type Entries } from "./entries.js";

const SCALE_VERSION = "autoscaling/v1";
const REPLICAS = singlePath(["spec", "replicas"]);
const REPLICAS_PATH = Object.freeze(["f:spec", "f:replicas"]);

/** Who owns the number of replicas, as the scale subresource tells it. apimachinery pkg/util/managedfields/scalehandler.go ToSubresource, 0.34 */
export function managersOfScale(parent: Entries): Entries {
  return parent.filter(ownsReplicas).map((entry) => ({
    ...entry,
    apiVersion: SCALE_VERSION,
    fieldsV1: REPLICAS,
  }));
}

/** The owners of an object after its scale was written: who came to own the number there owns it here, without a time. ToParent, same file */
export function managersAfterScale(
  parent: Entries,
  scale: Entries,
  apiVersion: string,
): ManagedFieldsEntry[] {
  const ofScale = new Map(scale.map((entry) => [keyOf(entry), entry]));
  const kept: ManagedFieldsEntry[] = [];
  for (const entry of parent) {
    if (!ownsReplicas(entry) || ofScale.delete(keyOf(entry))) {
      kept.push(entry);
      continue;
    }
    const rest = difference(fieldsOf(entry), REPLICAS);
    if (!isEmptySet(rest)) kept.push({ ...entry, fieldsV1: rest });
  }
  const added = [...ofScale.values()]
    .filter(ownsReplicas)
    .map(({ time: _time, ...entry }) => ({ ...entry, apiVersion, fieldsV1: REPLICAS }));
  return [...sortEntries([...kept, ...added])];
}

const ownsReplicas = (entry: ManagedFieldsEntry): boolean =>
  hasPath(fieldsOf(entry), REPLICAS_PATH);

/** The same manager on both sides, whose versions differ. */
const keyOf = (entry: ManagedFieldsEntry): string =>
  identifierOf({ ...entry, apiVersion: SCALE_VERSION });
