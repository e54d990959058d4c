import type {
  LabelSelector,
  LabelSelectorRequirement,
  Pod,
  PodAffinity,
  PodAffinityTerm,
  TopologySpreadConstraint,
} from "../../api/index.js";

type Labels = Readonly<Record<string, string>>;

/**
 * Writes matchLabelKeys and mismatchLabelKeys into the selectors, with the values that the pod has at its creation.
 * pkg/registry/core/pod/strategy.go mutatePodAffinity and mutateTopologySpreadConstraints, 1.34
 */
export const withMatchLabelKeys = (pod: Pod): Pod => {
  const { affinity, topologySpreadConstraints } = pod.spec;
  if (affinity === undefined && topologySpreadConstraints === undefined) return pod;
  const labels = pod.metadata.labels ?? {};
  const spec = { ...pod.spec };
  if (affinity !== undefined) {
    const { podAffinity, podAntiAffinity } = affinity;
    spec.affinity = {
      ...affinity,
      ...(podAffinity === undefined ? {} : { podAffinity: inTerms(podAffinity, labels) }),
      ...(podAntiAffinity === undefined
        ? {}
        : { podAntiAffinity: inTerms(podAntiAffinity, labels) }),
    };
  }
  if (topologySpreadConstraints !== undefined) {
    spec.topologySpreadConstraints = topologySpreadConstraints.map((constraint) =>
      inConstraint(constraint, labels),
    );
  }
  return { ...pod, spec };
};

const inTerms = (affinity: PodAffinity, labels: Labels): PodAffinity => {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred,
  } = affinity;
  return {
    ...affinity,
    ...(required === undefined
      ? {}
      : {
          requiredDuringSchedulingIgnoredDuringExecution: required.map((term) =>
            inTerm(term, labels),
          ),
        }),
    ...(preferred === undefined
      ? {}
      : {
          preferredDuringSchedulingIgnoredDuringExecution: preferred.map((weighted) => ({
            ...weighted,
            podAffinityTerm: inTerm(weighted.podAffinityTerm, labels),
          })),
        }),
  };
};

const inTerm = (term: PodAffinityTerm, labels: Labels): PodAffinityTerm => {
  // An absent selector matches nothing, and stays so.
  if (term.labelSelector === undefined) return term;
  const requirements = [
    ...requirementsFor(term.matchLabelKeys, "In", labels),
    ...requirementsFor(term.mismatchLabelKeys, "NotIn", labels),
  ];
  return { ...term, labelSelector: withRequirements(term.labelSelector, requirements) };
};

const inConstraint = (
  constraint: TopologySpreadConstraint,
  labels: Labels,
): TopologySpreadConstraint => {
  if (constraint.labelSelector === undefined) return constraint;
  const requirements = requirementsFor(constraint.matchLabelKeys, "In", labels);
  return { ...constraint, labelSelector: withRequirements(constraint.labelSelector, requirements) };
};

const requirementsFor = (
  keys: readonly string[] | undefined,
  operator: "In" | "NotIn",
  labels: Labels,
): LabelSelectorRequirement[] =>
  (keys ?? []).flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });

const withRequirements = (
  selector: LabelSelector,
  requirements: LabelSelectorRequirement[],
): LabelSelector =>
  requirements.length === 0
    ? selector
    : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...requirements] };
