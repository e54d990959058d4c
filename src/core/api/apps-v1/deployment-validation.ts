import type {
  Deployment,
  DeploymentSpec,
  DeploymentStatus,
  DeploymentStrategy,
  RollingUpdateDeployment,
} from "../generated/apps-v1.js";
import { messages, nonNegative } from "../meta/check.js";
import { forbidden, invalid, notSupported, required } from "../meta/field-error.js";
import type { FieldError } from "../meta/field-error.js";
import { nameIsDnsSubdomain, percent } from "../meta/names.js";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/object-meta-validation.js";
import {
  countErrors,
  immutableSelector,
  validateSelectorAndTemplate,
} from "./replica-set-validation.js";

/** pkg/apis/apps/validation/validation.go ValidateDeployment, 1.34 */
export function validateDeploymentCreate({ metadata, spec }: Deployment): FieldError[] {
  return [...validateObjectMeta(metadata, true, nameIsDnsSubdomain), ...specErrors(spec)];
}

/** pkg/registry/apps/deployment/strategy.go ValidateUpdate, 1.34 */
export function validateDeploymentUpdate(next: Deployment, previous: Deployment): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...specErrors(next.spec),
    ...immutableSelector(next.spec.selector, previous.spec.selector),
  ];
}

/** ValidateDeploymentStatusUpdate, 1.34 */
export function validateDeploymentStatusUpdate(
  { metadata, status }: Deployment,
  previous: Deployment,
): FieldError[] {
  const errors = [
    ...validateObjectMetaUpdate(metadata, previous.metadata),
    ...statusErrors(status),
  ];
  const before = previous.status.collisionCount;
  const { collisionCount = 0 } = status;
  if (before !== undefined && collisionCount < before) {
    errors.push(invalid("status.collisionCount", collisionCount, "cannot be decremented"));
  }
  return errors;
}

/** ValidateDeploymentSpec, 1.34 */
function specErrors(spec: DeploymentSpec): FieldError[] {
  const { progressDeadlineSeconds, minReadySeconds = 0 } = spec;
  const errors = [
    ...nonNegative(spec.replicas, "spec.replicas"),
    ...validateSelectorAndTemplate(spec.selector, spec.template),
    ...strategyErrors(spec.strategy ?? {}),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...nonNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit"),
    ...nonNegative(progressDeadlineSeconds, "spec.progressDeadlineSeconds"),
  ];
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds) {
    const detail = "must be greater than minReadySeconds";
    errors.push(invalid("spec.progressDeadlineSeconds", progressDeadlineSeconds, detail));
  }
  return errors;
}

/** ValidateDeploymentStrategy, 1.34 */
function strategyErrors({ type, rollingUpdate }: DeploymentStrategy): FieldError[] {
  const path = "spec.strategy";
  const within = `${path}.rollingUpdate`;
  switch (type) {
    case "Recreate":
      return rollingUpdate === undefined
        ? []
        : [forbidden(within, "may not be specified when strategy `type` is 'Recreate'")];
    case "RollingUpdate":
      return rollingUpdate === undefined
        ? [required(within, "this should be defaulted and never be nil")]
        : rollingUpdateErrors(rollingUpdate, within);
    default: {
      // Kubernetes shows its internal form of the strategy here.
      const shown = { Type: type ?? "", RollingUpdate: internalForm(rollingUpdate) };
      return [notSupported(path, shown, ["Recreate", "RollingUpdate"])];
    }
  }
}

const internalForm = (rollingUpdate: RollingUpdateDeployment | undefined): unknown =>
  rollingUpdate === undefined
    ? null
    : {
        MaxUnavailable: rollingUpdate.maxUnavailable ?? 0,
        MaxSurge: rollingUpdate.maxSurge ?? 0,
      };

/** ValidateRollingUpdateDeployment, 1.34 */
function rollingUpdateErrors(
  { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDeployment,
  path: string,
): FieldError[] {
  const errors = [
    ...amountErrors(maxUnavailable, `${path}.maxUnavailable`),
    ...amountErrors(maxSurge, `${path}.maxSurge`),
  ];
  if (valueOf(maxUnavailable) === 0 && valueOf(maxSurge) === 0) {
    const detail = "may not be 0 when `maxSurge` is 0";
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, detail));
  }
  if (typeof maxUnavailable === "string" && isPercent(maxUnavailable)) {
    const detail = "must not be greater than 100%";
    if (valueOf(maxUnavailable) > 100)
      errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, detail));
  }
  return errors;
}

/** A count, or a percentage. ValidatePositiveIntOrPercent, 1.34 */
function amountErrors(value: number | string, path: string): FieldError[] {
  return typeof value === "number"
    ? nonNegative(value, path)
    : messages(path, value, percent(value));
}

const isPercent = (text: string): boolean => percent(text).length === 0;

/** getIntOrPercentValue, 1.34: a text that is no percentage counts as the number it begins to be. */
function valueOf(value: number | string): number {
  if (typeof value === "number") return value;
  if (isPercent(value)) return Number(value.slice(0, -1));
  return /^[+-]?\d+$/.test(value) ? Number(value) : 0;
}

/** ValidateDeploymentStatus, 1.34 */
function statusErrors(status: DeploymentStatus): FieldError[] {
  const counts = [
    "observedGeneration",
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
    "terminatingReplicas",
    "collisionCount",
  ] as const;
  return [
    ...counts.flatMap((field) => nonNegative(status[field], `status.${field}`)),
    ...countErrors({ ...status }, ["updatedReplicas", "readyReplicas", "availableReplicas"]),
  ];
}
