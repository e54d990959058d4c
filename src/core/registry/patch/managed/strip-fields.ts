import { difference, EMPTY_SET, singlePath, union } from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";

/** What nobody ever owns. Source: managedfields/internal/stripmeta.go, 1.34. */
const NEVER_OWNED: FieldSet = [
  ["apiVersion"],
  ["kind"],
  ["metadata"],
  ["metadata", "name"],
  ["metadata", "namespace"],
  ["metadata", "creationTimestamp"],
  ["metadata", "selfLink"],
  ["metadata", "uid"],
  ["metadata", "clusterName"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
]
  .map(singlePath)
  .reduce(union, EMPTY_SET);

export function withoutUnownable(fields: FieldSet): FieldSet {
  return difference(fields, NEVER_OWNED);
}
