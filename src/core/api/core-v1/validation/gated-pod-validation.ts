import type { NodeAffinity, NodeSelectorTerm, PodSpec } from "../../generated/core-v1.js";
import { invalid } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { semanticEqual } from "../../meta/semantic-equal.js";
import { omit } from "../../meta/omit.js";

const TERMS =
  "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

/**
 * VAL-22: a pod that waits behind scheduling gates may be bound to fewer nodes than before, never to more.
 * pkg/apis/core/validation/validation.go, 1.34
 * @returns what is wrong with the change, and the spec with the previous selection put back
 */
export function restoreNodeSelection(
  next: PodSpec,
  previous: PodSpec,
): { readonly spec: PodSpec; readonly errors: FieldError[] } {
  const errors = [
    ...selectorErrors(next.nodeSelector, previous.nodeSelector),
    ...affinityErrors(next.affinity?.nodeAffinity, previous.affinity?.nodeAffinity),
  ];
  const affinity = restoreAffinity(next, previous);
  return {
    errors,
    spec: {
      ...omit(next, "nodeSelector", "affinity"),
      ...(previous.nodeSelector === undefined ? {} : { nodeSelector: previous.nodeSelector }),
      ...(affinity === undefined ? {} : { affinity }),
    },
  };
}

function restoreAffinity(next: PodSpec, previous: PodSpec): PodSpec["affinity"] {
  const before = previous.affinity?.nodeAffinity;
  if (semanticEqual(before, next.affinity?.nodeAffinity)) return next.affinity;
  const others = omit(next.affinity ?? {}, "nodeAffinity");
  const nothingElse = Object.keys(others).length === 0;
  if (nothingElse && previous.affinity === undefined) return undefined;
  return before === undefined ? others : { ...others, nodeAffinity: before };
}

function selectorErrors(
  next: Readonly<Record<string, string>> = {},
  previous: Readonly<Record<string, string>> = {},
): FieldError[] {
  const kept = Object.entries(previous).every(([key, value]) => next[key] === value);
  const detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
  return kept ? [] : [invalid("spec.nodeSelector", next, detail)];
}

function affinityErrors(
  next: NodeAffinity | undefined,
  previous: NodeAffinity | undefined,
): FieldError[] {
  const before = previous?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (before === undefined || before.length === 0) return [];
  const after = next?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (after.length !== before.length) {
    const detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    return [invalid(TERMS, after, detail)];
  }
  return before.flatMap((term, index) => {
    const changed = after[index];
    if (changed === undefined || hasOnlyAdditions(changed, term)) return [];
    const detail = "only additions are allowed (no mutations or deletions)";
    return [invalid(`${TERMS}[${String(index)}]`, changed, detail)];
  });
}

function hasOnlyAdditions(next: NodeSelectorTerm, previous: NodeSelectorTerm): boolean {
  const fields = ["matchExpressions", "matchFields"] as const;
  const size = (term: NodeSelectorTerm): number =>
    fields.reduce((total, field) => total + (term[field]?.length ?? 0), 0);
  // A term without requirements matches nothing; one with some could match.
  if (size(previous) === 0) return size(next) === 0;
  return fields.every((field) => {
    const before = previous[field] ?? [];
    return semanticEqual((next[field] ?? []).slice(0, before.length), before);
  });
}
