import type { Service, ServiceSpec } from "../../generated/core-v1.js";
import { each, notSupportedIf, oneOfIfSet } from "../../meta/check.js";
import { duplicate, forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { ipErrors, isDualStack, isIpv6 } from "../../meta/ip.js";

/** Cluster IPs and their families. pkg/apis/core/validation/validation.go, 1.34 */

const CLUSTER_IPS = "spec.clusterIPs";
const FAMILIES = "spec.ipFamilies";
const FAMILY_POLICY = "spec.ipFamilyPolicy";
const POLICIES = ["PreferDualStack", "RequireDualStack", "SingleStack"];

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === "None";
}

/** ValidateServiceClusterIPsRelatedFields: also the registry's check before it gives out addresses. */
export function validateClusterIps(service: Service): FieldError[] {
  const { spec } = service;
  if (spec.type === "ExternalName") return [];
  const { clusterIPs = [], ipFamilies = [] } = spec;
  const seen = new Set<string>();
  const errors = [
    ...syncErrors(spec, clusterIPs),
    ...each(ipFamilies, FAMILIES, (family, path) => {
      const repeated = seen.has(family) ? [duplicate(path, family)] : [];
      seen.add(family);
      return [...notSupportedIf(family, path, ["IPv4", "IPv6"]), ...repeated];
    }),
    ...oneOfIfSet(spec.ipFamilyPolicy, FAMILY_POLICY, POLICIES),
  ];
  const addresses = addressErrors(clusterIPs);
  errors.push(...addresses);
  if (clusterIPs.length > 2) {
    errors.push(invalid(CLUSTER_IPS, clusterIPs, "may only hold up to 2 values"));
  }
  // With a bad address the rest would say nothing.
  if (addresses.length > 0) return errors;
  if (clusterIPs.length > 1 && !isDualStack(clusterIPs)) {
    const detail = "may specify no more than one IP for each IP family";
    errors.push(invalid(CLUSTER_IPS, clusterIPs, detail));
  }
  return isHeadless(service) ? errors : [...errors, ...familyMismatch(clusterIPs, ipFamilies)];
}

/** What may change of the addresses of a service: a second one comes and goes, the first one stays. */
export function validateClusterIpChange(next: Service, previous: Service): FieldError[] {
  if (next.spec.type === "ExternalName" || previous.spec.type === "ExternalName") return [];
  return [...clusterIpChange(next, previous), ...familyChange(next, previous)];
}

function syncErrors({ clusterIP = "" }: ServiceSpec, clusterIPs: readonly string[]): FieldError[] {
  const [first] = clusterIPs;
  if (clusterIP === "") {
    const detail = "must be empty when `clusterIP` is not specified";
    return first === undefined ? [] : [invalid(CLUSTER_IPS, clusterIPs, detail)];
  }
  if (first === undefined) return [required(CLUSTER_IPS)];
  const detail = "first value must match `clusterIP`";
  return first === clusterIP ? [] : [invalid(CLUSTER_IPS, clusterIPs, detail)];
}

function addressErrors(clusterIPs: readonly string[]): FieldError[] {
  return each(clusterIPs, CLUSTER_IPS, (address, path, index) => {
    if (index !== 0 || address !== "None") return ipErrors(address, path);
    const detail = "'None' must be the first and only value";
    return clusterIPs.length > 1 ? [invalid(CLUSTER_IPS, clusterIPs, detail)] : [];
  });
}

function familyMismatch(clusterIPs: readonly string[], families: readonly string[]): FieldError[] {
  return each(clusterIPs, CLUSTER_IPS, (address, path, index) => {
    const family = families[index];
    const actual = isIpv6(address) ? "IPv6" : "IPv4";
    if (family === undefined || family === actual) return [];
    const detail = `expected an ${family} value as indicated by \`ipFamilies[${String(index)}]\``;
    return [invalid(path, address, detail)];
  });
}

function clusterIpChange(next: Service, previous: Service): FieldError[] {
  if (isHeadless(next) && isHeadless(previous)) return [];
  const after = next.spec.clusterIPs ?? [];
  const before = previous.spec.clusterIPs ?? [];
  const changed = (index: number): FieldError =>
    invalid(`${CLUSTER_IPS}[${String(index)}]`, after, "may not change once set");
  if (after.length === before.length) {
    return before.flatMap((address, index) => (address === after[index] ? [] : [changed(index)]));
  }
  const first = before.length > 0 && after.length > 0 && before[0] !== after[0];
  const errors = first ? [changed(0)] : [];
  if (after.length > before.length) return errors;
  if (after.length === 0) {
    return [invalid(`${CLUSTER_IPS}[0]`, after, "primary clusterIP can not be unset")];
  }
  return [...errors, ...releaseErrors(next.spec, after.length, "clusterIP")];
}

function familyChange(next: Service, previous: Service): FieldError[] {
  if (isHeadless(next) || isHeadless(previous)) return [];
  const after = next.spec.ipFamilies ?? [];
  const before = previous.spec.ipFamilies ?? [];
  const changed = (shown: unknown): FieldError =>
    invalid(`${FAMILIES}[0]`, shown, "may not change once set");
  if (after.length === before.length) {
    return before.flatMap((family, index) => (family === after[index] ? [] : [changed(after)]));
  }
  const errors: FieldError[] = [];
  const released = after.length < before.length;
  if (released && (next.spec.clusterIPs ?? []).length === 0) {
    errors.push(invalid(`${FAMILIES}[0]`, after, "primary ipFamily can not be unset"));
  }
  const first = before.length > 0 && after.length > 0 && before[0] !== after[0];
  if (first) errors.push(changed(next.spec.clusterIPs));
  return released ? [...errors, ...releaseErrors(next.spec, after.length, "ipFamily")] : errors;
}

function releaseErrors(spec: ServiceSpec, left: number, what: string): FieldError[] {
  if (left !== 1 || spec.ipFamilyPolicy === "SingleStack") return [];
  const detail = `must be set to 'SingleStack' when releasing the secondary ${what}`;
  return [invalid(FAMILY_POLICY, spec.ipFamilyPolicy, detail)];
}

/** A field that stays as it was given. */
export function unchangedLoadBalancerClass(next: Service, previous: Service): FieldError[] {
  const both = next.spec.type === "LoadBalancer" && previous.spec.type === "LoadBalancer";
  const { loadBalancerClass } = next.spec;
  if (!both || loadBalancerClass === previous.spec.loadBalancerClass) return [];
  return [invalid("spec.loadBalancerClass", loadBalancerClass, "may not change once set")];
}

/** The port of the health check belongs to the service for good. */
export function unchangedHealthCheckPort(next: Service, previous: Service): FieldError[] {
  const same = next.spec.healthCheckNodePort === previous.spec.healthCheckNodePort;
  return same ? [] : [forbidden("spec.healthCheckNodePort", "field is immutable")];
}
