import type { Pod, PodTemplate, PodTemplateSpec } from "../../generated/core-v1.js";
import { each, labels } from "../../meta/check.js";
import { forbidden } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { nameIsDnsSubdomain } from "../../meta/names.js";
import {
  validateAnnotations,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../../meta/object-meta-validation.js";
import { validateImageSpace } from "./container-validation.js";
import { validatePodAnnotations, validateProfilesMatch } from "./pod-annotations-validation.js";
import { validatePodSpec } from "./pod-spec-validation.js";

/** pkg/apis/core/validation/validation.go ValidatePodCreate, 1.34 */
export function validatePodCreate(pod: Pod): FieldError[] {
  const errors = validatePodMetadataAndSpec(pod);
  const { ephemeralContainers = [], nodeName = "", schedulingGates = [] } = pod.spec;
  // VAL-16
  if (ephemeralContainers.length > 0) {
    errors.push(forbidden("spec.ephemeralContainers", "cannot be set on create"));
  }
  if (nodeName !== "" && schedulingGates.length > 0) {
    const detail = "cannot be set until all schedulingGates have been cleared";
    errors.push(forbidden("spec.nodeName", detail));
  }
  return [...errors, ...validateProfilesMatch(pod.metadata.annotations, pod.spec, "spec")];
}

/** What holds for a pod at any time. */
export function validatePodMetadataAndSpec(pod: Pod): FieldError[] {
  const { metadata, spec } = pod;
  return [
    ...validateObjectMeta(metadata, true, nameIsDnsSubdomain),
    ...validatePodAnnotations(metadata.annotations, spec, "metadata.annotations"),
    ...validatePodSpec(spec, metadata.name, "spec", true),
    ...tokenWithoutAccount(pod),
    ...each(spec.containers, "spec.containers", ({ image }, path) =>
      validateImageSpace(image, path),
    ),
    ...each(spec.initContainers, "spec.initContainers", ({ image }, path) =>
      validateImageSpace(image, path),
    ),
  ];
}

export function validatePodTemplateCreate(template: PodTemplate): FieldError[] {
  return [
    ...validateObjectMeta(template.metadata, true, nameIsDnsSubdomain),
    ...(template.template === undefined
      ? []
      : validatePodTemplateSpec(template.template, "template")),
  ];
}

export function validatePodTemplateUpdate(next: PodTemplate, previous: PodTemplate): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...(next.template === undefined ? [] : validatePodTemplateSpec(next.template, "template")),
  ];
}

/** The template of a workload. ValidatePodTemplateSpec, 1.34 */
export function validatePodTemplateSpec(template: PodTemplateSpec, path: string): FieldError[] {
  const { metadata = {}, spec = { containers: [] } } = template;
  const errors = [
    ...labels(metadata.labels, `${path}.labels`),
    ...validateAnnotations(metadata.annotations, `${path}.annotations`),
    ...validatePodAnnotations(metadata.annotations, spec, `${path}.annotations`),
    ...validatePodSpec(spec, "", `${path}.spec`, false),
    ...validateProfilesMatch(metadata.annotations, spec, `${path}.spec`),
  ];
  if ((spec.ephemeralContainers ?? []).length > 0) {
    const detail = "ephemeral containers not allowed in pod template";
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, detail));
  }
  return errors;
}

function tokenWithoutAccount({ spec }: Pod): FieldError[] {
  if ((spec.serviceAccountName ?? "") !== "") return [];
  return each(spec.volumes, "spec.volumes", ({ projected }, path) =>
    each(projected?.sources, `${path}.projected.sources`, ({ serviceAccountToken }, place) => {
      const detail = "must not be specified when serviceAccountName is not set";
      if (serviceAccountToken === undefined) return [];
      return [forbidden(`${place}.serviceAccountToken`, detail)];
    }),
  );
}
