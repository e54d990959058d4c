import type {
  PodSchedulingGate,
  Toleration,
  TopologySpreadConstraint,
} from "../../generated/core-v1.js";
import { each, messages, notSupportedIf, oneOfIfSet, qualified } from "../../meta/check.js";
import { duplicate, forbidden, invalid, notSupported, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { validateLabelSelector } from "../../meta/label-selector-validation.js";
import { labelValue } from "../../meta/names.js";

/** Tolerations, gates and spread constraints. pkg/apis/core/validation/validation.go, 1.34 */

export const TAINT_EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** VAL-23. */
export function validateTolerations(
  tolerations: Toleration[] | undefined,
  path: string,
): FieldError[] {
  return each(tolerations, path, (toleration, place) => {
    const { key = "", operator = "", effect = "", tolerationSeconds } = toleration;
    const errors = key === "" ? [] : qualified(key, `${place}.key`);
    if (key === "" && operator !== "Exists") {
      const detail =
        'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalid(`${place}.operator`, operator, detail));
    }
    if (tolerationSeconds !== undefined && effect !== "NoExecute") {
      const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
      errors.push(invalid(`${place}.effect`, effect, detail));
    }
    errors.push(...tolerationValueErrors(operator, toleration.value ?? "", `${place}.operator`));
    if (effect !== "") errors.push(...notSupportedIf(effect, `${place}.effect`, TAINT_EFFECTS));
    return errors;
  });
}

function tolerationValueErrors(operator: string, value: string, path: string): FieldError[] {
  switch (operator) {
    case "":
    case "Equal": {
      const problems = labelValue(value);
      return problems.length === 0 ? [] : [invalid(path, value, problems.join(";"))];
    }
    case "Exists":
      return value === ""
        ? []
        : [invalid(path, value, "value must be empty when `operator` is 'Exists'")];
    default:
      return [notSupported(path, operator, ["Equal", "Exists"])];
  }
}

/** Names are qualified and stand once. */
export function validateSchedulingGates(
  gates: PodSchedulingGate[] | undefined,
  path: string,
): FieldError[] {
  const seen = new Set<string>();
  return each(gates, path, ({ name }, place) => {
    const errors = qualified(name, place);
    if (seen.has(name)) errors.push(duplicate(place, name));
    seen.add(name);
    return errors;
  });
}

export function validateTopologySpread(
  constraints: TopologySpreadConstraint[] | undefined,
  path: string,
): FieldError[] {
  return each(constraints, path, (constraint, place, index) => {
    const { maxSkew, topologyKey, whenUnsatisfiable } = constraint;
    const errors: FieldError[] = [];
    if (maxSkew <= 0)
      errors.push(invalid(`${place}.maxSkew`, maxSkew, "must be greater than zero"));
    if (topologyKey === "") errors.push(required(`${place}.topologyKey`, "can not be empty"));
    errors.push(
      ...notSupportedIf(whenUnsatisfiable, `${place}.whenUnsatisfiable`, [
        "DoNotSchedule",
        "ScheduleAnyway",
      ]),
    );
    const repeated = (constraints ?? [])
      .slice(index + 1)
      .some(
        (other) =>
          other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable,
      );
    if (repeated) {
      const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
      errors.push(duplicate(`${place}.{topologyKey, whenUnsatisfiable}`, pair));
    }
    return [...errors, ...spreadDetailErrors(constraint, place)];
  });
}

function spreadDetailErrors(constraint: TopologySpreadConstraint, path: string): FieldError[] {
  const { minDomains, whenUnsatisfiable, labelSelector } = constraint;
  const errors: FieldError[] = [];
  if (minDomains !== undefined && minDomains <= 0) {
    errors.push(invalid(`${path}.minDomains`, minDomains, "must be greater than zero"));
  }
  if (minDomains !== undefined && whenUnsatisfiable !== "DoNotSchedule") {
    const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
    errors.push(invalid(`${path}.minDomains`, minDomains, detail));
  }
  const policies = ["Honor", "Ignore"];
  return [
    ...errors,
    ...oneOfIfSet(constraint.nodeAffinityPolicy, `${path}.nodeAffinityPolicy`, policies),
    ...oneOfIfSet(constraint.nodeTaintsPolicy, `${path}.nodeTaintsPolicy`, policies),
    ...matchLabelKeyErrors(constraint, `${path}.matchLabelKeys`),
    ...validateLabelSelector(labelSelector, `${path}.labelSelector`),
  ];
}

function matchLabelKeyErrors(
  { matchLabelKeys = [], labelSelector }: TopologySpreadConstraint,
  path: string,
): FieldError[] {
  if (matchLabelKeys.length === 0) return [];
  const selected = new Set([
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  const missing = forbidden(path, "must not be specified when labelSelector is not set");
  return [
    ...(labelSelector === undefined ? [missing] : []),
    ...each(matchLabelKeys, path, (key, place) => [
      ...qualified(key, place),
      ...(selected.has(key)
        ? messages(place, key, ["exists in both matchLabelKeys and labelSelector"])
        : []),
    ]),
  ];
}
