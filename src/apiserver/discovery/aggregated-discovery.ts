import type { ResourceDefinition, SubresourceDefinition } from "../../core/api/index.js";
import type { Conversion } from "../negotiation/media-type.js";
import type { ApiGroup } from "./api-groups.js";

/** All of discovery in one document, as clients since 1.26 ask for it. apidiscovery/v2/types.go, 1.34. */
export function aggregatedDiscovery(groups: readonly ApiGroup[], version: string): unknown {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: { name, creationTimestamp: null },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(resourceBody),
        freshness: "Current",
      })),
    })),
  };
}

export function isAggregatedDiscovery({ kind, group, version }: Conversion): boolean {
  return (
    kind === "APIGroupDiscoveryList" &&
    group === "apidiscovery.k8s.io" &&
    (version === "v2" || version === "v2beta1")
  );
}

function resourceBody(resource: ResourceDefinition): unknown {
  const { group, version, kind, plural, singular, shortNames, categories, subresources } = resource;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: resource.namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs: resource.verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0
      ? {}
      : { subresources: subresources.map((entry) => subresourceBody(resource, entry)) }),
  };
}

function subresourceBody(resource: ResourceDefinition, entry: SubresourceDefinition): unknown {
  const { name, kind, verbs, group = resource.group, version = resource.version } = entry;
  return { subresource: name, responseKind: { group, version, kind }, verbs };
}
