import type { ReplicaSet, ReplicaSetSpec, ReplicaSetStatus } from "../generated/apps-v1.js";
import type { PodTemplateSpec } from "../generated/core-v1.js";
import type { LabelSelector } from "../generated/meta-v1.js";
import { validatePodTemplateSpec } from "../core-v1/validation/pod-validation.js";
import { IMMUTABLE_ERROR, nonNegative } from "../meta/check.js";
import { forbidden, invalid, notSupported, required } from "../meta/field-error.js";
import type { FieldError } from "../meta/field-error.js";
import { validateLabelSelector } from "../meta/label-selector-validation.js";
import { labelSelectorFrom } from "../meta/label-selector.js";
import { nameIsDnsSubdomain } from "../meta/names.js";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/object-meta-validation.js";
import { semanticEqual } from "../meta/semantic-equal.js";

/** pkg/apis/apps/validation/validation.go ValidateReplicaSet, 1.34 */
export function validateReplicaSetCreate({ metadata, spec }: ReplicaSet): FieldError[] {
  return [...validateObjectMeta(metadata, true, nameIsDnsSubdomain), ...specErrors(spec)];
}

/** pkg/registry/apps/replicaset/strategy.go ValidateUpdate, 1.34: it says twice what is wrong with the spec. */
export function validateReplicaSetUpdate(next: ReplicaSet, previous: ReplicaSet): FieldError[] {
  return [
    ...validateReplicaSetCreate(next),
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...specErrors(next.spec),
    ...immutableSelector(next.spec.selector, previous.spec.selector),
  ];
}

export function validateReplicaSetStatusUpdate(
  { metadata, status }: ReplicaSet,
  previous: ReplicaSet,
): FieldError[] {
  return [...validateObjectMetaUpdate(metadata, previous.metadata), ...statusErrors(status)];
}

/** What both kinds say of their selector and template. ValidateReplicaSetSpec and ValidateDeploymentSpec, 1.34 */
export function validateSelectorAndTemplate(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
): FieldError[] {
  const path = "spec.selector";
  const wrong = validateLabelSelector(selector, path);
  const errors = selector === undefined ? [required(path)] : [...wrong];
  if (selector !== undefined && isEmpty(selector)) {
    // Upstream says so of both kinds.
    errors.push(invalid(path, selector, "empty selector is invalid for deployment"));
  }
  if (wrong.length > 0) errors.push(invalid(path, selector, "invalid label selector"));
  else errors.push(...templateErrors(template ?? {}, selector));
  return errors;
}

export function immutableSelector(
  next: LabelSelector | undefined,
  previous: LabelSelector | undefined,
): FieldError[] {
  return semanticEqual(next, previous) ? [] : [invalid("spec.selector", next, IMMUTABLE_ERROR)];
}

/** None of these may be more than there are replicas. */
export function countErrors(
  status: Readonly<Partial<Record<string, unknown>>>,
  fields: readonly string[],
): FieldError[] {
  const counts = status as Readonly<Partial<Record<string, number>>>;
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = counts;
  const errors = fields.flatMap((field) => {
    const count = counts[field] ?? 0;
    const detail = "cannot be greater than status.replicas";
    return count > replicas ? [invalid(`status.${field}`, count, detail)] : [];
  });
  if (availableReplicas > readyReplicas) {
    const detail = "cannot be greater than readyReplicas";
    errors.push(invalid("status.availableReplicas", availableReplicas, detail));
  }
  return errors;
}

function specErrors(spec: ReplicaSetSpec): FieldError[] {
  return [
    ...nonNegative(spec.replicas, "spec.replicas"),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...validateSelectorAndTemplate(spec.selector, spec.template),
  ];
}

/** ValidatePodTemplateSpecForReplicaSet, 1.34 */
function templateErrors(
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
): FieldError[] {
  const path = "spec.template";
  const errors: FieldError[] = [];
  const matcher = labelSelectorFrom(selector);
  const { labels } = template.metadata ?? {};
  if (!matcher.isEmpty && !matcher.matches(labels)) {
    const detail = "`selector` does not match template `labels`";
    errors.push(invalid(`${path}.metadata.labels`, labels, detail));
  }
  errors.push(...validatePodTemplateSpec(template, path));
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {};
  if (restartPolicy !== "Always") {
    errors.push(notSupported(`${path}.spec.restartPolicy`, restartPolicy ?? "", ["Always"]));
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = "activeDeadlineSeconds in ReplicaSet is not Supported";
    errors.push(forbidden(`${path}.spec.activeDeadlineSeconds`, detail));
  }
  return errors;
}

/** ValidateReplicaSetStatus, 1.34 */
function statusErrors(status: ReplicaSetStatus): FieldError[] {
  const counts = [
    "replicas",
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
    "observedGeneration",
    "terminatingReplicas",
  ] as const;
  return [
    ...counts.flatMap((field) => nonNegative(status[field], `status.${field}`)),
    ...countErrors({ ...status }, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"]),
  ];
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;
