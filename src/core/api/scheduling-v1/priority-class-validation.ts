import type { PriorityClass } from "../generated/scheduling-v1.js";
import { oneOf } from "../meta/check.js";
import { forbidden } from "../meta/field-error.js";
import type { FieldError } from "../meta/field-error.js";
import { nameIsDnsSubdomain } from "../meta/names.js";
import {
  validateImmutable,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../meta/object-meta-validation.js";

/** pkg/apis/scheduling/types.go, 1.34 */
const HIGHEST_USER_PRIORITY = 1_000_000_000;
const SYSTEM_PREFIX = "system-";

/** The classes that every cluster has. pkg/apis/scheduling/v1/helpers.go, 1.34 */
export const SYSTEM_PRIORITY_CLASSES: readonly {
  readonly name: string;
  readonly value: number;
  readonly description: string;
}[] = [
  {
    name: "system-node-critical",
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
  {
    name: "system-cluster-critical",
    value: 2_000_000_000,
    description:
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
];

/** pkg/apis/scheduling/validation/validation.go, 1.34 */
export function validatePriorityClassCreate(priorityClass: PriorityClass): FieldError[] {
  const { metadata, value = 0, preemptionPolicy } = priorityClass;
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  if (metadata.name.startsWith(SYSTEM_PREFIX)) {
    const problem = systemClassProblem(priorityClass);
    const detail = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem ?? ""}`;
    if (problem !== null) errors.push(forbidden("metadata.name", detail));
  } else if (value > HIGHEST_USER_PRIORITY) {
    const most = String(HIGHEST_USER_PRIORITY);
    const detail = `maximum allowed value of a user defined priority is ${most}`;
    errors.push(forbidden("value", detail));
  }
  if (preemptionPolicy === undefined) return errors;
  const supported = ["PreemptLowerPriority", "Never"];
  return [...errors, ...oneOf(preemptionPolicy, "preemptionPolicy", supported)];
}

export function validatePriorityClassUpdate(
  next: PriorityClass,
  previous: PriorityClass,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...(next.value === previous.value
      ? []
      : [forbidden("value", "may not be changed in an update.")]),
    ...validateImmutable(next.preemptionPolicy, previous.preemptionPolicy, "preemptionPolicy"),
  ];
}

function systemClassProblem({ metadata, value, globalDefault }: PriorityClass): string | null {
  const { name } = metadata;
  const known = SYSTEM_PRIORITY_CLASSES.find((candidate) => candidate.name === name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (known.value !== value) {
    return `value of ${name} PriorityClass must be ${String(known.value)}`;
  }
  return globalDefault === true ? `globalDefault of ${name} PriorityClass must be false` : null;
}
