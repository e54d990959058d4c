import type {
  Affinity,
  NodeAffinity,
  PodAffinity,
  PodAffinityTerm,
} from "../../generated/core-v1.js";
import type { LabelSelector } from "../../generated/meta-v1.js";
import { dnsLabel, each, qualified } from "../../meta/check.js";
import { forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { validateLabelSelector } from "../../meta/label-selector-validation.js";
import { validateNodeSelector, validateNodeSelectorTerm } from "./node-selector-validation.js";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

/** pkg/apis/core/validation/validation.go validateAffinity, 1.34 */
export function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  if (affinity === undefined) return [];
  return [
    ...nodeAffinityErrors(affinity.nodeAffinity, `${path}.nodeAffinity`),
    ...podAffinityErrors(affinity.podAffinity, `${path}.podAffinity`),
    ...podAffinityErrors(affinity.podAntiAffinity, `${path}.podAntiAffinity`),
  ];
}

function nodeAffinityErrors(affinity: NodeAffinity | undefined, path: string): FieldError[] {
  const hard = affinity?.[REQUIRED];
  return [
    ...(hard === undefined ? [] : validateNodeSelector(hard, `${path}.${REQUIRED}`)),
    ...each(affinity?.[PREFERRED], `${path}.${PREFERRED}`, ({ weight, preference }, place) => [
      ...weightErrors(weight, `${place}.weight`),
      ...validateNodeSelectorTerm(preference, false, `${place}.preference`),
    ]),
  ];
}

function podAffinityErrors(affinity: PodAffinity | undefined, path: string): FieldError[] {
  return [
    ...each(affinity?.[REQUIRED], `${path}.${REQUIRED}`, podTermErrors),
    ...each(affinity?.[PREFERRED], `${path}.${PREFERRED}`, ({ weight, podAffinityTerm }, place) => [
      ...weightErrors(weight, `${place}.weight`),
      ...podTermErrors(podAffinityTerm, `${place}.podAffinityTerm`),
    ]),
  ];
}

function weightErrors(weight: number, path: string): FieldError[] {
  return weight > 0 && weight <= 100 ? [] : [invalid(path, weight, "must be in the range 1-100")];
}

function podTermErrors(term: PodAffinityTerm, path: string): FieldError[] {
  return [
    ...validateLabelSelector(term.labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
    ...(term.namespaces ?? []).flatMap((name) => dnsLabel(name, `${path}.namespace`)),
    ...labelKeyErrors(term, path),
    ...(term.topologyKey === "" ? [required(`${path}.topologyKey`, "can not be empty")] : []),
    ...qualified(term.topologyKey, `${path}.topologyKey`),
  ];
}

/** matchLabelKeys and mismatchLabelKeys need a selector, and neither may name what the other one or the selector names. */
function labelKeyErrors(term: PodAffinityTerm, path: string): FieldError[] {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  return [
    ...keyListErrors(matchLabelKeys, labelSelector, `${path}.matchLabelKeys`),
    ...keyListErrors(mismatchLabelKeys, labelSelector, `${path}.mismatchLabelKeys`),
    ...repeatedInSelector(matchLabelKeys, labelSelector, path),
    ...matchLabelKeys.flatMap((key, index) => {
      if (!mismatchLabelKeys.includes(key)) return [];
      const place = `${path}.matchLabelKeys[${String(index)}]`;
      return [invalid(place, key, "exists in both matchLabelKeys and mismatchLabelKeys")];
    }),
  ];
}

function keyListErrors(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: string,
): FieldError[] {
  if (keys.length === 0) return [];
  if (selector === undefined) {
    return [forbidden(path, "must not be specified when labelSelector is not set")];
  }
  return each(keys, path, qualified);
}

/** The keys were merged into the selector at creation, so one that stands there twice was given by the client, too. */
function repeatedInSelector(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: string,
): FieldError[] {
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}));
  return (selector?.matchExpressions ?? []).flatMap(({ key }) => {
    const index = keys.lastIndexOf(key);
    const repeated = index >= 0 && seen.has(key);
    seen.add(key);
    const detail = "exists in both matchLabelKeys and labelSelector";
    return repeated ? [invalid(`${path}[${String(index)}]`, key, detail)] : [];
  });
}
