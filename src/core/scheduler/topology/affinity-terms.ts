import {
  labelSelectorFrom,
  type LabelSelectorMatcher,
  type Pod,
  type PodAffinityTerm,
  type PodSpec,
  type WeightedPodAffinityTerm,
} from "../../api/index.js";

/** Labels of a namespace; none where there is no such namespace. */
export type NamespaceLabels = (namespace: string) => Readonly<Record<string, string>> | undefined;

/** What a pod wants, or does not want, to have beside it. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly selector: LabelSelectorMatcher;
  /** Null: the namespace of the pod that has the term. */
  readonly namespaces: readonly string[] | null;
  readonly namespaceSelector: LabelSelectorMatcher;
}

export interface WeightedAffinityTerm extends AffinityTerm {
  readonly weight: number;
}

export interface AffinityTerms {
  readonly required: readonly AffinityTerm[];
  readonly requiredAnti: readonly AffinityTerm[];
  readonly preferred: readonly WeightedAffinityTerm[];
  readonly preferredAnti: readonly WeightedAffinityTerm[];
}

/** Of a pod that says nothing about others. */
export const NO_TERMS: AffinityTerms = {
  required: [],
  requiredAnti: [],
  preferred: [],
  preferredAnti: [],
};

export const affinityTermsOf = ({ spec }: Pod): AffinityTerms => {
  const { podAffinity: near, podAntiAffinity: apart } = spec.affinity ?? {};
  if (near === undefined && apart === undefined) return NO_TERMS;
  const known = termsBySpec.get(spec);
  if (known !== undefined) return known;
  const terms: AffinityTerms = {
    required: (near?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(termOf),
    requiredAnti: (apart?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(termOf),
    preferred: (near?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(weightedTermOf),
    preferredAnti: (apart?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      weightedTermOf,
    ),
  };
  termsBySpec.set(spec, terms);
  return terms;
};

/** A pod's status changes far more often than its spec. */
const termsBySpec = new WeakMap<PodSpec, AffinityTerms>();

const termOf = (term: PodAffinityTerm): AffinityTerm => {
  const { namespaces = [], namespaceSelector } = term;
  const isOwn = namespaces.length === 0 && namespaceSelector === undefined;
  return {
    topologyKey: term.topologyKey,
    selector: labelSelectorFrom(term.labelSelector),
    namespaces: isOwn ? null : namespaces,
    namespaceSelector: labelSelectorFrom(namespaceSelector),
  };
};

const weightedTermOf = ({
  podAffinityTerm,
  weight,
}: WeightedPodAffinityTerm): WeightedAffinityTerm => ({
  ...termOf(podAffinityTerm),
  weight,
});

/** Whether a term of `owner` speaks of `other`. pkg/scheduler/framework/types.go AffinityTerm.Matches, 1.34 */
export const speaksOf = (
  term: AffinityTerm,
  owner: Pod,
  other: Pod,
  namespaceLabels: NamespaceLabels,
): boolean => {
  const { namespace, labels } = other.metadata;
  const isInScope =
    term.namespaces === null
      ? namespace === owner.metadata.namespace
      : term.namespaces.includes(namespace) ||
        term.namespaceSelector.matches(namespaceLabels(namespace));
  return isInScope && term.selector.matches(labels);
};

/** Whether one pod is all that the terms of `owner` ask for; no terms ask for nothing that there is. */
export const speakAllOf = (
  terms: readonly AffinityTerm[],
  owner: Pod,
  other: Pod,
  namespaceLabels: NamespaceLabels,
): boolean =>
  terms.length > 0 && terms.every((term) => speaksOf(term, owner, other, namespaceLabels));
