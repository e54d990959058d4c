import type { ResourceDefinition } from "../../../api/index.js";
import {
  childrenOf,
  EMPTY_SET,
  FieldSetBuilder,
  isMember,
  MEMBER,
  nodeOf,
  recursiveDifference,
  singlePath,
  union,
} from "../fields/field-set.js";
import type { FieldSet } from "../fields/field-set.js";

/** Takes from a set what the strategy of the resource resets anyway, so that nobody comes to own it. */
export type FieldFilter = (set: FieldSet) => FieldSet;

/** Source: GetResetFields and GetResetFieldsFilter of the strategies in kubernetes pkg/registry, 1.34. */
export function resetFilterOf(resource: ResourceDefinition, subresource: string): FieldFilter {
  if (resource.group === "" && resource.plural === "pods" && POD_FILTERS.has(subresource)) {
    return POD_FILTERS.get(subresource) ?? keepAll;
  }
  switch (subresource) {
    case "":
      return hasStatus(resource) ? STATUS_FILTER : keepAll;
    case "status":
      return resource.plural === "deployments" ? DEPLOYMENT_STATUS_FILTER : SPEC_FILTER;
    default:
      return keepAll;
  }
}

function hasStatus(resource: ResourceDefinition): boolean {
  return resource.subresources.some(({ name }) => name === "status");
}

const keepAll: FieldFilter = (set) => set;

function without(...paths: readonly (readonly string[])[]): FieldFilter {
  const reset = paths.map(singlePath).reduce(union, EMPTY_SET);
  return (set) => recursiveDifference(set, reset);
}

const STATUS_FILTER = without(["status"]);
const SPEC_FILTER = without(["spec"]);
const DEPLOYMENT_STATUS_FILTER = without(["spec"], ["metadata", "labels"]);

const POD_FILTERS: ReadonlyMap<string, FieldFilter> = new Map([
  ["status", without(["spec"], ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"])],
  ["ephemeralcontainers", (set) => only(set, ["f:spec", "f:ephemeralContainers"])],
  [
    "resize",
    (set) =>
      ["f:containers", "f:initContainers"]
        .flatMap((list) => [
          only(set, ["f:spec", list, "*", "f:resources"]),
          only(set, ["f:spec", list, "*", "f:resizePolicy"]),
        ])
        .reduce(union, EMPTY_SET),
  ],
]);

/** What of a set lies on a path or below it; `*` is any element. Parents that are members themselves stay. */
function only(set: FieldSet, path: readonly string[]): FieldSet {
  const [wanted, ...rest] = path;
  if (wanted === undefined) {
    return set;
  }
  const builder = new FieldSetBuilder();
  for (const [element, node] of Object.entries(set)) {
    if (element !== MEMBER && (wanted === "*" || wanted === element)) {
      builder.add(element, nodeOf(isMember(node), only(childrenOf(set, element), rest)));
    }
  }
  return builder.build();
}
