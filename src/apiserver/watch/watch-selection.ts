import {
  parseFieldSelectorFor,
  parseLabelSelector,
  type KubeObject,
  type ResourceDefinition,
} from "../../core/api/index.js";
import type { FeedFilter, ListOptions } from "../cluster-port.js";

/** Which objects a watch is about: what the feed can filter, and what is left to look at here. */
export interface WatchSelection {
  readonly filter: FeedFilter;
  readonly matches: (object: KubeObject) => boolean;
}

/** @throws StatusError 400 for a selector that can't be read (API-11). */
export function watchSelection(
  definition: ResourceDefinition,
  namespace: string,
  { labelSelector = "", fieldSelector = "" }: ListOptions,
): WatchSelection {
  const labels = labelSelector === "" ? null : parseLabelSelector(labelSelector);
  const fields = fieldSelector === "" ? null : parseFieldSelectorFor(definition, fieldSelector);
  const name = fields?.requiredValue("metadata.name");
  const scope = namespace === "" ? fields?.requiredValue("metadata.namespace") : namespace;
  return {
    filter: {
      resources: [definition.storage],
      records: null,
      ...(scope === undefined || !definition.namespaced ? {} : { namespace: scope }),
      ...(name === undefined ? {} : { name }),
    },
    matches: (object) =>
      (labels === null || labels.matches(object.metadata.labels)) &&
      (fields === null || fields.matches(definition.selectableFields(object))),
  };
}
