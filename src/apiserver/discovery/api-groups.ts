import { groupVersions, type ResourceDefinition } from "../../core/api/index.js";

/** A group with the versions it is served in, the preferred one first. */
export interface ApiGroup {
  /** '' for the core group. */
  readonly name: string;
  readonly versions: readonly ApiGroupVersion[];
}

export interface ApiGroupVersion {
  readonly version: string;
  readonly resources: readonly ResourceDefinition[];
}

/** Groups in discovery come by falling priority. pkg/controlplane/apiserver/aggregator.go `DefaultGenericAPIServicePriorities`, 1.34. */
const PRIORITIES: Readonly<Record<string, number>> = {
  "": 18000,
  apps: 17800,
  "events.k8s.io": 17750,
  "authentication.k8s.io": 17700,
  "authorization.k8s.io": 17600,
  autoscaling: 17500,
  batch: 17400,
  "certificates.k8s.io": 17300,
  "networking.k8s.io": 17200,
  policy: 17100,
  "rbac.authorization.k8s.io": 17000,
  "storage.k8s.io": 16800,
  "apiextensions.k8s.io": 16700,
  "admissionregistration.k8s.io": 16700,
  "scheduling.k8s.io": 16600,
  "coordination.k8s.io": 16500,
  "node.k8s.io": 16300,
  "discovery.k8s.io": 16200,
};

/** Injection token of the groups. */
export const API_GROUPS = Symbol("ApiGroups");

/** All groups that are served, in discovery's order, their resources by name. */
export function apiGroups(): readonly ApiGroup[] {
  const groups = new Map<string, ApiGroupVersion[]>();
  for (const { group, version, resources } of groupVersions()) {
    const versions = groups.get(group) ?? [];
    versions.push({ version, resources: [...resources].sort(byPlural) });
    groups.set(group, versions);
  }
  return [...groups]
    .map(([name, versions]) => ({ name, versions }))
    .sort((left, right) => priorityOf(right.name) - priorityOf(left.name));
}

function priorityOf(group: string): number {
  return PRIORITIES[group] ?? 0;
}

function byPlural(left: ResourceDefinition, right: ResourceDefinition): number {
  return left.plural < right.plural ? -1 : 1;
}
