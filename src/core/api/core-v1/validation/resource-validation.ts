import type { ResourceRequirements } from "../../generated/core-v1.js";
import { dnsLabel, each, NEGATIVE_ERROR, qualified } from "../../meta/check.js";
import {
  duplicate,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { asInteger, asMilli, compareQuantities, parseQuantity } from "../../meta/quantity.js";
import type { Quantity } from "../../meta/quantity.js";
import { isPodLevelResource } from "../pod-resources.js";
import {
  hugePageSize,
  isExtendedResource,
  isHugePageResource,
  isIntegerResource,
  isNativeResource,
  isOvercommitAllowed,
  isStandardContainerResource,
  isStandardResource,
} from "../resource-names.js";

/** Names and amounts of resources (VAL-18). pkg/apis/core/validation/validation.go, 1.34 */

type NameCheck = (name: string, path: string) => FieldError[];

export function validateContainerResources(
  requirements: ResourceRequirements | undefined,
  podClaims: readonly string[],
  path: string,
): FieldError[] {
  return requirementErrors(requirements ?? {}, containerResourceName, podClaims, path);
}

/** `spec.resources` of a pod. */
export function validatePodLevelResources(
  requirements: ResourceRequirements,
  podClaims: readonly string[],
  path: string,
): FieldError[] {
  return requirementErrors(requirements, podResourceName, podClaims, path);
}

export function validateResourceName(name: string, path: string): FieldError[] {
  const errors = qualified(name, path);
  if (errors.length > 0 || name.includes("/") || isStandardResource(name)) return errors;
  return [invalid(path, name, "must be a standard resource type or fully qualified")];
}

export function containerResourceName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes("/")) {
    return isStandardContainerResource(name)
      ? errors
      : [...errors, invalid(path, name, "must be a standard resource for containers")];
  }
  return isNativeResource(name) || isExtendedResource(name)
    ? errors
    : [...errors, invalid(path, name, "doesn't follow extended resource name standard")];
}

/** Not negative, and whole where only whole numbers make sense. */
export function validateResourceAmount(name: string, amount: string, path: string): FieldError[] {
  const quantity = parseQuantity(amount);
  const errors = quantity.nanos < 0n ? [invalid(path, amount, NEGATIVE_ERROR)] : [];
  if (isIntegerResource(name) && asMilli(quantity) % 1000 !== 0) {
    errors.push(invalid(path, amount, "must be an integer"));
  }
  return errors;
}

function podResourceName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (errors.length > 0 || isPodLevelResource(name)) return errors;
  return [notSupported(path, name, ["cpu", "hugepages-", "memory"])];
}

function requirementErrors(
  { limits = {}, requests = {}, claims = [] }: ResourceRequirements,
  nameCheck: NameCheck,
  podClaims: readonly string[],
  path: string,
): FieldError[] {
  const errors = Object.entries(limits).flatMap(([name, amount]) =>
    amountErrors(name, amount, nameCheck, `${path}.limits[${name}]`),
  );
  for (const [name, amount] of Object.entries(requests)) {
    const place = `${path}.requests[${name}]`;
    errors.push(...nameCheck(name, place), ...validateResourceAmount(name, amount, place));
    errors.push(
      ...againstLimit(name, amount, limits, path),
      ...hugePageErrors(name, amount, place),
    );
  }
  const names = Object.keys({ ...limits, ...requests });
  const compute = names.includes("cpu") || names.includes("memory");
  if (!compute && names.some(isHugePageResource)) {
    errors.push(forbidden(path, "HugePages require cpu or memory"));
  }
  return [...errors, ...claimErrors(claims, podClaims, `${path}.claims`)];
}

function amountErrors(
  name: string,
  amount: string,
  nameCheck: NameCheck,
  path: string,
): FieldError[] {
  return [
    ...nameCheck(name, path),
    ...validateResourceAmount(name, amount, path),
    ...hugePageErrors(name, amount, path),
  ];
}

function againstLimit(
  name: string,
  amount: string,
  limits: Readonly<Record<string, string>>,
  path: string,
): FieldError[] {
  const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
  const overcommit = isOvercommitAllowed(name);
  if (limit === undefined) {
    const detail = "Limit must be set for non overcommitable resources";
    return overcommit ? [] : [required(`${path}.limits`, detail)];
  }
  const order = compareQuantities(parseQuantity(amount), parseQuantity(limit));
  if (order !== 0 && !overcommit) {
    return [invalid(`${path}.requests`, amount, `must be equal to ${name} limit of ${limit}`)];
  }
  if (order <= 0) return [];
  const detail = `must be less than or equal to ${name} limit of ${limit}`;
  return [invalid(`${path}.requests`, amount, detail)];
}

function hugePageErrors(name: string, amount: string, path: string): FieldError[] {
  const size = hugePageSize(name);
  if (size === null || isMultiple(parseQuantity(amount), size)) return [];
  return [invalid(path, amount, `${amount} is not positive integer multiple of ${name}`)];
}

function isMultiple(amount: Quantity, size: string): boolean {
  if (!/^[0-9.]+[a-zA-Z]*$/.test(size)) return false;
  try {
    const page = asInteger(parseQuantity(size));
    return page > 0 && asInteger(amount) % page === 0;
  } catch {
    return false;
  }
}

/** References to spec.resourceClaims: each claim, or each request of it, once. */
function claimErrors(
  claims: NonNullable<ResourceRequirements["claims"]>,
  podClaims: readonly string[],
  path: string,
): FieldError[] {
  const seen = new Set<string>();
  return each(claims, path, ({ name, request = "" }, claimPath) => {
    if (name === "") return [required(claimPath)];
    const errors: FieldError[] = [];
    if (seen.has(name)) {
      errors.push(duplicate(claimPath, name));
    } else {
      const key = request === "" ? name : `${name}/${request}`;
      if (request !== "") errors.push(...dnsLabel(request, `${claimPath}.request`));
      if (seen.has(key)) errors.push(duplicate(claimPath, key));
      else if (request === "" && [...seen].some((other) => other.startsWith(`${name}/`))) {
        errors.push(duplicate(claimPath, name));
      }
      seen.add(key);
    }
    if (!podClaims.includes(name)) {
      const known = podClaims.length === 0 ? " which is empty" : `: ${podClaims.join(", ")}`;
      const detail = `must be one of the names in pod.spec.resourceClaims${known}`;
      errors.push(notFound(claimPath, name, detail));
    }
    return errors;
  });
}
