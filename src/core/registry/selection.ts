import {
  FieldSelector,
  LabelSelectorMatcher,
  parseFieldSelectorFor,
  parseLabelSelector,
  type KubeObject,
  type ResourceDefinition,
} from "../api/index.js";
import { keyOf, type ObjectStore } from "../store/index.js";

/** The field by which pods are indexed; a selector of one value of it looks at that node's pods alone. */
const INDEXED_FIELD = "spec.nodeName";

/** What a list or a watch is about, compiled from its parameters. */
export interface Selection {
  readonly resource: ResourceDefinition;
  /** '' for all of them. */
  readonly namespace: string;
  /** Set when one object is meant. */
  readonly name?: string;
  readonly indexValue?: string;
  /** Absent when every object of the namespace is meant. */
  readonly matches?: (object: KubeObject) => boolean;
}

export interface SelectionOptions {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** @throws StatusError 400 in the words of API-11. */
export const selectionOf = (
  resource: ResourceDefinition,
  namespace: string,
  { labelSelector = "", fieldSelector = "" }: SelectionOptions,
): Selection => {
  const labels =
    labelSelector === "" ? LabelSelectorMatcher.everything : parseLabelSelector(labelSelector);
  const fields =
    fieldSelector === ""
      ? FieldSelector.everything
      : parseFieldSelectorFor(resource, fieldSelector);
  const scope = resource.namespaced ? namespace : "";
  const name = fields.requiredValue("metadata.name");
  const indexValue = resource.storage === "pods" ? fields.requiredValue(INDEXED_FIELD) : undefined;
  return {
    resource,
    namespace: scope === "" ? (fields.requiredValue("metadata.namespace") ?? "") : scope,
    ...(name === undefined ? {} : { name }),
    ...(indexValue === undefined || indexValue === "" ? {} : { indexValue }),
    ...(labels.isEmpty && fields.isEmpty ? {} : { matches: matcher(resource, labels, fields) }),
  };
};

const matcher = (
  resource: ResourceDefinition,
  labels: LabelSelectorMatcher,
  fields: FieldSelector,
): ((object: KubeObject) => boolean) => {
  const labelsMatch = (object: KubeObject): boolean => labels.matches(object.metadata.labels);
  if (fields.isEmpty) return labelsMatch;
  return (object) => labelsMatch(object) && fields.matches(resource.selectableFields(object));
};

/** What is selected now, in key order, with the namespace's whole count of candidates left to the caller. */
export const selectNow = (store: ObjectStore, selection: Selection): KubeObject[] => {
  const { resource, namespace, name, matches } = selection;
  if (name !== undefined && (namespace !== "" || !resource.namespaced)) {
    const object = store.get(resource.storage, namespace, name);
    return object !== undefined && (matches?.(object) ?? true) ? [object] : [];
  }
  const candidates = store.list(resource.storage, namespace, selection.indexValue);
  return matches === undefined ? candidates : candidates.filter(matches);
};

export const keyOfObject = (object: KubeObject): string => keyOf(object);
