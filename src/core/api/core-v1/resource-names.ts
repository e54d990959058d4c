import { qualifiedName } from "../meta/names.js";

/** What a resource name says about the resource. pkg/apis/core/helper/helpers.go, 1.34 */

const STANDARD_CONTAINER = ["cpu", "memory", "ephemeral-storage"];
const STANDARD_LIMIT_RANGE = ["pods", "persistentvolumeclaims"];
const STANDARD_QUOTA = [
  "cpu",
  "memory",
  "ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "persistentvolumeclaims",
  "configmaps",
  "services.nodeports",
  "services.loadbalancers",
];
const STANDARD = new Set([
  ...STANDARD_QUOTA,
  ...STANDARD_LIMIT_RANGE,
  "storage",
  "requests.hugepages-",
]);

/** Whole-number resources. */
const INTEGER = new Set([
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);

const HUGE_PAGES = "hugepages-";
const DEFAULT_DOMAIN = "kubernetes.io/";
const REQUESTS = "requests.";

export function isHugePageResource(name: string): boolean {
  return name.startsWith(HUGE_PAGES);
}

/** The page size of `hugepages-2Mi`; null when it is none. */
export function hugePageSize(name: string): string | null {
  return isHugePageResource(name) ? name.slice(HUGE_PAGES.length) : null;
}

/** No domain, or one of Kubernetes' own. */
export function isNativeResource(name: string): boolean {
  return !name.includes("/") || isPrefixedNativeResource(name);
}

export function isPrefixedNativeResource(name: string): boolean {
  return name.includes(DEFAULT_DOMAIN);
}

/** A limit above the request makes sense: native, but no huge pages. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePageResource(name);
}

/** Devices and the like: a foreign domain, and a name that still fits with `requests.` before it. */
export function isExtendedResource(name: string): boolean {
  if (isNativeResource(name) || name.startsWith(REQUESTS)) return false;
  return qualifiedName(REQUESTS + name).length === 0;
}

export function isStandardContainerResource(name: string): boolean {
  return STANDARD_CONTAINER.includes(name) || isHugePageResource(name);
}

export function isStandardLimitRangeType(type: string): boolean {
  return ["Pod", "Container", "PersistentVolumeClaim"].includes(type);
}

export function isStandardQuotaResource(name: string): boolean {
  return (
    STANDARD_QUOTA.includes(name) ||
    isHugePageResource(name) ||
    name.startsWith(REQUESTS + HUGE_PAGES)
  );
}

export function isStandardResource(name: string): boolean {
  return STANDARD.has(name) || isHugePageResource(name) || name.startsWith(REQUESTS + HUGE_PAGES);
}

export function isIntegerResource(name: string): boolean {
  return INTEGER.has(name);
}
