import type {
  LimitRange,
  LimitRangeItem,
  ResourceQuota,
  ResourceQuotaSpec,
  ScopedResourceSelectorRequirement,
} from "../../generated/core-v1.js";
import { each, qualified, requiredText } from "../../meta/check.js";
import { duplicate, forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { IMMUTABLE_ERROR } from "../../meta/check.js";
import { nameIsDnsSubdomain } from "../../meta/names.js";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../meta/object-meta-validation.js";
import { asMilli, compareQuantities, parseQuantity } from "../../meta/quantity.js";
import {
  isOvercommitAllowed,
  isStandardLimitRangeType,
  isStandardQuotaResource,
} from "../resource-names.js";
import {
  containerResourceName,
  validateResourceAmount,
  validateResourceName,
} from "./resource-validation.js";

/** Quotas and limit ranges. pkg/apis/core/validation/validation.go, 1.34 */

const SCOPES = [
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "CrossNamespacePodAffinity",
  "VolumeAttributesClass",
];
const CONFLICTING_SCOPES = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;
/** What pods use: the resources that scopes of pods can select. pkg/apis/core/helper podObjectCountQuotaResources, podComputeQuotaResources */
const POD_RESOURCES = [
  "pods",
  "cpu",
  "memory",
  "limits.cpu",
  "limits.memory",
  "requests.cpu",
  "requests.memory",
];

export function validateResourceQuotaCreate(quota: ResourceQuota): FieldError[] {
  return [
    ...validateObjectMeta(quota.metadata, true, nameIsDnsSubdomain),
    ...specErrors(quota.spec),
    ...statusErrors(quota),
  ];
}

export function validateResourceQuotaUpdate(
  next: ResourceQuota,
  previous: ResourceQuota,
): FieldError[] {
  const scopes = (quota: ResourceQuota): string => [...new Set(quota.spec.scopes)].sort().join(",");
  const changed = scopes(next) !== scopes(previous);
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...specErrors(next.spec),
    ...(changed ? [invalid("spec.scopes", next.spec.scopes, IMMUTABLE_ERROR)] : []),
  ];
}

export function validateResourceQuotaStatusUpdate(
  next: ResourceQuota,
  previous: ResourceQuota,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...requiredText(next.metadata.resourceVersion, "resourceVersion"),
    ...statusErrors(next),
  ];
}

export function validateLimitRangeCreate(range: LimitRange): FieldError[] {
  const types = new Set<string>();
  return [
    ...validateObjectMeta(range.metadata, true, nameIsDnsSubdomain),
    ...each(range.spec.limits, "spec.limits", (item, path) => {
      const repeated = types.has(item.type) ? [duplicate(`${path}.type`, item.type)] : [];
      types.add(item.type);
      return [
        ...limitTypeErrors(item.type, `${path}.type`),
        ...repeated,
        ...itemErrors(item, path),
      ];
    }),
  ];
}

export function validateLimitRangeUpdate(next: LimitRange, previous: LimitRange): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateLimitRangeCreate(next),
  ];
}

function specErrors(spec: ResourceQuotaSpec): FieldError[] {
  return [
    ...amountErrors(spec.hard, "spec.hard"),
    ...scopeErrors(spec, spec.scopes ?? []),
    ...(spec.scopeSelector?.matchExpressions ?? []).flatMap((requirement) =>
      selectorErrors(spec, requirement),
    ),
    ...conflicts(
      spec,
      (spec.scopeSelector?.matchExpressions ?? []).map(({ scopeName }) => scopeName),
      "spec.scopeSelector.matchExpressions",
    ),
  ];
}

function statusErrors({ status }: ResourceQuota): FieldError[] {
  return [...amountErrors(status.hard, "status.hard"), ...amountErrors(status.used, "status.used")];
}

function amountErrors(
  amounts: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldError[] {
  return Object.entries(amounts ?? {}).flatMap(([name, amount]) => {
    const place = `${path}[${name}]`;
    const standard = name.includes("/") || isStandardQuotaResource(name);
    return [
      ...validateResourceName(name, place),
      ...(standard ? [] : [invalid(place, name, "must be a standard resource for quota")]),
      ...validateResourceAmount(name, amount, place),
    ];
  });
}

function scopeErrors(spec: ResourceQuotaSpec, scopes: readonly string[]): FieldError[] {
  const path = "spec.scopes";
  return [
    ...scopes.flatMap((scope) => [
      ...(SCOPES.includes(scope) ? [] : [invalid(path, scopes, "unsupported scope")]),
      ...misapplied(spec, scope).map(() =>
        invalid(path, scopes, "unsupported scope applied to resource"),
      ),
    ]),
    ...conflicts(spec, scopes, path),
  ];
}

function conflicts(spec: ResourceQuotaSpec, scopes: readonly string[], path: string): FieldError[] {
  return CONFLICTING_SCOPES.filter((pair) => pair.every((scope) => scopes.includes(scope))).map(
    () => invalid(path, spec.scopes, "conflicting scopes"),
  );
}

/** Resources of the quota that a scope can't select. IsResourceQuotaScopeValidForResource, 1.34 */
function misapplied(spec: ResourceQuotaSpec, scope: string): string[] {
  const names = Object.keys(spec.hard ?? {})
    .sort()
    .filter(isStandardQuotaResource);
  if (scope === "BestEffort") return names.filter((name) => name !== "pods");
  if (scope === "VolumeAttributesClass") {
    return names.filter((name) => name !== "persistentvolumeclaims" && name !== "requests.storage");
  }
  if (!SCOPES.includes(scope)) return [];
  return names.filter((name) => !POD_RESOURCES.includes(name));
}

function selectorErrors(
  spec: ResourceQuotaSpec,
  { scopeName, operator, values = [] }: ScopedResourceSelectorRequirement,
): FieldError[] {
  const path = "spec.scopeSelector.matchExpressions";
  const errors: FieldError[] = [];
  if (!SCOPES.includes(scopeName)) {
    errors.push(invalid(`${path}.scopeName`, scopeName, "unsupported scope"));
  }
  errors.push(
    ...misapplied(spec, scopeName).map(() =>
      invalid(path, spec.scopeSelector, "unsupported scope applied to resource"),
    ),
  );
  const takesValues = scopeName === "PriorityClass" || scopeName === "VolumeAttributesClass";
  if (!takesValues && SCOPES.includes(scopeName) && operator !== "Exists") {
    const detail =
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    errors.push(invalid(`${path}.operator`, operator, detail));
  }
  return [...errors, ...operatorErrors(operator, values, path)];
}

function operatorErrors(operator: string, values: readonly string[], path: string): FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn": {
      const detail =
        "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      return values.length > 0 ? [] : [required(`${path}.values`, detail)];
    }
    case "Exists":
    case "DoesNotExist": {
      const detail =
        "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      return values.length === 0 ? [] : [invalid(`${path}.values`, values, detail)];
    }
    default:
      return [invalid(`${path}.operator`, operator, "not a valid selector operator")];
  }
}

function limitTypeErrors(type: string, path: string): FieldError[] {
  const errors = qualified(type, path);
  if (errors.length > 0 || type.includes("/") || isStandardLimitRangeType(type)) return errors;
  return [invalid(path, type, "must be a standard limit type or fully qualified")];
}

function itemErrors(item: LimitRangeItem, path: string): FieldError[] {
  const ofContainers = item.type === "Pod" || item.type === "Container";
  const nameCheck = ofContainers ? containerResourceName : validateResourceName;
  const lists = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;
  const errors: FieldError[] = [];
  for (const list of lists) {
    const amounts = item[list] ?? {};
    const isDefault = list === "default" || list === "defaultRequest";
    if (item.type === "Pod" && isDefault) {
      const detail = "may not be specified when `type` is 'Pod'";
      if (Object.keys(amounts).length > 0) errors.push(forbidden(`${path}.${list}`, detail));
      continue;
    }
    errors.push(
      ...Object.keys(amounts).flatMap((name) => nameCheck(name, `${path}.${list}[${name}]`)),
    );
  }
  const hasStorage = item.min?.storage !== undefined || item.max?.storage !== undefined;
  if (item.type === "PersistentVolumeClaim" && !hasStorage) {
    const detail = "either minimum or maximum storage value is required, but neither was provided";
    errors.push(required(`${path}.limits`, detail));
  }
  const names = new Set(lists.flatMap((list) => Object.keys(item[list] ?? {})));
  return [...errors, ...[...names].flatMap((name) => orderErrors(item, name, path))];
}

/** min ≤ defaultRequest ≤ default ≤ max. */
function orderErrors(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const isPod = item.type === "Pod";
  const values = {
    min: item.min?.[name],
    max: item.max?.[name],
    default: isPod ? undefined : item.default?.[name],
    defaultRequest: isPod ? undefined : item.defaultRequest?.[name],
  };
  type Value = keyof typeof values;
  const errors: FieldError[] = [];
  const order = (low: Value, high: Value, list: Value, shown: Value, words: [string, string]) => {
    const [small, large] = [values[low], values[high]];
    if (small === undefined || large === undefined) return;
    if (compareQuantities(parseQuantity(small), parseQuantity(large)) <= 0) return;
    const detail = `${words[0]} value ${small} is greater than ${words[1]} value ${large}`;
    errors.push(invalid(`${path}.${list}[${name}]`, values[shown], detail));
  };
  order("min", "max", "min", "min", ["min", "max"]);
  order("min", "defaultRequest", "defaultRequest", "defaultRequest", ["min", "default request"]);
  order("defaultRequest", "max", "defaultRequest", "defaultRequest", ["default request", "max"]);
  order("defaultRequest", "default", "defaultRequest", "defaultRequest", [
    "default request",
    "default limit",
  ]);
  order("min", "default", "default", "min", ["min", "default"]);
  order("default", "max", "default", "max", ["default", "max"]);
  const { default: limit, defaultRequest: request } = values;
  if (!isOvercommitAllowed(name) && limit !== undefined && request !== undefined) {
    if (compareQuantities(parseQuantity(limit), parseQuantity(request)) !== 0) {
      const detail = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
      errors.push(invalid(`${path}.defaultRequest[${name}]`, request, detail));
    }
  }
  return [...errors, ...ratioErrors(item, name, `${path}.maxLimitRequestRatio[${name}]`)];
}

function ratioErrors(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const ratio = item.maxLimitRequestRatio?.[name];
  if (ratio === undefined) return [];
  const value = asMilli(parseQuantity(ratio)) / 1000;
  const errors = value < 1 ? [invalid(path, ratio, `ratio ${ratio} is less than 1`)] : [];
  const [min, max] = [item.min?.[name], item.max?.[name]];
  if (min === undefined || max === undefined) return errors;
  const most = asMilli(parseQuantity(max)) / asMilli(parseQuantity(min));
  const detail = `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`;
  return value > most ? [...errors, invalid(path, ratio, detail)] : errors;
}
