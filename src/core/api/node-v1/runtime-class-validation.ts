import type { RuntimeClass } from "../generated/node-v1.js";
import { dnsLabel, labels } from "../meta/check.js";
import type { FieldError } from "../meta/field-error.js";
import { nameIsDnsSubdomain } from "../meta/names.js";
import {
  validateGenericMeta,
  validateGenericMetaUpdate,
  validateImmutable,
} from "../meta/object-meta-validation.js";
import { validateContainerResources } from "../core-v1/validation/resource-validation.js";
import { validateTolerations } from "../core-v1/validation/scheduling-validation.js";

/** pkg/apis/node/validation/validation.go, 1.34 */
export function validateRuntimeClassCreate(runtimeClass: RuntimeClass): FieldError[] {
  const { handler, overhead, scheduling } = runtimeClass;
  return [
    ...validateGenericMeta(runtimeClass.metadata, false, nameIsDnsSubdomain),
    ...dnsLabel(handler, "handler"),
    ...(overhead?.podFixed === undefined
      ? []
      : validateContainerResources({ limits: overhead.podFixed }, [], "overhead")),
    ...labels(scheduling?.nodeSelector, "scheduling.nodeSelector"),
    ...validateTolerations(scheduling?.tolerations, "scheduling.tolerations"),
  ];
}

export function validateRuntimeClassUpdate(
  next: RuntimeClass,
  previous: RuntimeClass,
): FieldError[] {
  return [
    ...validateGenericMetaUpdate(next.metadata, previous.metadata),
    ...validateImmutable(next.handler, previous.handler, "handler"),
  ];
}
