import { createHash } from "node:crypto";
import {
  apiVersionOf,
  type ResourceDefinition,
  type SubresourceDefinition,
} from "../../core/api/index.js";
import type { ApiGroup, ApiGroupVersion } from "./api-groups.js";

/** Discovery one document at a time, as clients before 1.26 read it. endpoints/discovery/*.go, 1.34. */

/** `/api` */
export function apiVersions(host: string): unknown {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: addresses(host) };
}

/** `/apis` */
export function apiGroupList(groups: readonly ApiGroup[]): unknown {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: groups.filter(({ name }) => name !== "").map(groupBody),
  };
}

/** `/apis/{group}` */
export function apiGroup(group: ApiGroup): unknown {
  return { kind: "APIGroup", apiVersion: "v1", ...groupBody(group) };
}

/** `/api/v1`, `/apis/{group}/{version}` */
export function apiResourceList(group: ApiGroup, { version, resources }: ApiGroupVersion): unknown {
  return {
    kind: "APIResourceList",
    ...(group.name === "" ? {} : { apiVersion: "v1" }),
    groupVersion: apiVersionOf({ group: group.name, version }),
    resources: resources.flatMap((resource) => [
      resourceBody(resource),
      ...[...resource.subresources].sort(byName).map((entry) => subresourceBody(resource, entry)),
    ]),
  };
}

function groupBody({ name, versions }: ApiGroup) {
  const entries = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

function resourceBody(resource: ResourceDefinition): unknown {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    storageVersionHash: storageVersionHash(resource),
  };
}

function subresourceBody(resource: ResourceDefinition, entry: SubresourceDefinition): unknown {
  const { name, group, version, kind, verbs } = entry;
  return {
    name: `${resource.plural}/${name}`,
    singularName: "",
    namespaced: resource.namespaced,
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    kind,
    verbs,
  };
}

/** Tells clients whether two resources are stored as one. endpoints/discovery/storageversionhash.go, 1.34. */
function storageVersionHash({ group, version, kind, plural, storage }: ResourceDefinition): string {
  const storedGroup = storage === plural ? "" : group;
  const hash = createHash("sha256").update(`${storedGroup}/${version}/${kind}`).digest();
  return hash.subarray(0, 8).toString("base64");
}

function addresses(host: string): unknown {
  return [{ clientCIDR: "0.0.0.0/0", serverAddress: host }];
}

function byName(left: SubresourceDefinition, right: SubresourceDefinition): number {
  return left.name < right.name ? -1 : 1;
}
